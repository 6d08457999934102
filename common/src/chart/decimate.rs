//! From many readings to what a pixel column can show: its extremes; never a value that was not read,
//! save where a line crosses the edge of the window.

use super::points::Point;
use super::spec::TimeWindow;
use crate::time::UnixMs;

/// Readings that are joined: time in milliseconds since the epoch, and value.
pub type Run = Vec<(i64, f64)>;

/// Cuts readings to `window`, splits them at gaps and keeps at most four a column: the first, the
/// lowest, the highest, the last. `gap_ms`: readings further apart are not joined. A gap narrower
/// than a column is not shown, because it cannot be seen.
pub fn decimate(points: &[Point], window: TimeWindow, columns: usize, gap_ms: i64) -> Vec<Run> {
    let columns = i64::try_from(columns.max(1)).unwrap_or(i64::MAX);
    let column_ms = (window.span_ms() / columns).max(1);
    let gap_ms = gap_ms.max(column_ms);
    // One reading more at each end, so that the line goes on to the edge.
    let first = points
        .partition_point(|point| point.at < window.from)
        .saturating_sub(1);
    let end = points
        .partition_point(|point| point.at <= window.to)
        .saturating_add(1)
        .min(points.len());

    let mut runs = Vec::new();
    let mut run = Run::new();
    let mut column = Column::default();
    let mut last_at: Option<UnixMs> = None;
    let mut hole_from: Option<UnixMs> = None;
    for point in points.get(first..end).unwrap_or_default() {
        let Some(value) = point.value.filter(|value| value.is_finite()) else {
            hole_from = hole_from.or(Some(point.at));
            continue;
        };
        let is_far = last_at.is_some_and(|last| point.at.since_ms(last) > gap_ms);
        // A reading that says "nothing" breaks the line, unless the hole is thinner than a column.
        let is_hole = hole_from
            .take()
            .is_some_and(|_| last_at.is_some_and(|last| point.at.since_ms(last) > column_ms));
        if is_far || is_hole {
            column.flush(&mut run);
            finish(&mut runs, &mut run, window);
        }
        let place = point.at.since_ms(window.from).div_euclid(column_ms);
        column.take(place, (point.at.0, value), &mut run);
        last_at = Some(point.at);
    }
    column.flush(&mut run);
    finish(&mut runs, &mut run, window);
    runs
}

/// The readings of the column that is being read.
#[derive(Default)]
struct Column {
    place: i64,
    first: Option<(i64, f64)>,
    low: (i64, f64),
    high: (i64, f64),
    last: (i64, f64),
}

impl Column {
    fn take(&mut self, place: i64, at: (i64, f64), run: &mut Run) {
        if self.first.is_some() && place != self.place {
            self.flush(run);
        }
        if self.first.is_none() {
            self.place = place;
            self.first = Some(at);
            self.low = at;
            self.high = at;
        }
        if at.1 < self.low.1 {
            self.low = at;
        }
        if at.1 > self.high.1 {
            self.high = at;
        }
        self.last = at;
    }

    /// Writes the extremes in the order in which they came.
    fn flush(&mut self, run: &mut Run) {
        let Some(first) = self.first.take() else {
            return;
        };
        let (early, late) = if self.low.0 <= self.high.0 {
            (self.low, self.high)
        } else {
            (self.high, self.low)
        };
        for at in [first, early, late, self.last] {
            if run.last().is_none_or(|before| before.0 < at.0) {
                run.push(at);
            }
        }
    }
}

/// Cuts a run at the edges of the window and keeps what is left of it.
fn finish(runs: &mut Vec<Run>, run: &mut Run, window: TimeWindow) {
    let mut run = std::mem::take(run);
    if let [before, inside, ..] = run[..]
        && before.0 < window.from.0
    {
        run[0] = crossing(before, inside, window.from.0);
    }
    if let [.., inside, after] = run[..]
        && after.0 > window.to.0
    {
        let end = run.len() - 1;
        run[end] = crossing(inside, after, window.to.0);
    }
    run.retain(|at| window.holds(UnixMs(at.0)));
    if !run.is_empty() {
        runs.push(run);
    }
}

/// Where the line between two readings stands at `at`.
fn crossing(a: (i64, f64), b: (i64, f64), at: i64) -> (i64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a share of a short line")]
    let share = (at - a.0) as f64 / (b.0 - a.0).max(1) as f64;
    (at, a.1 + (b.1 - a.1) * share)
}

#[cfg(test)]
mod tests {
    use super::{Run, decimate};
    use crate::chart::{Point, TimeWindow};
    use crate::time::UnixMs;
    use proptest::prelude::*;

