//! Routes, policies and schedules as they stand, compiled once; never to whom an alert goes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use common::alert::{PolicyInput, RouteInput, ScheduleInput};
use common::ids::{PolicyId, RouteId, ScheduleId};
use common::time::UnixMs;

use super::on_call::OnCall;
use super::tree::Routes;
use crate::alerts::noise::{Present, documents};
use crate::store::tables::alerting_document;
use crate::store::{Connection, StoreError};

/// What says where messages go.
#[derive(Debug, Default)]
pub struct Routing {
    /// The routes.
    pub routes: Routes,
    /// The escalation policies.
    pub policies: HashMap<PolicyId, PolicyInput>,
    /// The on-call schedules that can be read.
    pub schedules: HashMap<ScheduleId, OnCall>,
}

impl Routing {
    /// Reads all of it.
    pub fn read(conn: &mut Connection, now: UnixMs) -> Result<Self, StoreError> {
        let routes = documents::<RouteInput>(conn, now)?;
        let policies = documents::<PolicyInput>(conn, now)?;
        let schedules = documents::<ScheduleInput>(conn, now)?;
        let on_call = |(id, schedule): (_, ScheduleInput)| {
            Some((ScheduleId(id), OnCall::of(&schedule).ok()?))
        };
        Ok(Self {
            routes: Routes::of(
                routes
                    .into_iter()
                    .map(|(id, it)| (RouteId(id), it))
                    .collect(),
            ),
            policies: policies
                .into_iter()
                .map(|(id, it)| (PolicyId(id), it))
                .collect(),
            schedules: schedules.into_iter().filter_map(on_call).collect(),
        })
    }
}

/// Kept for the writing thread. It is read anew when a change came before, by the book or with a
/// person who was removed.
#[derive(Debug)]
pub struct Plans {
    /// What holds alerts back.
    pub present: Present,
    routing: Mutex<Option<Kept>>,
}

/// How many changes had been made, and what all versions came to.
type Seen = (u64, i64);
type Kept = (Seen, Arc<Routing>);

impl Plans {
    /// Those whose changes `present` counts.
    pub fn new(present: Present) -> Self {
        Self {
            present,
            routing: Mutex::default(),
        }
    }

    /// What says where messages go, for work on the writing thread.
    pub fn routing(&self, conn: &mut Connection, now: UnixMs) -> Result<Arc<Routing>, StoreError> {
        let now_seen = (self.present.changes(), alerting_document::versions(conn)?);
        let mut kept = self.routing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, routing)) = kept.as_ref().filter(|(seen, _)| *seen == now_seen) {
            return Ok(Arc::clone(routing));
        }
        let routing = Arc::new(Routing::read(conn, now)?);
        *kept = Some((now_seen, Arc::clone(&routing)));
        Ok(routing)
    }
}
