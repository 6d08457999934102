//! Time as a value; the only place that reads a clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use common::time::UnixMs;

/// Where the parts get the time from: the system's clocks, or one that a test moves.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    System { started: Instant },
    Fixed(Arc<Moved>),
}

#[derive(Debug)]
struct Moved {
    now: AtomicI64,
    /// Milliseconds since it was made.
    passed: AtomicI64,
}

impl Clock {
    /// The machine's own clocks.
    #[expect(clippy::disallowed_methods, reason = "the one home of the clock")]
    pub fn system() -> Self {
        Self(Kind::System {
            started: Instant::now(),
        })
    }

    /// A clock that stands at `now` until [`Clock::advance`] moves it. Clones move together.
    pub fn fixed(now: UnixMs) -> Self {
        Self(Kind::Fixed(Arc::new(Moved {
            now: AtomicI64::new(now.0),
            passed: AtomicI64::new(0),
        })))
    }

    /// Moves a fixed clock forward; the system's clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Kind::Fixed(moved) = &self.0 {
            moved.now.fetch_add(millis(by), Ordering::SeqCst);
            moved.passed.fetch_add(millis(by), Ordering::SeqCst);
        }
    }

    /// Sets the wall clock of a fixed clock, as somebody does whose time is wrong: no time passes.
    pub fn set(&self, now: UnixMs) {
        if let Kind::Fixed(moved) = &self.0 {
            moved.now.store(now.0, Ordering::SeqCst);
        }
    }

    /// The wall clock. It may jump in both directions.
    #[expect(clippy::disallowed_methods, reason = "the one home of the clock")]
    pub fn now(&self) -> UnixMs {
        match &self.0 {
            Kind::System { .. } => match SystemTime::now().duration_since(UNIX_EPOCH) {
                Ok(since) => UnixMs(millis(since)),
                Err(before) => UnixMs(-millis(before.duration())),
            },
            Kind::Fixed(moved) => UnixMs(moved.now.load(Ordering::SeqCst)),
        }
    }

    /// Time since this clock was made; never goes back. For rates and durations.
    pub fn monotonic(&self) -> Duration {
        match &self.0 {
            Kind::System { started } => started.elapsed(),
            Kind::Fixed(moved) => {
                let passed = moved.passed.load(Ordering::SeqCst);
                Duration::from_millis(u64::try_from(passed).unwrap_or(0))
            }
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told_and_with_its_clones() {
        let clock = Clock::fixed(UnixMs(1_000));
        let clone = clock.clone();
        assert_eq!(clock.now(), UnixMs(1_000));
        clone.advance(Duration::from_secs(2));
        assert_eq!(clock.now(), UnixMs(3_000));
        assert_eq!(clock.monotonic(), Duration::from_secs(2));
        clone.set(UnixMs(0));
        assert_eq!(clock.now(), UnixMs(0));
        assert_eq!(clock.monotonic(), Duration::from_secs(2));
    }

    #[test]
    fn the_system_clock_is_in_this_century() {
        assert!(Clock::system().now() > UnixMs::parse("2020-01-01T00:00:00Z").unwrap());
    }
}
