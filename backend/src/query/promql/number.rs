//! Whole numbers as the floating-point numbers of PromQL; never a rounding that anybody would see.

use common::series::STALE;

/// Marks a step without a value: the bits of Prometheus's staleness marker, which no sample that
/// is shown has and no arithmetic brings about.
pub(super) const ABSENT: f64 = STALE;

/// Whether there is no value.
pub(super) fn is_absent(value: f64) -> bool {
    value.to_bits() == ABSENT.to_bits()
}

/// Whether any value is the mark of absence. Looks at many at once, and stops only between those.
pub(super) fn any_absent(values: &[f64]) -> bool {
    let mut parts = values.chunks(64);
    parts.any(|part| part.iter().filter(|value| is_absent(**value)).count() > 0)
}

/// How many there are.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(super) fn count(number: usize) -> f64 {
    number as f64
}

/// Milliseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "times stay far below 2^53")]
pub(super) fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}

/// Whether two values are the same; NaN is the same as NaN.
#[expect(clippy::float_cmp, reason = "the language compares bit for bit")]
pub(super) fn is_same(one: f64, other: f64) -> bool {
    one == other || (one.is_nan() && other.is_nan())
}

/// A sum that keeps what adding rounds away (Neumaier).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    pub(super) sum: f64,
    pub(super) rest: f64,
}

impl Sum {
    pub(super) fn add(&mut self, value: f64) {
        let next = self.sum + value;
        if next.is_infinite() {
            self.rest = 0.0;
        } else if self.sum.abs() >= value.abs() {
            self.rest += (self.sum - next) + value;
        } else {
            self.rest += (value - next) + self.sum;
        }
        self.sum = next;
    }

    pub(super) fn value(self) -> f64 {
        if self.sum.is_finite() {
            self.sum + self.rest
        } else {
            self.sum
        }
    }
}

/// A mean that is as exact as its sum, and goes on step by step where the sum would leave all numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mean {
    sum: Sum,
    count: f64,
    is_stepwise: bool,
}

impl Mean {
    pub(super) fn add(&mut self, value: f64) {
        self.count += 1.0;
        if !self.is_stepwise {
            let mut next = self.sum;
            next.add(value);
            if !next.sum.is_infinite() || self.count < 2.0 {
                self.sum = next;
                return;
            }
            self.is_stepwise = true;
            self.sum.sum /= self.count - 1.0;
            self.sum.rest /= self.count - 1.0;
        }
        let share = (self.count - 1.0) / self.count;
        self.sum.sum *= share;
        self.sum.rest *= share;
        self.sum.add(value / self.count);
    }

    /// `None` of nothing.
    pub(super) fn value(self) -> Option<f64> {
        if self.count < 1.0 {
            return None;
        }
        Some(if self.is_stepwise {
            self.sum.value()
        } else if self.sum.sum.is_finite() {
            self.sum.sum / self.count + self.sum.rest / self.count
        } else {
            self.sum.sum / self.count
        })
    }
}

/// The quantile of values, which it sorts: linear between the two nearest ranks.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank lies between 0 and the number of values"
)]
pub(super) fn quantile(share: f64, values: &mut [f64]) -> f64 {
    if values.is_empty() || share.is_nan() {
        return f64::NAN;
    }
    if share < 0.0 {
        return f64::NEG_INFINITY;
    }
    if share > 1.0 {
        return f64::INFINITY;
    }
    // NaN first, as Prometheus sorts them.
    values.sort_unstable_by(|a, b| b.is_nan().cmp(&a.is_nan()).then(a.total_cmp(b)));
    let rank = share * (count(values.len()) - 1.0);
    let below = rank.floor();
    let low = values[below as usize];
    let high = values[(below as usize + 1).min(values.len() - 1)];
    let weight = rank - below;
    low * (1.0 - weight) + high * weight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_means_keep_what_rounding_would_lose() {
        for (values, sum, mean) in [
            (vec![], 0.0, None),
            (vec![1.0, 1e100, 1.0, -1e100], 2.0, Some(0.5)),
            (vec![0.1; 10], 1.0, Some(0.1)),
            (vec![f64::MAX, f64::MAX], f64::INFINITY, Some(f64::MAX)),
            (vec![f64::INFINITY, 1.0], f64::INFINITY, Some(f64::INFINITY)),
        ] {
            let (mut of_all, mut of_mean) = (Sum::default(), Mean::default());
            for value in &values {
                of_all.add(*value);
                of_mean.add(*value);
            }
            assert!(is_same(of_all.value(), sum), "{values:?} {of_all:?}");
            assert_eq!(of_mean.value(), mean, "{values:?}");
        }
    }

    #[test]
    fn quantiles_lie_between_ranks() {
        for (share, expected) in [
            (0.0, 1.0),
            (0.5, 2.5),
            (1.0, 4.0),
            (-0.1, f64::NEG_INFINITY),
            (1.1, f64::INFINITY),
        ] {
            assert!(is_same(
                quantile(share, &mut [4.0, 1.0, 3.0, 2.0]),
                expected
            ));
        }
        assert!(quantile(0.5, &mut []).is_nan());
    }

    #[test]
    fn the_mark_of_absence_survives_being_stored() {
        let column = [ABSENT, f64::NAN, 0.0];
        let marks: Vec<bool> = column.iter().map(|value| is_absent(*value)).collect();
        assert_eq!(marks, [true, false, false]);
    }
}
