//! The clockwork of the local collector: a sample at each full interval; never what happens to it.

use super::{LocalCollector, Readings};
use crate::clock::Clock;
use common::time::UnixMs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Ticks that come this late still count as being on time.
const ON_TIME_MS: i64 = 100;

/// A sample with the moment it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// The full interval at which it was taken, or the exact time when that was late.
    pub at: UnixMs,
    /// What was read.
    pub readings: Readings,
}

/// Takes samples of this host until it is told to stop.
pub struct Sampler {
    /// What is read.
    pub collector: LocalCollector,
    /// Both clocks: the wall's for the moment, the monotonic one for rates.
    pub clock: Clock,
    /// Time between two samples.
    pub interval: Duration,
    /// Set while somebody looks at this host: processes are then read in every turn.
    pub watched: Arc<AtomicBool>,
    /// Where samples go. When it is full a sample is lost rather than the turn held up.
    pub out: mpsc::Sender<Taken>,
    /// How many samples were lost that way.
    pub lost: Arc<AtomicU64>,
}

impl Sampler {
    /// Samples until `stop` is cancelled or nobody takes samples any more.
    /// Turns that were missed are skipped, not made up for.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            let pause = until_next(self.clock.now(), self.interval);
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            // Reading blocks for milliseconds, so it happens beside the tasks.
            let turn = tokio::task::spawn_blocking(move || {
                let taken = self.turn();
                (self, taken)
            });
            let taken;
            (self, taken) = match turn.await {
                Ok(done) => done,
                Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                Err(_) => return,
            };
            match self.out.try_send(taken) {
                Ok(()) => {}
                Err(mpsc::error::TrySendError::Full(lost)) => {
                    self.lost.fetch_add(1, Ordering::Relaxed);
                    tracing::warn!(at = %lost.at, "a sample of this host was lost: storing is too slow");
                }
                Err(mpsc::error::TrySendError::Closed(_)) => return,
            }
        }
    }

    fn turn(&mut self) -> Taken {
        let at = stamp(self.clock.now(), self.interval);
        let watched = self.watched.load(Ordering::Relaxed);
        let readings = self.collector.sample(self.clock.monotonic(), watched);
        Taken { at, readings }
    }
}

fn interval_ms(interval: Duration) -> i64 {
    i64::try_from(interval.as_millis())
        .unwrap_or(i64::MAX)
        .max(1)
}

/// Time to the next full interval of the wall clock, but at least a quarter of one:
/// a tick that came a little early is not followed by a second one.
fn until_next(now: UnixMs, interval: Duration) -> Duration {
    let interval = interval_ms(interval);
    let rest = interval - now.0.rem_euclid(interval);
    let pause = if rest < interval / 4 {
        rest + interval
    } else {
        rest
    };
    Duration::from_millis(pause.unsigned_abs())
}

/// The full interval that has just begun; the exact time when the tick came late.
fn stamp(now: UnixMs, interval: Duration) -> UnixMs {
    let late = now.0.rem_euclid(interval_ms(interval));
    if late <= ON_TIME_MS {
        UnixMs(now.0 - late)
    } else {
        now
    }
}

#[cfg(test)]
mod tests {
    use super::{stamp, until_next};
    use common::time::UnixMs;
    use std::time::Duration;

    #[test]
    fn ticks_are_at_full_intervals() {
        for (now, interval_s, pause_ms) in [
            (10_000, 1, 1_000),
            (10_003, 1, 997),
            (10_700, 1, 300),
            (10_800, 1, 1_200),
            (9_999, 1, 1_001),
            (12_000, 5, 3_000),
            (-500, 1, 500),
        ] {
            let pause = until_next(UnixMs(now), Duration::from_secs(interval_s));
            assert_eq!(
                pause,
                Duration::from_millis(pause_ms),
                "{now} every {interval_s} s"
            );
        }
    }

    #[test]
    fn a_punctual_sample_stands_for_the_full_interval() {
        for (now, at) in [
            (10_000, 10_000),
            (10_004, 10_000),
            (10_100, 10_000),
            (10_101, 10_101),
        ] {
            assert_eq!(stamp(UnixMs(now), Duration::from_secs(1)), UnixMs(at));
        }
    }
}
