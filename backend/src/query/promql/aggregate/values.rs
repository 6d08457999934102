//! Aggregations that look at all values of a step together; never at one alone.

use std::collections::HashMap;

use super::Grouped;
use crate::query::promql::column::Column;
use crate::query::promql::error::EvaluateError;
use crate::query::promql::eval::Evaluator;
use crate::query::promql::labels::LabelSet;
use crate::query::promql::number::{ABSENT, is_absent, quantile};
use crate::query::promql::steps::Steps;

/// The quantile of each group, by what is asked for at each step.
pub(super) fn quantiles(
    evaluator: &Evaluator<'_>,
    grouped: &Grouped,
    shares: &[f64],
) -> Result<Vec<Column>, EvaluateError> {
    let mut columns = Vec::with_capacity(grouped.labels.len());
    let mut present = Vec::new();
    for (labels, members) in grouped.labels.iter().zip(grouped.members()) {
        evaluator.check()?;
        let of_step = |(step, share): (usize, &f64)| {
            present.clear();
            let values = members.iter().map(|at| grouped.columns[*at].values[step]);
            present.extend(values.filter(|value| !is_absent(*value)));
            if present.is_empty() {
                ABSENT
            } else {
                quantile(*share, &mut present)
            }
        };
        columns.push(Column {
            labels: labels.clone(),
            values: shares.iter().enumerate().map(of_step).collect(),
        });
    }
    Ok(columns)
}

/// How many series of each group have each value; the value becomes a label.
pub(super) fn counted(
    evaluator: &Evaluator<'_>,
    grouped: &Grouped,
    label: &str,
    steps: Steps,
) -> Result<Vec<Column>, EvaluateError> {
    if label.is_empty() {
        let what = format!("invalid label name {label:?}");
        return Err(EvaluateError::Contradiction(what));
    }
    let mut places: HashMap<LabelSet, usize> = HashMap::new();
    let mut columns: Vec<Column> = Vec::new();
    for (column, group) in grouped.columns.iter().zip(&grouped.group) {
        evaluator.check()?;
        let mut last: Option<(u64, usize)> = None;
        for (step, value) in column.values.iter().enumerate() {
            if is_absent(*value) {
                continue;
            }
            let place = match last {
                // The same as at the step before: most values are.
                Some((bits, place)) if bits == value.to_bits() => place,
                _ => {
                    let labels = grouped.labels[*group].with(label, &written(*value));
                    *places.entry(labels).or_insert_with_key(|labels| {
                        columns.push(Column {
                            labels: labels.clone(),
                            values: vec![ABSENT; steps.count],
                        });
                        columns.len() - 1
                    })
                }
            };
            last = Some((value.to_bits(), place));
            evaluator.bounded(columns.len().saturating_mul(steps.count))?;
            let count = &mut columns[place].values[step];
            *count = if is_absent(*count) { 1.0 } else { *count + 1.0 };
        }
    }
    Ok(columns)
}

/// A number as Prometheus writes it into a label.
fn written(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
    } else {
        value.to_string()
    }
}
