//! Switching servers and their monitoring; never taking samples.

use super::known::Known;
use super::{Fleet, FleetError};
use crate::auth::rules::{self, Fault, Refusal};
use crate::auth::{Allowed, Scope, may};
use crate::store::Actor;
use crate::store::tables::server::{self, ServerRow};
use common::api::patch::Patch;
use common::api::servers::{Monitoring, Server, ServerPatch};
use common::ids::ServerId;
use common::time::UnixMs;
use common::version::{Seen, Version};
use std::sync::PoisonError;

impl Fleet {
    /// Watches a server that was not watched, or the other way round.
    pub async fn toggle(
        &self,
        may: &Allowed<may::ServersWrite>,
        id: ServerId,
        seen: Seen,
    ) -> Result<(Server, Version), FleetError> {
        let who = (may.actor(), may.scope());
        self.change(who, id, seen, |row| row.enabled = !row.enabled)
            .await
    }

    /// Changes settings of a server. Who is limited to groups moves it between those alone.
    pub async fn patch(
        &self,
        may: &Allowed<may::ServersWrite>,
        id: ServerId,
        patch: ServerPatch,
        seen: Seen,
    ) -> Result<(Server, Version), FleetError> {
        let ServerPatch { group } = patch;
        check_group(may.scope(), &group)?;
        let who = (may.actor(), may.scope());
        let edit =
            |row: &mut ServerRow| row.group_name = trimmed(group).over(row.group_name.take());
        self.change(who, id, seen, edit).await
    }

    /// Starts or stops the monitoring of a server. What is so already stays untouched.
    pub async fn monitor(
        &self,
        may: &Allowed<may::MonitoringControl>,
        id: ServerId,
        wanted: Monitoring,
    ) -> Result<(Server, Version), FleetError> {
        let who = (may.actor(), may.scope());
        self.change(who, id, Seen::Any, move |row| {
            row.monitoring.0 = wanted;
        })
        .await
    }

    /// Changes a row and, when that is durable, what follows from it.
    async fn change(
        &self,
        (actor, scope): (Actor, &Scope),
        id: ServerId,
        seen: Seen,
        edit: impl FnOnce(&mut ServerRow) + Send + 'static,
    ) -> Result<(Server, Version), FleetError> {
        let _in_order = self.0.changing.lock().await;
        let (now, seen_by) = (self.0.clock.now(), scope.clone());
        let changed = self.0.store.change(&actor, move |conn| {
            let before = server::find(conn, id)?
                .filter(|row| seen_by.sees(row.group_name.as_deref()))
                .ok_or(FleetError::NotFound)?;
            if !seen.fits(Version(before.updated_at.0.0)) {
                return Err(FleetError::Changed);
            }
            let mut after = before.clone();
            edit(&mut after);
            if after != before {
                after.updated_at.0 = now.max(before.updated_at.0.plus_ms(1));
                server::update(conn, &after)?;
            }
            Ok(after)
        });
        let row = changed.await?;
        self.remember(row);
        (self.0.on_change)();
        self.with(scope, id, |known| (self.wire(known), known.version()))
            .ok_or(FleetError::NotFound)
    }

    /// Takes a committed row into memory and tells ingest whether samples are wanted.
    fn remember(&self, row: ServerRow) {
        let id = row.id.0;
        let mut servers = self
            .0
            .servers
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let host = servers.get(&id).and_then(|known| known.host.clone());
        let known = Known { row, host };
        self.0.tell_ingest(&known, None);
        servers.insert(id, known);
    }
}

/// Whether a server may be put into that group.
fn check_group(scope: &Scope, group: &Patch<String>) -> Result<(), FleetError> {
    let checked = match group {
        Patch::Keep => Ok(()),
        Patch::Clear if scope.sees(None) => Ok(()),
        Patch::Set(name) if scope.sees(Some(name.trim())) => rules::group(name),
        Patch::Clear | Patch::Set(_) => Err(Fault::NotYours),
    };
    let field = "group";
    checked.map_err(|fault| FleetError::Refused(Refusal { field, fault }))
}

fn trimmed(group: Patch<String>) -> Patch<String> {
    match group {
        Patch::Set(name) => Patch::Set(name.trim().to_owned()),
        Patch::Keep | Patch::Clear => group,
    }
}

impl super::Inner {
    /// Whether samples of a server are wanted; `last_seen_at` is what earlier runs stored.
    pub(super) fn tell_ingest(&self, known: &Known, last_seen_at: Option<UnixMs>) {
        if known.is_watched() {
            self.ingest.want(known.row.id.0, last_seen_at);
        } else {
            self.ingest.refuse(known.row.id.0, last_seen_at);
        }
    }
}
