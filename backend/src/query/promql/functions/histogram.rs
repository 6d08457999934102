//! Quantiles and shares of classic histograms, out of their buckets; never of native ones.

use std::collections::HashMap;

use crate::query::promql::column::{self, Column};
use crate::query::promql::error::EvaluateError;
use crate::query::promql::eval::Evaluator;
use crate::query::promql::labels::LabelSet;
use crate::query::promql::number::{ABSENT, is_absent};
use crate::query::promql::parse::{Call, Function, Place};
use crate::query::promql::steps::Steps;

/// The label with the upper bound of a bucket.
const BOUND: &str = "le";
/// Counts that differ by less are the same, but for rounding.
const TOLERANCE: f64 = 1e-12;

/// What is counted up to a bound, that included.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    bound: f64,
    count: f64,
}

/// The buckets of one histogram: bounds, ascending, with their columns.
struct Histogram {
    labels: LabelSet,
    buckets: Vec<(f64, Vec<f64>)>,
}

/// `histogram_quantile` and `histogram_fraction`.
pub(super) fn evaluate(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    steps: Steps,
) -> Result<Vec<Column>, EvaluateError> {
    let Some((vector, numbers)) = call.arguments.split_last() else {
        return Ok(Vec::new());
    };
    let first = super::number(evaluator, numbers.first(), steps)?;
    let second = super::number(evaluator, numbers.get(1), steps)?;
    let is_quantile = matches!(call.function, Function::HistogramQuantile);
    if is_quantile {
        evaluator.notes.quantiles(&first, call.places.argument(0));
    }
    let vector_at = call.places.last_argument();
    let columns = evaluator.vector(vector, steps)?;
    let mut worth = Vec::new();
    for histogram in histograms(evaluator, columns, vector_at) {
        evaluator.check()?;
        let mut values = vec![ABSENT; steps.count];
        let mut present = Vec::new();
        for (step, value) in values.iter_mut().enumerate() {
            present.clear();
            let at_step = histogram.buckets.iter().map(|(bound, counts)| Bucket {
                bound: *bound,
                count: counts[step],
            });
            present.extend(at_step.filter(|bucket| !is_absent(bucket.count)));
            if present.is_empty() {
                continue;
            }
            *value = if is_quantile {
                let (value, is_forced) = quantile(first[step], &mut present);
                if is_forced {
                    evaluator.notes.inform(FORCED, vector_at);
                }
                value
            } else {
                fraction(first[step], second[step], &mut present)
            };
        }
        let labels = histogram.labels;
        worth.push(Column { labels, values });
    }
    column::unnamed(worth)
}

const FORCED: &str = "input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)";

/// Puts the buckets of each histogram together, which were given at a place.
fn histograms(evaluator: &mut Evaluator<'_>, columns: Vec<Column>, at: Place) -> Vec<Histogram> {
    let mut places: HashMap<LabelSet, usize> = HashMap::new();
    let mut found: Vec<Histogram> = Vec::new();
    for column in columns {
        let written = column.labels.get(BOUND).unwrap_or_default();
        let Ok(bound) = written.parse::<f64>() else {
            let metric = column
                .labels
                .metric()
                .map(|name| format!(" for metric name {name:?}"));
            let what = format!(
                "bucket label \"le\" is missing or has a malformed value of {written:?}{}",
                metric.unwrap_or_default()
            );
            evaluator.notes.warn(&what, at);
            continue;
        };
        let labels = column.labels.filtered(|name| name != BOUND);
        let place = *places.entry(labels.clone()).or_insert(found.len());
        if place == found.len() {
            let buckets = Vec::new();
            found.push(Histogram { labels, buckets });
        }
        found[place].buckets.push((bound, column.values));
    }
    for histogram in &mut found {
        histogram.buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    found
}

/// Adds up buckets with the same bound; `false` when there is none without an upper bound.
#[expect(clippy::float_cmp, reason = "the same bound written in two ways")]
fn coalesce(buckets: &mut Vec<Bucket>) -> bool {
    buckets.dedup_by(|next, kept| {
        let is_same = next.bound == kept.bound;
        if is_same {
            kept.count += next.count;
        }
        is_same
    });
    buckets
        .last()
        .is_some_and(|last| last.bound == f64::INFINITY)
}

/// Takes away what counts sink from bucket to bucket, and says whether that was more than rounding.
fn force_rising(buckets: &mut [Bucket]) -> bool {
    let mut is_forced = false;
    let mut highest = buckets[0].count;
    for bucket in &mut buckets[1..] {
        let difference = (bucket.count - highest).abs();
        let is_rounding = difference <= TOLERANCE * (bucket.count.abs() + highest.abs());
        if is_rounding || bucket.count < highest {
            is_forced |= !is_rounding;
            bucket.count = highest;
        } else {
            highest = bucket.count;
        }
    }
    is_forced
}

/// The value below which a share of what was counted lies, by a straight line in its bucket; also
/// whether the buckets had to be put right.
fn quantile(share: f64, buckets: &mut Vec<Bucket>) -> (f64, bool) {
    if share.is_nan() {
        return (f64::NAN, false);
    }
    if share < 0.0 {
        return (f64::NEG_INFINITY, false);
    }
    if share > 1.0 {
        return (f64::INFINITY, false);
    }
    if !coalesce(buckets) {
        return (f64::NAN, false);
    }
    let is_forced = force_rising(buckets);
    let last = buckets.len() - 1;
    let all = buckets[last].count;
    if last == 0 || all.abs() <= 0.0 {
        return (f64::NAN, is_forced);
    }
    let rank = share * all;
    let at = buckets[..last].partition_point(|bucket| bucket.count < rank);
    let found = buckets[at];
    if at == last {
        return (buckets[last - 1].bound, is_forced);
    }
    if at == 0 && found.bound <= 0.0 {
        return (found.bound, is_forced);
    }
    let below = match at {
        0 => Bucket {
            bound: 0.0,
            count: 0.0,
        },
        _ => buckets[at - 1],
    };
    let part = (rank - below.count) / (found.count - below.count);
    (below.bound + (found.bound - below.bound) * part, is_forced)
}

/// The share of what was counted that lies between two values.
fn fraction(from: f64, to: f64, buckets: &mut Vec<Bucket>) -> f64 {
    if !coalesce(buckets) {
        return f64::NAN;
    }
    let all = buckets[buckets.len() - 1].count;
    if all.abs() <= 0.0 || from.is_nan() || to.is_nan() {
        return f64::NAN;
    }
    if from >= to {
        return 0.0;
    }
    (rank(to, buckets).min(all) - rank(from, buckets).min(all)) / all
}

/// How many lie below a value.
fn rank(value: f64, buckets: &[Bucket]) -> f64 {
    // Without negative bounds nothing negative is counted.
    let start = if buckets[0].bound <= 0.0 {
        f64::NEG_INFINITY
    } else {
        0.0
    };
    let mut below = Bucket {
        bound: start,
        count: 0.0,
    };
    for bucket in buckets {
        if below.bound >= value {
            return below.count;
        }
        if bucket.bound > value {
            if below.bound == f64::NEG_INFINITY {
                return bucket.count;
            }
            let part = (value - below.bound) / (bucket.bound - below.bound);
            return below.count + (bucket.count - below.count) * part;
        }
        below = *bucket;
    }
    below.count
}
