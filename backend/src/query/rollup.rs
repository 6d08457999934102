//! What many samples of one series come down to, and how such sums are joined; pure.

use common::api::metrics::Aggregation;

use super::aggregate::{aggregate, ascending, quantile_of_ascending};
use super::sketch::Sketch;

/// The samples of some time in a few numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollup {
    /// How many there are; never 0.
    pub count: u64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
    /// The sum of the squares of their distances from the mean.
    pub m2: f64,
    /// The oldest.
    pub first: f64,
    /// The newest.
    pub last: f64,
    /// How far they rose: falls count as the restart of a counter.
    pub increase: f64,
    /// The middle one, exact; of joined rollups within the error of the sketch, and no number
    /// without one.
    pub median: f64,
    /// How they are distributed; `None` when it was not asked for.
    pub sketch: Option<Sketch>,
}

impl Rollup {
    /// Of values in the order of their times, those that are no finite numbers left out; `None` when
    /// there are no others or when a sum of them is no finite number.
    pub fn of(values: &[f64]) -> Option<Self> {
        if values.iter().all(|value| value.is_finite()) {
            return Self::of_finite(values);
        }
        let finite = values.iter().copied().filter(|value| value.is_finite());
        Self::of_finite(&finite.collect::<Vec<f64>>())
    }

    fn of_finite(values: &[f64]) -> Option<Self> {
        let mean = aggregate(values, Aggregation::Avg)?;
        let m2: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let sorted = ascending(values);
        let rollup = Self {
            count: u64::try_from(values.len()).ok()?,
            min: *sorted.first()?,
            max: *sorted.last()?,
            mean,
            m2,
            first: *values.first()?,
            last: *values.last()?,
            increase: values.windows(2).map(|pair| rise(pair[0], pair[1])).sum(),
            median: quantile_of_ascending(&sorted, 0.5),
            sketch: Some(Sketch::of_ascending(&sorted)),
        };
        let sums = [rollup.m2, rollup.increase, rollup.median];
        sums.iter().all(|sum| sum.is_finite()).then_some(rollup)
    }

    /// Joins that of the time after this one's.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub fn join(&mut self, later: &Self) {
        let (before, after) = (self.count as f64, later.count as f64);
        let both = before + after;
        let apart = later.mean - self.mean;
        // Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm", 1979.
        self.m2 += later.m2 + apart * apart * before * after / both;
        self.mean += apart * after / both;
        self.count += later.count;
        self.min = self.min.min(later.min);
        self.max = self.max.max(later.max);
        self.increase += rise(self.last, later.first) + later.increase;
        self.last = later.last;
        self.sketch = match (self.sketch.take(), &later.sketch) {
            (Some(mut both), Some(later)) => {
                both.merge(later);
                Some(both)
            }
            _ => None,
        };
        let median = self.sketch.as_ref().and_then(|both| both.quantile(0.5));
        self.median = median.unwrap_or(f64::NAN);
    }

    /// All of them joined, which follow each other in time; `None` when there is none.
    pub fn joined(rollups: impl IntoIterator<Item = Self>) -> Option<Self> {
        rollups.into_iter().reduce(|mut all, later| {
            all.join(&later);
            all
        })
    }

    /// What an aggregation says of it; p95 within the error of the sketch. `None` when the result
    /// is no finite number.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub fn value(&self, aggregation: Aggregation) -> Option<f64> {
        let count = self.count as f64;
        let value = match aggregation {
            Aggregation::Avg => self.mean,
            Aggregation::Min => self.min,
            Aggregation::Max => self.max,
            Aggregation::Sum => self.mean * count,
            Aggregation::Count => count,
            Aggregation::Last => self.last,
            Aggregation::Median => self.median,
            Aggregation::P95 => self.sketch.as_ref()?.quantile(0.95)?,
            Aggregation::Stddev => (self.m2 / count).sqrt(),
        };
        value.is_finite().then_some(value)
    }
}

/// How far a counter rose between two readings.
fn rise(before: f64, after: f64) -> f64 {
    if after < before {
        after
    } else {
        after - before
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EXACT: [Aggregation; 7] = [
        Aggregation::Avg,
        Aggregation::Min,
        Aggregation::Max,
        Aggregation::Sum,
        Aggregation::Count,
        Aggregation::Last,
        Aggregation::Stddev,
    ];

    fn near(one: Option<f64>, other: Option<f64>) -> bool {
        match (one, other) {
            (Some(one), Some(other)) => (one - other).abs() <= 1e-6 * one.abs().max(1.0),
            (one, other) => one == other,
        }
    }

    proptest! {
        #[test]
        fn joined_is_as_rolled_up_together(
            values in prop::collection::vec(-1e6..1e6, 2..200),
            at in 1_usize..199,
        ) {
            let (left, right) = values.split_at(at.min(values.len() - 1));
            let mut joined = Rollup::of(left).unwrap();
            joined.join(&Rollup::of(right).unwrap());
            let together = Rollup::of(&values).unwrap();
            for aggregation in EXACT {
                let expected = aggregate(&values, aggregation);
                prop_assert!(near(joined.value(aggregation), expected), "{aggregation:?}");
                prop_assert!(near(together.value(aggregation), expected), "{aggregation:?}");
            }
            prop_assert!(near(Some(joined.increase), Some(together.increase)));
            prop_assert_eq!(&joined.sketch, &together.sketch);
        }
    }

    #[test]
    fn a_counter_that_starts_anew_goes_on_rising() {
        let mut before = Rollup::of(&[10.0, 15.0, 2.0]).unwrap();
        assert!(near(Some(before.increase), Some(7.0)));
        before.join(&Rollup::of(&[1.0, 4.0]).unwrap());
        assert!(near(Some(before.increase), Some(11.0)));
    }

    #[test]
    fn nothing_and_what_cannot_be_summed_have_none() {
        assert_eq!(Rollup::of(&[]), None);
        assert_eq!(Rollup::of(&[f64::MAX, f64::MAX]), None);
    }
}
