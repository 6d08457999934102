//! Samples into points on a fixed grid; never more of them than asked for.

use common::api::metrics::Aggregation;
use common::series::Series;

use super::aggregate::aggregate;

/// The grid of a question: times `t`, multiples of the step, with `from ≤ t < to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    /// The first point; a multiple of the step.
    pub(super) first_ms: i64,
    /// What a point stands for: `[t, t + step)`.
    pub(super) step_ms: i64,
    /// How many points there are.
    pub(super) count: usize,
}

impl Grid {
    /// The grid over `from ≤ t < to`; `step_ms` is positive.
    pub(super) fn over(from_ms: i64, to_ms: i64, step_ms: i64) -> Self {
        let into = from_ms.rem_euclid(step_ms);
        let first_ms = if into == 0 {
            from_ms
        } else {
            from_ms.saturating_add(step_ms - into)
        };
        let span = i128::from(to_ms) - i128::from(first_ms);
        let step = i128::from(step_ms);
        let count = if span > 0 {
            (span + step - 1) / step
        } else {
            0
        };
        Self {
            first_ms,
            step_ms,
            count: usize::try_from(count).unwrap_or(usize::MAX),
        }
    }

    /// The part of this grid from point `start` on, `count` points at most.
    pub(super) fn part(self, start: usize, count: usize) -> Self {
        Self {
            first_ms: self.time(start),
            step_ms: self.step_ms,
            count: count.min(self.count.saturating_sub(start)),
        }
    }

    /// The part of this grid whose points have samples of `range`.
    pub(super) fn within(self, range: &std::ops::Range<i64>) -> Self {
        let start = range.start.max(self.first_ms) - self.first_ms;
        let end = range.end.min(self.end_ms()) - self.first_ms;
        let skipped = usize::try_from(start / self.step_ms).unwrap_or(usize::MAX);
        let upto = usize::try_from((end + self.step_ms - 1) / self.step_ms).unwrap_or(0);
        self.part(skipped, upto.saturating_sub(skipped))
    }

    /// The time after the last point's samples.
    pub(super) fn end_ms(self) -> i64 {
        self.time(self.count)
    }

    /// The times of its points.
    pub(super) fn times(self) -> impl Iterator<Item = i64> {
        (0..self.count).map(move |index| self.time(index))
    }

    fn time(self, index: usize) -> i64 {
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        self.first_ms
            .saturating_add(self.step_ms.saturating_mul(index))
    }
}

/// The points of a series with `from ≤ t < to`: each stands for `[t, t + step)`, `t` is a multiple
/// of the step, and a point without samples is `None`. `step_ms` is positive.
pub fn points(
    series: &Series,
    range: std::ops::Range<i64>,
    step_ms: i64,
    aggregation: Aggregation,
) -> Vec<(i64, Option<f64>)> {
    let grid = Grid::over(range.start, range.end, step_ms);
    let mut points = Vec::with_capacity(grid.count);
    append(
        &mut points,
        (&series.times, &series.values),
        grid,
        aggregation,
    );
    points
}

/// Adds the points of one grid; samples outside of it are left out.
pub(super) fn append(
    points: &mut Vec<(i64, Option<f64>)>,
    (times, values): (&[i64], &[f64]),
    grid: Grid,
    aggregation: Aggregation,
) {
    let mut start = times.partition_point(|at| *at < grid.first_ms);
    for index in 0..grid.count {
        let time = grid.time(index);
        let end_ms = grid.time(index + 1);
        let inside = times[start..].iter().take_while(|at| **at < end_ms).count();
        let inner = &values[start..start + inside];
        points.push((time, aggregate(inner, aggregation)));
        start += inside;
    }
}

#[cfg(test)]
mod tests {
    use common::ids::ServerId;
    use common::series::{Labels, SeriesKey};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn series(samples: &[(i64, f64)]) -> Series {
        let key = SeriesKey::new(ServerId(Uuid::nil()), "m", Labels::none());
        let mut series = Series::empty(key);
        for (at, value) in samples {
            series.push(*at, *value);
        }
        series
    }

    /// Straight from the definition, one point at a time over all samples.
    fn naive(
        samples: &[(i64, f64)],
        range: std::ops::Range<i64>,
        step_ms: i64,
        aggregation: Aggregation,
    ) -> Vec<(i64, Option<f64>)> {
        range
            .filter(|t| t.rem_euclid(step_ms) == 0)
            .map(|t| {
                let inside: Vec<f64> = samples
                    .iter()
                    .filter(|(at, _)| (t..t + step_ms).contains(at))
                    .map(|(_, value)| *value)
                    .collect();
                (t, aggregate(&inside, aggregation))
            })
            .collect()
    }

    #[test]
    fn points_lie_on_multiples_and_empty_ones_are_null() {
        let series = series(&[(900, 9.0), (1_000, 1.0), (1_999, 3.0), (3_500, 5.0)]);
        assert_eq!(
            points(&series, 500..4_000, 1_000, Aggregation::Avg),
            [(1_000, Some(2.0)), (2_000, None), (3_000, Some(5.0))]
        );
        assert_eq!(points(&series, 0..0, 1_000, Aggregation::Avg), []);
    }

    #[test]
    fn a_grid_is_narrowed_to_samples() {
        let grid = Grid::over(0, 100, 10);
        for (range, first_ms, count) in [
            (0..100, 0, 10),
            (15..16, 10, 1),
            (20..41, 20, 3),
            (-50..5, 0, 1),
            (95..500, 90, 1),
            (0..0, 0, 0),
            (-9..0, 0, 0),
        ] {
            let part = grid.within(&range);
            assert_eq!((part.first_ms, part.count), (first_ms, count), "{range:?}");
        }
    }

    proptest! {
        #[test]
        fn points_are_as_defined(
            times in prop::collection::btree_set(-200_i64..200, 0..80),
            from in -150_i64..150,
            length in 0_i64..200,
            step in 1_i64..40,
            which in 0_usize..9,
        ) {
            let aggregation = [
                Aggregation::Avg, Aggregation::Min, Aggregation::Max, Aggregation::Sum,
                Aggregation::Count, Aggregation::Last, Aggregation::Median, Aggregation::P95,
                Aggregation::Stddev,
            ][which];
            let samples: Vec<(i64, f64)> = times
                .into_iter()
                .map(|at| (at, f64::from(i32::try_from(at * at % 37).unwrap())))
                .collect();
            let expected = naive(&samples, from..from + length, step, aggregation);
            prop_assert_eq!(
                points(&series(&samples), from..from + length, step, aggregation),
                expected
            );
        }
    }
}
