//! The flight recorder: keeps what a server did ten minutes before and after an alert of it fired,
//! when that is past; never decides what fires.
//!
//! Time is cut into slots of ten minutes, and a slot of a server is kept once for all its alerts, so
//! that a storm of them costs no more than one. Until a slot is over, its samples are in the store.

use std::collections::BTreeSet;
use std::time::Duration;

use common::ids::ServerId;
use common::time::UnixMs;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::error::AlertError;
use super::flight::{self, Flight};
use crate::clock::Clock;
use crate::query::Engine;
use crate::store::{Actor, Store, tables};
use crate::tasks::Tasks;

const RECORDER: Actor = Actor::System("flight recorder");
/// Length of a slot.
pub(super) const SLOT_MS: i64 = 600_000;
/// What is kept before and after a firing.
const AROUND_MS: i64 = 600_000;
/// Samples come up to so much late.
const LATE_MS: i64 = 60_000;
/// Firings of this time are looked at; at a start of more, for what the last stop cut off.
const BACK_MS: i64 = 2 * 3_600_000;
const BACK_AT_START_MS: i64 = 7 * 86_400_000;
/// Time between two looks.
const EVERY: Duration = Duration::from_mins(1);

/// Keeps what is past.
#[derive(Debug, Clone)]
pub struct Recorder {
    store: Store,
    query: Engine,
    clock: Clock,
}

/// The slots around a firing.
pub(super) fn slots_around(fired_at: UnixMs) -> std::ops::RangeInclusive<i64> {
    let slot = |at: UnixMs| at.0.div_euclid(SLOT_MS);
    slot(fired_at.plus_ms(-AROUND_MS))..=slot(fired_at.plus_ms(AROUND_MS))
}

impl Recorder {
    /// A recorder of what is in `store`, whose metrics `query` answers.
    pub fn new(store: Store, query: Engine, clock: Clock) -> Self {
        Self {
            store,
            query,
            clock,
        }
    }

    /// Records until the tasks are told to stop.
    pub fn start(self, tasks: &Tasks) {
        let token = tasks.token();
        tasks.spawn("flight recorder", self.run(token));
    }

    async fn run(self, token: CancellationToken) {
        let mut looks = tokio::time::interval(EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut back_ms = BACK_AT_START_MS;
        while token.run_until_cancelled(looks.tick()).await.is_some() {
            match token.run_until_cancelled(self.turn(back_ms)).await {
                None => return,
                Some(Ok(_)) => back_ms = BACK_MS,
                Some(Err(error)) => {
                    tracing::error!(%error, "what servers did around alerts was not recorded");
                }
            }
        }
    }

    /// Records each slot around a firing of the last `back_ms` that is over and not there yet; how
    /// many.
    pub(super) async fn turn(&self, back_ms: i64) -> Result<usize, AlertError> {
        let now = self.clock.now();
        let missing = self
            .store
            .read(move |conn| {
                let mut wanted = BTreeSet::new();
                for (server, at) in tables::recording::fired_since(conn, now.plus_ms(-back_ms))? {
                    wanted.extend(slots_around(at).map(|slot| (server, slot)));
                }
                wanted.retain(|(_, slot)| (slot + 1) * SLOT_MS + LATE_MS <= now.0);
                let mut missing = Vec::new();
                for (server, slot) in wanted {
                    if tables::recording::slots(conn, server, slot..=slot)?.is_empty() {
                        missing.push((server, slot));
                    }
                }
                Ok::<_, crate::store::StoreError>(missing)
            })
            .await?;
        for (server, slot) in &missing {
            let flight = self.look(*server, *slot).await?;
            let (server, slot, body) = (*server, *slot, flight::packed(&flight)?);
            let keep = self.store.change(&RECORDER, move |conn| {
                tables::recording::insert_once(conn, server, slot, &body)
            });
            keep.await?;
        }
        Ok(missing.len())
    }

    /// Where alerts and recordings are kept.
    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// Questions about stored series.
    pub(super) fn query(&self) -> &Engine {
        &self.query
    }

    /// What the store has of a slot.
    pub(super) async fn look(&self, server: ServerId, slot: i64) -> Result<Flight, AlertError> {
        let range = slot * SLOT_MS..(slot + 1) * SLOT_MS;
        flight::read(&self.store, &self.query, server, range).await
    }

    /// A slot: as it was recorded, or what the store has of it.
    pub(super) async fn recorded(&self, server: ServerId, slot: i64) -> Result<Flight, AlertError> {
        let found = self
            .store
            .read(move |conn| tables::recording::find(conn, server, slot))
            .await?;
        match found {
            Some(body) => Ok(flight::unpacked(&body)?),
            None => self.look(server, slot).await,
        }
    }
}
