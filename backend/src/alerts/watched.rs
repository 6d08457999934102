//! The servers as the rules see them; never their samples.

use std::collections::HashMap;
use std::time::Duration;

use common::api::servers::{Monitoring, ServerKind};
use common::ids::ServerId;

use crate::store::tables::server::ServerRow;
use crate::store::{Store, StoreError, tables};

/// A server that rules may look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Watched {
    /// Its id.
    pub(super) id: ServerId,
    /// Its name.
    pub(super) name: String,
    /// Its group; `None` when it is in none.
    pub(super) group: Option<String>,
    /// Seconds between its samples.
    pub(super) interval_seconds: u32,
    /// The machine that Watchpost runs on.
    pub(super) is_local: bool,
    /// Enabled, and its monitoring runs.
    pub(super) is_active: bool,
    /// Since when rules look at it; monotonic.
    pub(super) active_since: Duration,
    /// When it was last heard of, never before `active_since`; monotonic.
    pub(super) heard_at: Duration,
}

/// All servers.
#[derive(Debug, Default)]
pub(super) struct Servers(HashMap<ServerId, Watched>);

impl Servers {
    /// The server, when rules may look at it now.
    pub(super) fn active(&self, id: ServerId) -> Option<&Watched> {
        self.0.get(&id).filter(|server| server.is_active)
    }

    /// Whether the server is known at all.
    pub(super) fn knows(&self, id: ServerId) -> bool {
        self.0.contains_key(&id)
    }

    /// Every server that rules may look at now.
    pub(super) fn all_active(&self) -> impl Iterator<Item = &Watched> {
        self.0.values().filter(|server| server.is_active)
    }

    /// Notes that something came from a server.
    pub(super) fn heard(&mut self, id: ServerId, now: Duration) {
        if let Some(server) = self.0.get_mut(&id) {
            server.heard_at = now;
        }
    }

    /// Reads them anew. The silence of a server that was not active before counts from now.
    pub(super) async fn reload(&mut self, store: &Store, now: Duration) -> Result<(), StoreError> {
        let rows = store.read(tables::server::all).await?;
        let before = std::mem::take(&mut self.0);
        self.0 = rows
            .into_iter()
            .map(|row| {
                let known = before.get(&row.id.0).filter(|known| known.is_active);
                let since = known.map_or(now, |known| known.active_since);
                let heard_at = known.map_or(now, |known| known.heard_at);
                (row.id.0, watched(row, since, heard_at))
            })
            .collect();
        Ok(())
    }
}

fn watched(row: ServerRow, active_since: Duration, heard_at: Duration) -> Watched {
    Watched {
        id: row.id.0,
        name: row.name,
        group: row.group_name,
        interval_seconds: u32::try_from(row.interval_seconds).unwrap_or(1),
        is_local: row.kind.0 == ServerKind::Local,
        is_active: row.enabled && row.monitoring.0 == Monitoring::Running,
        active_since,
        heard_at,
    }
}
