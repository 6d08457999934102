//! How long to wait before the next attempt: pure; never the attempt itself.

use std::time::Duration;

const FIRST_MS: f64 = 250.0;
const LONGEST_MS: f64 = 5_000.0;

/// Waits that double from a quarter of a second to five, each shortened by up to a half by chance,
/// so that many pages do not return in the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backoff {
    attempts: u32,
}

impl Backoff {
    /// How often was waited since the last success.
    pub fn attempts(self) -> u32 {
        self.attempts
    }

    /// The next wait; `chance` lies in `0.0..1.0`.
    pub fn next(&mut self, chance: f64) -> Duration {
        let doubled = FIRST_MS * f64::from(2_u32.pow(self.attempts.min(8)));
        self.attempts = self.attempts.saturating_add(1);
        let whole = doubled.min(LONGEST_MS);
        Duration::from_secs_f64((whole - whole / 2.0 * chance.clamp(0.0, 1.0)) / 1000.0)
    }

    /// After a success the waits start anew.
    pub fn reset(&mut self) {
        self.attempts = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;

    #[test]
    fn waits_double_up_to_five_seconds() {
        let mut backoff = Backoff::default();
        let waits: Vec<u128> = (0..7).map(|_| backoff.next(0.0).as_millis()).collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 5000, 5000]);
        backoff.reset();
        assert_eq!(backoff.next(1.0).as_millis(), 125);
        for _ in 0..1000 {
            assert!(backoff.next(0.5).as_millis() <= 5000);
        }
    }
}
