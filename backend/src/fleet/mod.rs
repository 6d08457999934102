//! Servers: what is watched, up or down, monitoring switched on and off; never how samples are taken.

mod change;
mod error;
mod export;
mod exposition;
mod infrastructure;
mod known;
mod last_values;
mod open;
mod promql;
mod push;
mod readings;
mod realtime;
mod series;
mod status;

pub use error::FleetError;
pub use infrastructure::Which;
pub use open::{LocalHost, OnChange, Parts};
pub use promql::{Asking, Listing};
pub use readings::ReadingsError;

use crate::auth::{Allowed, Scope, may};
use crate::clock::Clock;
use crate::ingest::{FiringCounts, Ingest};
use crate::store::Store;
use common::api::servers::{LatestSample, ProcessList, Server};
use common::health::HealthWeights;
use common::ids::ServerId;
use common::time::UnixMs;
use common::version::Version;
use known::Known;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The watched servers. Clones share them.
#[derive(Clone)]
pub struct Fleet(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    ingest: Ingest,
    firing: FiringCounts,
    weights: HealthWeights,
    max_series: usize,
    retention_days: u32,
    on_change: OnChange,
    local: ServerId,
    servers: RwLock<HashMap<ServerId, Known>>,
    /// Held over a change and its step into memory, so that both go in the same order.
    changing: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Fleet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fleet")
            .field("local", &self.0.local)
            .finish_non_exhaustive()
    }
}

impl Fleet {
    /// The machine that Watchpost runs on.
    pub fn local(&self) -> ServerId {
        self.0.local
    }

    /// Whether there is such a server, and it is seen.
    pub fn knows(&self, scope: &Scope, id: ServerId) -> bool {
        self.with(scope, id, |_| ()).is_some()
    }

    /// The ids of all servers that are seen.
    fn ids(&self, scope: &Scope) -> Vec<ServerId> {
        self.all(scope, |known| Some(known.row.id.0))
    }

    /// How many servers are seen.
    pub fn count(&self, scope: &Scope) -> usize {
        self.ids(scope).len()
    }

    fn now(&self) -> UnixMs {
        self.0.clock.now()
    }

    /// The name of a server, for the server itself; `None` when there is none.
    pub fn name(&self, id: ServerId) -> Option<String> {
        self.with(&Scope::All, id, |known| known.row.name.clone())
    }

    /// The server of that name, for the server itself; `None` when there is none.
    pub fn of_name(&self, name: &str) -> Option<ServerId> {
        let is_meant = |known: &Known| (known.row.name == name).then_some(known.row.id.0);
        self.all(&Scope::All, is_meant).pop()
    }

    /// At most `limit` servers by name, those after the name `after`.
    pub fn list(
        &self,
        may: &Allowed<may::ServersRead>,
        after: Option<&str>,
        limit: usize,
    ) -> Vec<Server> {
        let wire = |known: &Known| known.comes_after(after).then(|| self.wire(known));
        let mut servers = self.all(may.scope(), wire);
        servers.truncate(limit);
        servers
    }

    /// A server with the version that its settings have.
    pub fn get(
        &self,
        may: &Allowed<may::ServersRead>,
        id: ServerId,
    ) -> Result<(Server, Version), FleetError> {
        self.with(may.scope(), id, |known| (self.wire(known), known.version()))
            .ok_or(FleetError::NotFound)
    }

    /// The newest sample of a server, with the processes read last.
    pub fn latest(
        &self,
        may: &Allowed<may::ServersRead>,
        id: ServerId,
    ) -> Result<LatestSample, FleetError> {
        self.must_know(may.scope(), id)?;
        let latest = self.0.ingest.seen(id).latest;
        Ok(LatestSample {
            server_id: id,
            at: latest.as_ref().map(|latest| latest.at),
            sample: latest
                .map(|latest| latest.whole().as_ref().clone())
                .unwrap_or_default(),
        })
    }

    /// The busiest processes of a server: the last reading, or the one that was the newest at `at`.
    pub async fn processes(
        &self,
        may: &Allowed<may::ServersRead>,
        id: ServerId,
        at: Option<UnixMs>,
    ) -> Result<ProcessList, FleetError> {
        self.must_know(may.scope(), id)?;
        let nothing = ProcessList {
            at: None,
            items: Vec::new(),
        };
        let Some(at) = at else {
            let latest = self.0.ingest.seen(id).latest;
            let list = latest.and_then(|latest| latest.processes.clone());
            return Ok(list.map_or(nothing, Arc::unwrap_or_clone));
        };
        let stored = self.0.store.metrics().processes_at(id, at).await?;
        Ok(stored.map_or(nothing, |(at, items)| ProcessList {
            at: Some(at),
            items,
        }))
    }

    fn must_know(&self, scope: &Scope, id: ServerId) -> Result<(), FleetError> {
        self.with(scope, id, |_| ()).ok_or(FleetError::NotFound)
    }

    /// A server as the API gives it, as of now.
    fn wire(&self, known: &Known) -> Server {
        let seen = self.0.ingest.seen(known.row.id.0);
        known.wire(&seen, self.0.clock.monotonic())
    }

    /// What `look` sees of a server; `None` when there is none, or it is not seen.
    fn with<T>(&self, scope: &Scope, id: ServerId, look: impl FnOnce(&Known) -> T) -> Option<T> {
        let servers = self
            .0
            .servers
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        servers.get(&id).filter(|it| it.is_in(scope)).map(look)
    }

    /// What `look` sees of the servers that are seen, by name.
    fn all<T>(&self, scope: &Scope, look: impl FnMut(&Known) -> Option<T>) -> Vec<T> {
        let servers = self
            .0
            .servers
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let seen = servers.values().filter(|known| known.is_in(scope));
        let mut known: Vec<&Known> = seen.collect();
        known.sort_by(|a, b| a.row.name.cmp(&b.row.name));
        known.into_iter().filter_map(look).collect()
    }
}

#[cfg(test)]
mod tests;
