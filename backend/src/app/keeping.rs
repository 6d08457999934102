//! Packs the samples of each window soon after its end; never what the jobs do.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::clock::Clock;
use crate::store::Store;
use crate::tasks::Tasks;

/// Time between two looks at what is to be packed.
const EVERY: Duration = Duration::from_secs(10);

/// Packs windows until the tasks are told to stop. That is no job: memory would fill without it.
pub(super) fn start(tasks: &Tasks, clock: Clock, store: Store) {
    let token = tasks.token();
    tasks.spawn("pack samples", async move {
        let mut turns = tokio::time::interval(EVERY);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        while token.run_until_cancelled(turns.tick()).await.is_some() {
            match store.metrics().pack_windows(clock.now()).await {
                Ok(_) => failing = false,
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
