//! Keeps stored samples small and for as long as they are to be kept; never takes or shows one.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::clock::Clock;
use crate::store::metrics::{Plan, Retention};
use crate::store::{Store, StoreError};
use crate::tasks::Tasks;

/// Time between two looks at what is to be packed or sealed.
const EVERY: Duration = Duration::from_secs(10);
/// Time between two clean-ups.
const CLEAN_UP_EVERY: Duration = Duration::from_hours(1);
/// Free pages that stay in the file: the frames of the next minutes need them.
const SPARE_PAGES: u32 = 1_024;

/// Packs windows, seals hours and cleans up, until the tasks are told to stop.
pub(super) fn start(tasks: &Tasks, clock: Clock, store: Store, retention: Retention) {
    let token = tasks.token();
    let mut keeper = Keeper {
        clock,
        store,
        retention,
        cleaned_up: None,
        is_held: false,
    };
    tasks.spawn("keep samples small", async move {
        let mut turns = tokio::time::interval(EVERY);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        while token.run_until_cancelled(turns.tick()).await.is_some() {
            match keeper.turn().await {
                Ok(()) => failing = false,
                // Said once: it goes on until the disk has room again.
                Err(_) if failing => {}
                Err(error) => {
                    failing = true;
                    tracing::error!(%error, "samples cannot be packed; it is tried again");
                }
            }
        }
    });
}

struct Keeper {
    clock: Clock,
    store: Store,
    retention: Retention,
    /// When, by the monotonic clock.
    cleaned_up: Option<Duration>,
    is_held: bool,
}

impl Keeper {
    async fn turn(&mut self) -> Result<(), StoreError> {
        let metrics = self.store.metrics();
        metrics.pack_windows(self.clock.now()).await?;
        let hours = metrics.seal_hours(self.clock.now()).await?;
        if hours > 0 {
            metrics.drop_layouts().await?;
            tracing::debug!(hours, "hours of samples were sealed");
        }
        let now = self.clock.monotonic();
        let is_due = |last: Duration| now.saturating_sub(last) >= CLEAN_UP_EVERY;
        if self.cleaned_up.is_none_or(is_due) {
            self.clean_up().await?;
            self.cleaned_up = Some(now);
        }
        Ok(())
    }

    async fn clean_up(&mut self) -> Result<(), StoreError> {
        let metrics = self.store.metrics();
        let plan = metrics.plan_cleanup(self.clock.now(), self.retention, false);
        match plan.await? {
            Plan::Go {
                samples_before,
                aggregates_before,
            } => {
                self.is_held = false;
                let cleaned = metrics.clean_up(samples_before, aggregates_before).await?;
                metrics.give_back_space(SPARE_PAGES).await?;
                if cleaned.packs > 0 {
                    tracing::info!(?cleaned, "old samples were removed");
                }
            }
            Plan::Held { days } if !self.is_held => {
                self.is_held = true;
                tracing::error!(
                    days,
                    "the clean-up would remove {days} days of samples at once and waits: look at \
                     the clock and at metrics.retention_days, then stop the server and run \
                     `watchpost db cleanup --confirm`"
                );
            }
            Plan::Held { .. } => {}
        }
        Ok(())
    }
}
