//! Readings in the order of time: appending, and rates from counters; never a request.

use crate::time::UnixMs;

/// One reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When, or the start of the step that it stands for.
    pub at: UnixMs,
    /// The value; `None`: nothing was read.
    pub value: Option<f64>,
}

impl Point {
    /// A reading with a value.
    pub const fn new(at: UnixMs, value: f64) -> Self {
        Self {
            at,
            value: Some(value),
        }
    }
}

/// Adds a new reading at the end, folding it into the last one while both lie in the same step
/// of `step_ms`; forgets what is older than `keep_from`. A reading that comes late is dropped.
pub fn append(points: &mut Vec<Point>, new: Point, step_ms: i64, keep_from: UnixMs) {
    let step = |at: UnixMs| at.0.div_euclid(step_ms.max(1));
    match points.last_mut() {
        Some(last) if new.at <= last.at => return,
        // A long-lived chart must not grow finer and finer at its end: keep the worse of the two.
        Some(last) if step_ms > 1_000 && step(last.at) == step(new.at) => {
            last.value = match (last.value, new.value) {
                (Some(old), Some(new)) => Some(old.max(new)),
                (old, new) => old.or(new),
            };
        }
        _ => points.push(new),
    }
    // Forgetting moves all that stays: do it in large bites.
    let stale = points.partition_point(|point| point.at < keep_from);
    if stale > points.len() / 8 + 64 {
        points.drain(..stale);
    }
}

/// The increase per second between readings of a counter. A counter that fell was reset, and
/// readings further apart than `gap_ms` say nothing: both leave a gap.
pub fn rate(counter: &[Point], gap_ms: i64) -> Vec<Point> {
    let mut before: Option<(UnixMs, f64)> = None;
    let mut rates = Vec::with_capacity(counter.len());
    for point in counter {
        let value = match (before, point.value) {
            (Some((at, old)), Some(new)) if new >= old && point.at.since_ms(at) <= gap_ms => {
                #[expect(clippy::cast_precision_loss, reason = "seconds between readings")]
                let seconds = point.at.since_ms(at) as f64 / 1_000.0;
                (seconds > 0.0).then(|| (new - old) / seconds)
            }
            _ => None,
        };
        before = point.value.map(|value| (point.at, value));
        rates.push(Point {
            at: point.at,
            value,
        });
    }
    rates
}

#[cfg(test)]
mod tests {
    use super::{Point, append, rate};
    use crate::time::UnixMs;

    fn series(values: &[Option<f64>]) -> Vec<Point> {
        (0_i64..)
            .zip(values)
            .map(|(second, value)| Point {
                at: UnixMs(second * 1_000),
                value: *value,
            })
            .collect()
    }

    #[test]
    fn a_counter_becomes_a_rate_with_gaps() {
        let counter = series(&[
            Some(10.0),
            Some(14.0),
            None,
            Some(20.0),
            Some(3.0),
            Some(5.0),
        ]);
        let rates: Vec<_> = rate(&counter, 5_000).iter().map(|it| it.value).collect();
        assert_eq!(rates, [None, Some(4.0), None, None, None, Some(2.0)]);
        let far = [Point::new(UnixMs(0), 1.0), Point::new(UnixMs(60_000), 2.0)];
        assert_eq!(rate(&far, 5_000)[1].value, None);
    }

    #[test]
    fn live_readings_fold_into_their_step() {
        let mut points = vec![Point::new(UnixMs(0), 1.0)];
        for (at, value) in [(10_000, 5.0), (11_000, 9.0), (12_000, 2.0), (9_000, 99.0)] {
            append(
                &mut points,
                Point::new(UnixMs(at), value),
                10_000,
                UnixMs(0),
            );
        }
        assert_eq!(
            points,
            [Point::new(UnixMs(0), 1.0), Point::new(UnixMs(10_000), 9.0)]
        );
    }

    #[test]
    fn what_left_the_window_is_forgotten() {
        let mut points = Vec::new();
        for second in 0..2_000 {
            let at = UnixMs(second * 1_000);
            append(
                &mut points,
                Point::new(at, 1.0),
                1_000,
                at.plus_ms(-300_000),
            );
        }
        assert!(points.len() < 500, "{}", points.len());
        assert!(points.len() >= 300);
        assert_eq!(points.last().map(|it| it.at), Some(UnixMs(1_999_000)));
    }
}
