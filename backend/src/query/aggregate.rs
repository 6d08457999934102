//! One value out of several, for each aggregation; never where they come from.

use common::api::metrics::Aggregation;

/// What `aggregation` says about values in the order of their times; `None` when there are none,
/// or when the result is no finite number.
pub fn aggregate(values: &[f64], aggregation: Aggregation) -> Option<f64> {
    let last = *values.last()?;
    let value = match aggregation {
        Aggregation::Avg => mean(values),
        Aggregation::Min => values.iter().copied().fold(last, f64::min),
        Aggregation::Max => values.iter().copied().fold(last, f64::max),
        Aggregation::Sum => values.iter().sum(),
        Aggregation::Count => count(values),
        Aggregation::Last => last,
        Aggregation::Median => quantile(values, 0.5),
        Aggregation::P95 => quantile(values, 0.95),
        Aggregation::Stddev => stddev(values),
    };
    value.is_finite().then_some(value)
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn count(values: &[f64]) -> f64 {
    values.len() as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / count(values)
}

/// Of the population, in two passes: exact also for large values that differ little.
fn stddev(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / count(values)).sqrt()
}

/// Linear between the two nearest ranks.
fn quantile(values: &[f64], share: f64) -> f64 {
    quantile_of_ascending(&ascending(values), share)
}

/// Values from the smallest to the largest.
pub(super) fn ascending(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// A quantile of values that ascend, of which there is one at least.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank lies between 0 and the number of values"
)]
pub(super) fn quantile_of_ascending(sorted: &[f64], share: f64) -> f64 {
    let rank = share * (count(sorted) - 1.0);
    let below = rank.floor();
    let low = sorted[below as usize];
    let high = sorted[rank.ceil() as usize];
    low + (high - low) * (rank - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_aggregation_of_a_known_list() {
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        for (aggregation, expected) in [
            (Aggregation::Avg, 5.0),
            (Aggregation::Min, 2.0),
            (Aggregation::Max, 9.0),
            (Aggregation::Sum, 40.0),
            (Aggregation::Count, 8.0),
            (Aggregation::Last, 9.0),
            (Aggregation::Median, 4.5),
            (Aggregation::P95, 8.3),
            (Aggregation::Stddev, 2.0),
        ] {
            let value = aggregate(&values, aggregation).unwrap();
            assert!((value - expected).abs() < 1e-9, "{aggregation:?} {value}");
            assert_eq!(aggregate(&[], aggregation), None);
        }
    }

    #[test]
    fn a_sum_beyond_all_numbers_is_no_value() {
        assert_eq!(aggregate(&[f64::MAX, f64::MAX], Aggregation::Sum), None);
    }
}
