//! Keeps the picture of each alert from when it fired; never decides what it shows or who sees it.
//!
//! What has no picture is found in the store, so that a crash loses none.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use common::ids::AlertId;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::error::PictureError;
use super::pictures::Pictures;
use super::theme::Look;
use crate::clock::Clock;
use crate::store::{Actor, Store, StoreError, tables};
use crate::tasks::Tasks;

const KEEPER: Actor = Actor::System("pictures");
/// So long after the firing it is drawn: it shows what came then, and samples come late.
const SETTLED_MS: i64 = 60_000;
/// What fired earlier has none: a picture of now would not show what was then.
const BACK_MS: i64 = 86_400_000;
/// Pictures that are drawn in a turn, one after the other.
pub(super) const TURN: usize = 20;
/// Time between two turns.
const EVERY: Duration = Duration::from_secs(30);

/// Draws and keeps what has no picture yet.
#[derive(Debug)]
pub struct Keeper {
    store: Store,
    pictures: Pictures,
    clock: Clock,
    /// How often what cannot be drawn was tried.
    tries: BTreeMap<AlertId, u32>,
}

impl Keeper {
    /// Keeps in `store` what `pictures` draws.
    pub fn new(store: Store, pictures: Pictures, clock: Clock) -> Self {
        Self {
            store,
            pictures,
            clock,
            tries: BTreeMap::new(),
        }
    }

    /// Keeps pictures until the tasks are told to stop.
    pub fn start(self, tasks: &Tasks) {
        let token = tasks.token();
        tasks.spawn("pictures of alerts", self.run(token));
    }

    async fn run(mut self, token: CancellationToken) {
        let mut looks = tokio::time::interval(EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while token.run_until_cancelled(looks.tick()).await.is_some() {
            if let Some(Err(error)) = token.run_until_cancelled(self.turn()).await {
                tracing::error!(%error, "which alerts have no picture could not be read");
            }
        }
    }

    /// Draws and keeps pictures that are missing, up to [`TURN`]; how many are kept now.
    pub(super) async fn turn(&mut self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let fired = now.plus_ms(-BACK_MS)..=now.plus_ms(-SETTLED_MS);
        // What cannot be drawn may be the oldest: others are found behind it.
        let limit = i64::try_from(TURN + self.tries.len()).unwrap_or(i64::MAX);
        let read = self
            .store
            .read(move |conn| tables::alert_picture::missing(conn, fired, limit));
        let mut missing = read.await?;
        let found: BTreeSet<AlertId> = missing.iter().copied().collect();
        self.tries.retain(|id, _| found.contains(id));
        // What was tried least comes first, so that what cannot be drawn blocks nothing.
        missing.sort_by_key(|id| self.tries.get(id).copied().unwrap_or(0));
        let mut kept = 0;
        for id in missing.into_iter().take(TURN) {
            match self.keep(id).await {
                Ok(()) => {
                    self.tries.remove(&id);
                    kept += 1;
                }
                Err(error) => self.note(id, &error),
            }
        }
        Ok(kept)
    }

    async fn keep(&self, id: AlertId) -> Result<(), PictureError> {
        let picture = self.pictures.of(id, Look::Light).await?;
        let at = self.clock.now();
        let keep = self.store.change(&KEEPER, move |conn| {
            tables::alert_picture::insert_once(conn, id, &picture.png, at)
        });
        Ok(keep.await?)
    }

    /// Remembers that there is no picture; the log says it once.
    fn note(&mut self, id: AlertId, error: &PictureError) {
        let tries = self.tries.entry(id).or_default();
        if *tries == 0 {
            tracing::warn!(
                alert = %id,
                %error,
                "the picture of an alert was not kept; it is tried again"
            );
        }
        *tries = tries.saturating_add(1);
    }
}
