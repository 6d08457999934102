//! The first look at the stored servers, and the local one that is always there; never a change later.

use super::known::Known;
use super::{Fleet, FleetError, Inner};
use crate::clock::Clock;
use crate::ingest::{FiringCounts, Ingest};
use crate::store::tables::server::{self, ServerRow};
use crate::store::tables::{Blob, Json, Moment, Word};
use crate::store::{Actor, Store};
use common::api::servers::{Monitoring, ServerKind};
use common::health::HealthWeights;
use common::host::HostFacts;
use common::ids::ServerId;
use common::time::UnixMs;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use uuid::Uuid;

/// Told after servers changed. It must not wait.
pub type OnChange = Arc<dyn Fn() + Send + Sync>;

/// What the fleet is made of.
#[derive(Clone)]
pub struct Parts {
    /// Where servers are kept.
    pub store: Store,
    /// Where the time comes from.
    pub clock: Clock,
    /// Who takes their samples.
    pub ingest: Ingest,
    /// How many alerts fire on each.
    pub firing: FiringCounts,
    /// What readings and alerts cost in the score.
    pub weights: HealthWeights,
    /// Series that one server may have before a push that adds others is refused.
    pub max_series: usize,
    /// Days back for which values are taken: as long as they are kept.
    pub retention_days: u32,
    /// Told after a change.
    pub on_change: OnChange,
}

/// The machine that Watchpost runs on.
#[derive(Debug, Clone)]
pub struct LocalHost {
    /// What it is.
    pub facts: HostFacts,
    /// Seconds between its samples, as the settings say.
    pub interval_seconds: u32,
}

impl Fleet {
    /// Reads the stored servers; adds the local one on the first start.
    pub async fn open(parts: Parts, host: LocalHost) -> Result<Self, FleetError> {
        let local = local_server(&parts, &host).await?;
        let rows = parts.store.read(server::all).await?;
        let mut last_seen = HashMap::new();
        for row in &rows {
            last_seen.insert(row.id.0, last_seen_at(&parts, row.id.0).await?);
        }
        let inner = Inner {
            local,
            store: parts.store,
            clock: parts.clock,
            ingest: parts.ingest,
            firing: parts.firing,
            weights: parts.weights,
            max_series: parts.max_series,
            retention_days: parts.retention_days,
            on_change: parts.on_change,
            servers: RwLock::default(),
            changing: tokio::sync::Mutex::new(()),
        };
        let servers = rows.into_iter().map(|row| {
            let id = row.id.0;
            let facts = (id == local).then(|| host.facts.clone());
            let known = Known { row, host: facts };
            inner.tell_ingest(&known, last_seen.get(&id).copied().flatten());
            (id, known)
        });
        let servers = RwLock::new(servers.collect());
        Ok(Self(Arc::new(Inner { servers, ..inner })))
    }
}

/// When the newest stored sample of a server was taken; `None` when there is none. Pushed values
/// may lie ahead: nobody was seen later than now.
async fn last_seen_at(parts: &Parts, id: ServerId) -> Result<Option<UnixMs>, FleetError> {
    let newest = parts.store.metrics().latest(id).await?;
    Ok(newest.map(|frame| frame.at.min(parts.clock.now())))
}

/// The id of the local server, which is added when it is missing and follows the settings' interval.
async fn local_server(parts: &Parts, host: &LocalHost) -> Result<ServerId, FleetError> {
    let now = parts.clock.now();
    let row = new_local(host, now);
    let actor = Actor::System("start");
    let change = parts.store.change(&actor, move |conn| {
        let known = server::all(conn)?;
        let Some(mut local) = known
            .into_iter()
            .find(|row| row.kind.0 == ServerKind::Local)
        else {
            server::insert(conn, &row)?;
            return Ok::<_, FleetError>(row.id.0);
        };
        if local.interval_seconds != row.interval_seconds {
            local.interval_seconds = row.interval_seconds;
            local.updated_at.0 = now.max(local.updated_at.0.plus_ms(1));
            server::update(conn, &local)?;
        }
        Ok(local.id.0)
    });
    change.await
}

fn new_local(host: &LocalHost, now: UnixMs) -> ServerRow {
    ServerRow {
        id: Blob(ServerId(Uuid::now_v7())),
        name: host
            .facts
            .hostname
            .clone()
            .unwrap_or_else(|| "localhost".to_owned()),
        kind: Word(ServerKind::Local),
        address: None,
        group_name: None,
        tags: Json(Vec::new()),
        interval_seconds: i32::try_from(host.interval_seconds).unwrap_or(1),
        enabled: true,
        monitoring: Word(Monitoring::Running),
        created_at: Moment(now),
        updated_at: Moment(now),
    }
}
