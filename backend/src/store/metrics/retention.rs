//! How far a clean-up may go; pure: never a database, never a clock.

use common::time::UnixMs;

use crate::config::metrics::MetricsConfig;
pub use crate::query::DAY_MS;

/// How long what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Days of samples and processes.
    pub samples_days: u32,
    /// Days of hourly aggregates.
    pub aggregates_days: u32,
}

impl From<&MetricsConfig> for Retention {
    fn from(config: &MetricsConfig) -> Self {
        Self {
            samples_days: config.retention_days,
            aggregates_days: config.aggregate_retention_days,
        }
    }
}

/// What a clean-up does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// It removes samples and aggregates from before these moments.
    Go {
        /// Samples and processes.
        samples_before: i64,
        /// Aggregates.
        aggregates_before: i64,
    },
    /// It removes nothing until a person confirms: so many days of samples would go at once, which
    /// is what a clock that jumped looks like.
    Held {
        /// Whole days beyond the last clean-up.
        days: i64,
    },
}

/// What may go at `now`. `oldest` is the time of the oldest sample or list; where there is none,
/// `last` tells how far the last clean-up of what is left went. More than a day beyond is held,
/// unless a person `confirmed`. (The last one alone is no measure: the clock may have been wrong.)
pub(super) fn plan(
    now: UnixMs,
    retention: Retention,
    last: Option<i64>,
    oldest: Option<i64>,
    confirmed: bool,
) -> Plan {
    let before = |days: u32| now.0.saturating_sub(i64::from(days) * DAY_MS);
    let samples_before = before(retention.samples_days);
    let gone_before = oldest.or(last);
    let beyond = gone_before.map_or(0, |gone| samples_before.saturating_sub(gone));
    if beyond > DAY_MS && !confirmed {
        return Plan::Held {
            days: beyond / DAY_MS,
        };
    }
    Plan::Go {
        samples_before,
        aggregates_before: before(retention.aggregates_days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: Retention = Retention {
        samples_days: 30,
        aggregates_days: 365,
    };

    fn go(days: i64) -> Plan {
        Plan::Go {
            samples_before: days * DAY_MS,
            aggregates_before: (days + 30 - 365) * DAY_MS,
        }
    }

    /// In days.
    fn plan_of(now: i64, last: Option<i64>, oldest: Option<i64>, confirmed: bool) -> Plan {
        let day = |days: i64| days * DAY_MS;
        let (last, oldest) = (last.map(day), oldest.map(day));
        plan(UnixMs(day(now)), KEPT, last, oldest, confirmed)
    }

    #[test]
    fn a_day_goes_by_itself() {
        for (name, now, last, oldest, expected) in [
            ("an empty store", 500, None, None, go(470)),
            ("a young store", 500, None, Some(495), go(470)),
            ("an hour after the last", 500, Some(470), Some(470), go(470)),
            ("a day after the last", 501, Some(470), Some(470), go(471)),
            ("a clock that went back", 400, Some(470), Some(470), go(370)),
            ("nothing older is left", 866, Some(470), Some(840), go(836)),
        ] {
            assert_eq!(plan_of(now, last, oldest, false), expected, "{name}");
        }
    }

    #[test]
    fn more_waits_for_a_person() {
        for (name, now, gone, days) in [
            ("a clock a year ahead", 866, 470, 366),
            ("a shorter retention than before", 500, 400, 70),
        ] {
            for (last, oldest) in [
                (Some(gone), Some(gone)),
                // Only hourly aggregates are left.
                (Some(gone), None),
                // The last clean-up had a wrong clock and found nothing yet.
                (Some(now - 30), Some(gone)),
            ] {
                let held = plan_of(now, last, oldest, false);
                assert_eq!(held, Plan::Held { days }, "{name} {last:?} {oldest:?}");
                let confirmed = plan_of(now, last, oldest, true);
                assert_eq!(confirmed, go(now - 30), "{name}");
            }
        }
    }
}
