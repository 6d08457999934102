//! How values are distributed, in a few bytes: quantiles within one percent; pure.
//!
//! `DDSketch` (Masson, Rim, Lee, VLDB 2019): counts in buckets whose bounds grow by a constant
//! factor, so that any quantile is off by at most 1 % of its value. Sketches merge by adding.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How far a quantile may lie from the true one, as a share of its value.
const ERROR: f64 = 0.01;
/// Values nearer to zero count as zero.
const SMALLEST: f64 = 1e-9;

/// Counts of values by size.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sketch {
    zero: u64,
    positive: BTreeMap<i32, u64>,
    negative: BTreeMap<i32, u64>,
}

fn growth() -> f64 {
    (1.0 + ERROR) / (1.0 - ERROR)
}

/// The bucket of a size above [`SMALLEST`].
#[expect(
    clippy::cast_possible_truncation,
    reason = "the logarithm of a float to this base lies far inside of 32 bits"
)]
fn bucket(size: f64) -> i32 {
    (size.ln() / growth().ln()).ceil() as i32
}

/// The value that stands for a bucket: at most [`ERROR`] from all that are in it.
fn middle(bucket: i32) -> f64 {
    2.0 * growth().powi(bucket) / (growth() + 1.0)
}

/// Where a value is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Negative(i32),
    Zero,
    Positive(i32),
}

impl Place {
    fn of(value: f64) -> Self {
        let size = value.abs();
        if size < SMALLEST {
            Self::Zero
        } else if value > 0.0 {
            Self::Positive(bucket(size))
        } else {
            Self::Negative(bucket(size))
        }
    }
}

impl Sketch {
    /// Counts values that ascend: those of one bucket stand together, and are not looked at one by one.
    pub fn of_ascending(values: &[f64]) -> Self {
        let mut sketch = Self::default();
        let mut rest = values;
        while let Some(first) = rest.first() {
            let place = Place::of(*first);
            let (same, after) = rest.split_at(rest.partition_point(|it| Place::of(*it) == place));
            sketch.add(place, same.len());
            rest = after;
        }
        sketch
    }

    fn add(&mut self, place: Place, values: usize) {
        let count = match place {
            Place::Zero => &mut self.zero,
            Place::Positive(bucket) => self.positive.entry(bucket).or_default(),
            Place::Negative(bucket) => self.negative.entry(bucket).or_default(),
        };
        *count += values as u64;
    }

    /// Counts all that another has counted.
    pub fn merge(&mut self, other: &Self) {
        self.zero += other.zero;
        for (bucket, count) in &other.positive {
            *self.positive.entry(*bucket).or_default() += count;
        }
        for (bucket, count) in &other.negative {
            *self.negative.entry(*bucket).or_default() += count;
        }
    }

    /// The value below which `share` of all lie; `None` when nothing was counted.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let negative = self.negative.iter().rev();
        let negative = negative.map(|(bucket, count)| (-middle(*bucket), *count));
        let positive = self.positive.iter();
        let positive = positive.map(|(bucket, count)| (middle(*bucket), *count));
        let zero = std::iter::once((0.0, self.zero));
        let ascending: Vec<(f64, u64)> = negative.chain(zero).chain(positive).collect();
        let total: u64 = ascending.iter().map(|(_, count)| count).sum();
        let rank = share * (total.checked_sub(1)? as f64);
        let mut below = 0;
        let found = ascending.iter().find(|(_, count)| {
            below += count;
            below as f64 > rank
        });
        found.map(|(value, _)| *value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Counts one by one, as it is defined.
    fn sketch(values: &[f64]) -> Sketch {
        let mut sketch = Sketch::default();
        for value in values {
            sketch.add(Place::of(*value), 1);
        }
        sketch
    }

    proptest! {
        #[test]
        fn ascending_values_are_counted_as_one_by_one(
            mut values in prop::collection::vec(prop_oneof![-1e6..1e6, Just(0.0), Just(3.5)], 0..300),
        ) {
            values.sort_unstable_by(f64::total_cmp);
            prop_assert_eq!(Sketch::of_ascending(&values), sketch(&values));
        }

        #[test]
        fn quantiles_are_within_the_error(
            mut values in prop::collection::vec(-1e6..1e6, 1..300),
            percent in 0_u32..=100,
        ) {
            let got = sketch(&values).quantile(f64::from(percent) / 100.0).unwrap();
            values.sort_by(f64::total_cmp);
            let rank = percent as usize * (values.len() - 1) / 100;
            // The rank is computed in floats: it may fall on the one before.
            let near = |value: &f64| (got - value).abs() <= ERROR * 1.000_1 * value.abs() + 1e-9;
            let neighbours = &values[rank.saturating_sub(1)..=rank];
            prop_assert!(neighbours.iter().any(near), "{got} {neighbours:?}");
        }

        #[test]
        fn merged_is_as_counted_together(values in prop::collection::vec(-1e3..1e3, 0..90), at in 0_usize..90) {
            let (left, right) = values.split_at(at.min(values.len()));
            let mut merged = sketch(left);
            merged.merge(&sketch(right));
            prop_assert_eq!(merged, sketch(&values));
        }
    }

    #[test]
    fn nothing_has_no_quantile() {
        assert_eq!(Sketch::default().quantile(0.5), None);
    }
}
