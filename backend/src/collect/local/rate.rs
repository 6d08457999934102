//! From two readings of a counter to a rate; never a reading itself.

use common::units::bytes_f64;
use std::time::Duration;

/// Seconds between two turns; `None` on the first one, or when no time passed.
pub(super) fn seconds_between(before: Option<Duration>, now: Duration) -> Option<f64> {
    let seconds = now.checked_sub(before?)?.as_secs_f64();
    (seconds > 0.0).then_some(seconds)
}

/// How much a counter grew each second.
/// `None` without an earlier reading, and when it went back: it started again at an unknown moment.
pub(super) fn per_second(before: Option<u64>, now: u64, seconds: Option<f64>) -> Option<f64> {
    let grown = now.checked_sub(before?)?;
    Some(bytes_f64(grown) / seconds?)
}

/// Share of `seconds` that a counter of seconds grew by, 0 to 100.
pub(super) fn busy_percent(before: Option<f64>, now: f64, seconds: Option<f64>) -> Option<f64> {
    let grown = now - before?;
    (grown >= 0.0).then_some((100.0 * grown / seconds?).min(100.0))
}

#[cfg(test)]
mod tests {
    use super::{busy_percent, per_second, seconds_between};
    use std::time::Duration;

    #[test]
    fn a_counter_gives_a_rate_from_its_second_reading() {
        for (before, now, seconds, rate) in [
            (Some(100), 300, Some(2.0), Some(100.0)),
            (Some(100), 100, Some(1.0), Some(0.0)),
            (None, 300, Some(2.0), None),
            (Some(100), 300, None, None),
            (Some(300), 100, Some(1.0), None),
        ] {
            assert_eq!(
                per_second(before, now, seconds),
                rate,
                "{before:?} {now} {seconds:?}"
            );
        }
    }

    #[test]
    fn busy_time_is_a_share_of_the_time_between() {
        for (before, now, seconds, percent) in [
            (Some(1.0), 1.5, Some(1.0), Some(50.0)),
            (Some(1.0), 2.01, Some(1.0), Some(100.0)),
            (Some(2.0), 1.0, Some(1.0), None),
            (None, 1.0, Some(1.0), None),
        ] {
            assert_eq!(
                busy_percent(before, now, seconds),
                percent,
                "{before:?} {now}"
            );
        }
    }

    #[test]
    fn no_time_is_no_basis_for_a_rate() {
        let second = Duration::from_secs(1);
        assert_eq!(seconds_between(Some(second), second * 3), Some(2.0));
        assert_eq!(seconds_between(Some(second), second), None);
        assert_eq!(seconds_between(None, second), None);
    }
}
