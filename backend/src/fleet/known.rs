//! A server in memory: its row, and what it is made of; never what it sent.

use super::status;
use crate::auth::Scope;
use crate::ingest::Seen;
use crate::store::tables::server::ServerRow;
use common::api::servers::{Monitoring, Server, ServerStatus};
use common::host::HostFacts;
use common::version::Version;
use std::time::Duration;

/// A server in memory.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// As it is stored.
    pub(super) row: ServerRow,
    /// What it is made of; `None` when it did not say yet.
    pub(super) host: Option<HostFacts>,
}

impl Known {
    /// Whether its samples are taken.
    pub(super) fn is_watched(&self) -> bool {
        self.row.enabled && self.row.monitoring.0 == Monitoring::Running
    }

    /// Whether it is seen in this scope.
    pub(super) fn is_in(&self, scope: &Scope) -> bool {
        scope.sees(self.row.group_name.as_deref())
    }

    /// Whether its name comes after this one; every name comes after none.
    pub(super) fn comes_after(&self, name: Option<&str>) -> bool {
        name.is_none_or(|name| self.row.name.as_str() > name)
    }

    /// Seconds between its samples, at least one.
    pub(super) fn interval_seconds(&self) -> u32 {
        u32::try_from(self.row.interval_seconds).unwrap_or(1).max(1)
    }

    /// Which version its settings have.
    pub(super) fn version(&self) -> Version {
        Version(self.row.updated_at.0.0)
    }

    /// Whether it reports, as of the monotonic time `now`.
    pub(super) fn status(&self, seen: &Seen, now: Duration) -> ServerStatus {
        if self.is_watched() {
            status::of(seen, self.interval_seconds(), now)
        } else {
            ServerStatus::Paused
        }
    }

    /// The server as the API gives it.
    pub(super) fn wire(&self, seen: &Seen, now: Duration) -> Server {
        let status = self.status(seen, now);
        let row = self.row.clone();
        Server {
            id: row.id.0,
            name: row.name,
            kind: row.kind.0,
            address: row.address,
            group: row.group_name,
            tags: row.tags.0,
            interval_seconds: self.interval_seconds(),
            enabled: row.enabled,
            monitoring: row.monitoring.0,
            status,
            health_score: status::current(seen, status).and_then(|latest| latest.health_score),
            last_seen_at: seen.last_seen_at,
            host: self.host.clone(),
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        }
    }
}