    fn window(from: i64, to: i64) -> TimeWindow {
        TimeWindow {
            from: UnixMs(from),
            to: UnixMs(to),
        }
    }

    fn each_second(values: impl IntoIterator<Item = Option<f64>>) -> Vec<Point> {
        (0_i64..)
            .zip(values)
            .map(|(second, value)| Point {
                at: UnixMs(second * 1_000),
                value,
            })
            .collect()
    }

    #[test]
    fn few_readings_stay_as_they_are() {
        let points = each_second([1.0, 5.0, 2.0].map(Some));
        let runs = decimate(&points, window(0, 2_000), 100, 3_000);
        assert_eq!(runs, [vec![(0, 1.0), (1_000, 5.0), (2_000, 2.0)]]);
    }

    #[test]
    fn a_missing_reading_is_a_gap() {
        let points = each_second([Some(1.0), Some(2.0), None, Some(4.0)]);
        let runs = decimate(&points, window(0, 3_000), 100, 10_000);
        assert_eq!(runs, [vec![(0, 1.0), (1_000, 2.0)], vec![(3_000, 4.0)]]);
        let far = [Point::new(UnixMs(0), 1.0), Point::new(UnixMs(9_000), 2.0)];
        assert_eq!(decimate(&far, window(0, 9_000), 100, 3_000).len(), 2);
    }

    #[test]
    fn a_spike_of_one_second_survives_a_day() {
        let points =
            each_second((0..86_400).map(|second| Some(f64::from(u8::from(second == 43_210)))));
        let runs = decimate(&points, window(0, 86_400_000), 800, 3_000);
        assert_eq!(runs.len(), 1);
        assert!(runs[0].contains(&(43_210_000, 1.0)));
        assert!(runs[0].len() <= 4 * 801, "{}", runs[0].len());
    }

    #[test]
    fn a_gap_wider_than_a_column_survives_and_a_narrower_one_cannot_be_seen() {
        let hole = |from: i64, to: i64| {
            let points =
                each_second((0..7_200).map(|it| (!(from..to).contains(&it)).then_some(1.0)));
            decimate(&points, window(0, 7_200_000), 72, 3_000).len()
        };
        assert_eq!(hole(3_000, 3_300), 2);
        assert_eq!(hole(3_000, 3_005), 1);
    }

    #[test]
    fn lines_end_at_the_edges() {
        let points = each_second([0.0, 10.0, 20.0, 30.0].map(Some));
        let runs = decimate(&points, window(500, 2_500), 100, 3_000);
        let expected: Run = vec![(500, 5.0), (1_000, 10.0), (2_000, 20.0), (2_500, 25.0)];
        assert_eq!(runs, [expected]);
    }

    /// What the server leaves of a week, an extreme of each column, on more and on fewer columns.
    #[test]
    fn extremes_that_were_asked_for_are_all_drawn() {
        let week = 7 * 86_400_000_i64;
        let column = week / 720;
        let peak = (300_001_000, 99.0);
        let highest = |place: i64| {
            let is_peak = place == peak.0 / column;
            if is_peak {
                peak
            } else {
                (place * column + 7_000, 2.0)
            }
        };
        let asked: Vec<_> = (0..720)
            .flat_map(|place| [(place * column, 1.0), highest(place)])
            .collect();
        let points: Vec<_> = asked
            .iter()
            .map(|it| Point::new(UnixMs(it.0), it.1))
            .collect();
        for columns in [200, 360, 720, 1_440] {
            let runs = decimate(&points, window(0, week), columns, column * 5 / 2);
            assert_eq!(runs.len(), 1, "{columns}");
            assert!(runs[0].contains(&peak), "{columns}");
            if columns >= 720 {
                assert!(asked.iter().all(|it| runs[0].contains(it)), "{columns}");
            }
        }
    }

    proptest! {
        #[test]
        fn extremes_are_never_lost(values in prop::collection::vec(-1e6..1e6_f64, 2..500), columns in 1_usize..50) {
            let points = each_second(values.iter().copied().map(Some));
            let end = points.last().map_or(0, |it| it.at.0);
            let runs = decimate(&points, window(0, end), columns, 3_000);
            let kept = || runs.iter().flatten().map(|it| it.1);
            for value in &values {
                prop_assert!(kept().any(|it| it <= *value), "lowest lost");
                prop_assert!(kept().any(|it| it >= *value), "highest lost");
            }
            prop_assert!(runs.iter().all(|run| run.is_sorted_by(|a, b| a.0 < b.0)));
        }
    }
}
