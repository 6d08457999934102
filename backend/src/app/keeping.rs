//! Keeps stored samples small while the server runs; never takes or shows one.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::clock::Clock;
use crate::store::Store;
use crate::tasks::Tasks;

/// Time between two looks at what is to be packed or sealed.
const EVERY: Duration = Duration::from_secs(10);

/// Packs windows and seals hours as they end, until the tasks are told to stop.
pub(super) fn start(tasks: &Tasks, clock: Clock, store: Store) {
    let token = tasks.token();
    tasks.spawn("keep samples small", async move {
        let mut turns = tokio::time::interval(EVERY);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        while token.run_until_cancelled(turns.tick()).await.is_some() {
            match turn(&clock, &store).await {
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

async fn turn(clock: &Clock, store: &Store) -> Result<(), crate::store::StoreError> {
    let metrics = store.metrics();
    metrics.pack_windows(clock.now()).await?;
    let hours = metrics.seal_hours(clock.now()).await?;
    if hours > 0 {
        metrics.drop_layouts().await?;
        tracing::debug!(hours, "hours of samples were sealed");
    }
    Ok(())
}
