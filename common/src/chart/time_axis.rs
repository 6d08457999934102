//! The time axis: round moments of the viewer's day with their labels; never a clock.

use super::spec::TimeWindow;
use crate::time::UnixMs;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The distances that ticks may have, in milliseconds.
const STEPS: [i64; 19] = [
    SECOND,
    5 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    28 * DAY,
];

/// A tick of the time axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeTick {
    /// When.
    pub at: UnixMs,
    /// Its label in the viewer's time.
    pub label: String,
}

/// The viewer's time zone and way of writing times.
pub trait LocalTime {
    /// What is added to UTC at that moment, in milliseconds.
    fn offset_ms(&self, at: UnixMs) -> i64;

    /// The time of day, with seconds where asked for.
    fn time_of_day(&self, at: UnixMs, with_seconds: bool) -> String {
        let local = at.0 + self.offset_ms(at);
        let of_day = local.rem_euclid(DAY);
        let (hour, minute) = (of_day / HOUR, of_day / MINUTE % 60);
        if with_seconds {
            format!("{hour:02}:{minute:02}:{:02}", of_day / SECOND % 60)
        } else {
            format!("{hour:02}:{minute:02}")
        }
    }

    /// The day of the month: `21 Nov`.
    fn day(&self, at: UnixMs) -> String {
        let local = UnixMs(at.0 + self.offset_ms(at)).to_rfc3339();
        let month = match local.get(5..7) {
            Some("01") => "Jan",
            Some("02") => "Feb",
            Some("03") => "Mar",
            Some("04") => "Apr",
            Some("05") => "May",
            Some("06") => "Jun",
            Some("07") => "Jul",
            Some("08") => "Aug",
            Some("09") => "Sep",
            Some("10") => "Oct",
            Some("11") => "Nov",
            _ => "Dec",
        };
        let day = local.get(8..10).unwrap_or_default();
        format!("{} {month}", day.trim_start_matches('0'))
    }
}

/// Coordinated universal time, 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UtcTime;

impl LocalTime for UtcTime {
    fn offset_ms(&self, _at: UnixMs) -> i64 {
        0
    }
}

/// At most `most` ticks at round moments of the viewer's day; a day's name stands at midnight.
pub fn time_ticks(window: TimeWindow, most: usize, zone: &dyn LocalTime) -> Vec<TimeTick> {
    let most = i64::try_from(most.max(1)).unwrap_or(i64::MAX);
    let step = STEPS
        .into_iter()
        .find(|step| window.span_ms() / step <= most)
        .unwrap_or(28 * DAY);
    let offset = zone.offset_ms(window.from);
    let first = (window.from.0 + offset + step - 1).div_euclid(step) * step;
    (0_i64..=most + 1)
        .map(|index| {
            let local = first + index * step;
            let at = UnixMs(local - offset);
            // Where the clocks change inside the window the round moment moves along.
            UnixMs(local - zone.offset_ms(at))
        })
        .filter(|at| window.holds(*at))
        .map(|at| TimeTick {
            at,
            label: label(at, step, zone),
        })
        .collect()
}

fn label(at: UnixMs, step: i64, zone: &dyn LocalTime) -> String {
    let is_midnight = (at.0 + zone.offset_ms(at)).rem_euclid(DAY) == 0;
    if step >= DAY || (is_midnight && step >= MINUTE) {
        zone.day(at)
    } else {
        zone.time_of_day(at, step < MINUTE)
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, HOUR, LocalTime, MINUTE, SECOND, UtcTime, time_ticks};
    use crate::chart::TimeWindow;
    use crate::time::UnixMs;

    /// India: half an hour off the full hour.
    struct Kolkata;
    impl LocalTime for Kolkata {
        fn offset_ms(&self, _at: UnixMs) -> i64 {
            5 * HOUR + 30 * MINUTE
        }
    }

    /// A zone that goes back an hour at 01:00 UTC.
    struct Autumn;
    impl LocalTime for Autumn {
        fn offset_ms(&self, at: UnixMs) -> i64 {
            if at.0 < NOON - 11 * HOUR {
                2 * HOUR
            } else {
                HOUR
            }
        }
    }

    /// 2026-10-25T12:00:00Z.
    const NOON: i64 = 1_792_929_600_000;

    fn labels(span_ms: i64, zone: &dyn LocalTime) -> Vec<String> {
        time_ticks(TimeWindow::ending(UnixMs(NOON + 7_000), span_ms), 6, zone)
            .into_iter()
            .map(|tick| tick.label)
            .collect()
    }

    #[test]
    fn ticks_stand_at_round_moments() {
        for (span, expected) in [
            (
                5 * SECOND,
                "12:00:02 12:00:03 12:00:04 12:00:05 12:00:06 12:00:07",
            ),
            (20 * SECOND, "11:59:50 11:59:55 12:00:00 12:00:05"),
            (MINUTE, "11:59:15 11:59:30 11:59:45 12:00:00"),
            (5 * MINUTE, "11:56 11:57 11:58 11:59 12:00"),
            (HOUR, "11:10 11:20 11:30 11:40 11:50 12:00"),
            (6 * HOUR, "07:00 08:00 09:00 10:00 11:00 12:00"),
            (24 * HOUR, "18:00 25 Oct 06:00 12:00"),
            (6 * DAY, "20 Oct 21 Oct 22 Oct 23 Oct 24 Oct 25 Oct"),
        ] {
            assert_eq!(labels(span, &UtcTime).join(" "), expected, "{span}");
        }
    }

    #[test]
    fn round_moments_are_those_of_the_viewer() {
        assert_eq!(
            labels(6 * HOUR, &Kolkata).join(" "),
            "12:00 13:00 14:00 15:00 16:00 17:00"
        );
        let ticks = labels(15 * HOUR, &Autumn);
        assert_eq!(ticks.join(" "), "25 Oct 03:00 06:00 09:00 12:00");
    }

    #[test]
    fn the_first_moment_of_a_window_can_be_a_tick() {
        let window = TimeWindow::ending(UnixMs(NOON), HOUR);
        assert_eq!(time_ticks(window, 6, &UtcTime)[0].label, "11:00");
    }
}
