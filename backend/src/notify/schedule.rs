//! When a message is tried again, and when no more; pure, never a clock: a jump of it gives up nothing.

use std::time::Duration;

/// What is waited after the first attempts: they are at 0, 0.3, 1, 2.5, 4.5, 15 and 60 s. The fifth ends
/// within the 5 s that are promised while a provider fails one request in ten.
const FIRST_MS: [u64; 6] = [300, 700, 1_500, 2_000, 10_500, 45_000];
/// Then twice as long each time, up to this.
const THEN_MS: u64 = 120_000;
const LONGEST_MS: u64 = 900_000;
/// All waits together.
const WHOLE_MS: u64 = 24 * 3_600_000;
/// A message does not wait longer for a channel that fails while another would take it.
pub(super) const PATIENCE: Duration = Duration::from_mins(2);

/// What follows when that many attempts, at least one, have failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wait {
    /// Until the next attempt.
    pub(super) next: Duration,
    /// All waits, with that one.
    pub(super) whole: Duration,
}

/// What is waited after that many attempts, at least one; `None` when a day of them is over.
pub(super) fn wait(attempts: u32) -> Option<Wait> {
    let (mut whole, mut next) = (0, 0);
    for attempt in 1..=attempts {
        next = after(attempt);
        whole += next;
        if whole > WHOLE_MS {
            return None;
        }
    }
    Some(Wait {
        next: Duration::from_millis(next),
        whole: Duration::from_millis(whole),
    })
}

impl Wait {
    /// The same, but not shorter than the provider wants it.
    pub(super) fn at_least(self, wanted: Duration) -> Self {
        let more = wanted.saturating_sub(self.next);
        Self {
            next: self.next + more,
            whole: self.whole + more,
        }
    }
}

fn after(attempt: u32) -> u64 {
    let index = attempt.saturating_sub(1) as usize;
    if let Some(first) = FIRST_MS.get(index) {
        return *first;
    }
    let doublings = u32::try_from(index - FIRST_MS.len()).unwrap_or(u32::MAX);
    let factor = 2_u64.checked_pow(doublings).unwrap_or(u64::MAX);
    THEN_MS.saturating_mul(factor).min(LONGEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_near_first_and_end_after_a_day() {
        let mut at = Duration::ZERO;
        let mut moments = vec![0];
        let mut attempts = 1;
        while let Some(wait) = wait(attempts) {
            at += wait.next;
            assert_eq!(wait.whole, at);
            moments.push(at.as_millis());
            attempts += 1;
        }
        let begin = [
            0, 300, 1_000, 2_500, 4_500, 15_000, 60_000, 180_000, 420_000, 900_000, 1_800_000,
        ];
        assert_eq!(moments[..begin.len()], begin);
        assert_eq!(at.as_secs(), 24 * 3_600, "after {attempts} attempts");
    }

    #[test]
    fn a_provider_may_ask_for_more_and_never_for_less() {
        let second = wait(2).unwrap();
        let (next, whole) = (Duration::from_millis(700), Duration::from_secs(1));
        assert_eq!(second, Wait { next, whole });
        assert_eq!(second.at_least(Duration::from_millis(5)), second);
        let (next, whole) = (Duration::from_mins(1), Duration::from_millis(60_300));
        assert_eq!(second.at_least(next), Wait { next, whole });
    }
}
