//! Switching servers and their monitoring; never taking samples.

use super::known::Known;
use super::{Fleet, FleetError};
use crate::auth::{Allowed, may};
use crate::store::Actor;
use crate::store::tables::server::{self, ServerRow};
use common::api::servers::{Monitoring, Server};
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
        self.change(may.actor(), id, seen, |row| row.enabled = !row.enabled)
            .await
    }

    /// Starts or stops the monitoring of a server. What is so already stays untouched.
    pub async fn monitor(
        &self,
        may: &Allowed<may::MonitoringControl>,
        id: ServerId,
        wanted: Monitoring,
    ) -> Result<(Server, Version), FleetError> {
        self.change(may.actor(), id, Seen::Any, move |row| {
            row.monitoring.0 = wanted;
        })
        .await
    }

    /// Changes a row and, when that is durable, what follows from it.
    async fn change(
        &self,
        actor: Actor,
        id: ServerId,
        seen: Seen,
        edit: impl FnOnce(&mut ServerRow) + Send + 'static,
    ) -> Result<(Server, Version), FleetError> {
        let _in_order = self.0.changing.lock().await;
        let now = self.0.clock.now();
        let changed = self.0.store.change(&actor, move |conn| {
            let before = server::find(conn, id)?.ok_or(FleetError::NotFound)?;
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
        self.with(id, |known| (self.wire(known), known.version()))
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
