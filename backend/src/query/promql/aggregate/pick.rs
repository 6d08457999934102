//! Aggregations that leave series as they are and pick some of each group; never a value changed.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Grouped;
use crate::query::promql::column::Column;
use crate::query::promql::error::EvaluateError;
use crate::query::promql::eval::Evaluator;
use crate::query::promql::number::{ABSENT, count, is_absent};
use crate::query::promql::parse::{Aggregation, Place};

/// Picked columns in the order in which they were picked first.
struct Picked<'a> {
    from: &'a [Column],
    /// Where a column stands in `columns`.
    places: Vec<Option<usize>>,
    columns: Vec<Column>,
}

impl<'a> Picked<'a> {
    fn new(from: &'a [Column]) -> Self {
        Self {
            from,
            places: vec![None; from.len()],
            columns: Vec::new(),
        }
    }

    fn pick(&mut self, column: usize, step: usize) {
        let of = &self.from[column];
        let place = *self.places[column].get_or_insert_with(|| {
            self.columns.push(Column {
                labels: of.labels.clone(),
                values: vec![ABSENT; of.values.len()],
            });
            self.columns.len() - 1
        });
        self.columns[place].values[step] = of.values[step];
    }
}

/// `topk`, `bottomk` and `limitk`: so many of each group at each step.
pub(super) fn some(
    evaluator: &Evaluator<'_>,
    grouped: &Grouped,
    how: Aggregation,
    wanted: &[f64],
) -> Result<Vec<Column>, EvaluateError> {
    let members = grouped.members();
    let mut picked = Picked::new(&grouped.columns);
    let mut present: Vec<(usize, f64)> = Vec::new();
    for (step, wanted) in wanted.iter().enumerate() {
        evaluator.check()?;
        let wanted = whole(*wanted, grouped.columns.len())?;
        if wanted == 0 {
            continue;
        }
        for columns in &members {
            let values = columns
                .iter()
                .map(|column| (*column, grouped.columns[*column].values[step]));
            present.clear();
            present.extend(values.filter(|(_, value)| !is_absent(*value)));
            // Stable: of equals the first stay.
            match how {
                Aggregation::Topk => present.sort_by(|a, b| numbers_first(b.1, a.1, (a.1, b.1))),
                Aggregation::Bottomk => {
                    present.sort_by(|a, b| numbers_first(a.1, b.1, (a.1, b.1)));
                }
                _ => {}
            }
            for (column, _) in present.iter().take(wanted) {
                picked.pick(*column, step);
            }
        }
    }
    Ok(picked.columns)
}

/// By value, but NaN last in either direction.
fn numbers_first(one: f64, other: f64, (a, b): (f64, f64)) -> Ordering {
    let by_value = one.partial_cmp(&other).unwrap_or(Ordering::Equal);
    a.is_nan().cmp(&b.is_nan()).then(by_value)
}

/// How many are wanted, at most all.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it lies between 1 and the number of series"
)]
fn whole(wanted: f64, all: usize) -> Result<usize, EvaluateError> {
    if wanted.is_nan() {
        return Err(EvaluateError::Contradiction(
            "Parameter value is NaN".to_owned(),
        ));
    }
    // The bounds of Go's int64.
    if wanted.abs() >= 9_223_372_036_854_775_807.0 {
        let way = if wanted > 0.0 {
            "overflows"
        } else {
            "underflows"
        };
        let what = format!("Scalar value {wanted} {way} int64");
        return Err(EvaluateError::Contradiction(what));
    }
    if wanted < 1.0 {
        return Ok(0);
    }
    Ok(wanted.min(count(all)) as usize)
}

/// `limit_ratio`: a share of the series, given at a place; always the same ones; a negative share the others.
pub(super) fn share(
    evaluator: &mut Evaluator<'_>,
    grouped: &Grouped,
    (wanted, at): (&[f64], Place),
) -> Result<Vec<Column>, EvaluateError> {
    let mut picked = Picked::new(&grouped.columns);
    for (step, wanted) in wanted.iter().enumerate() {
        if wanted.is_nan() {
            return Err(EvaluateError::Contradiction(
                "Ratio value is NaN".to_owned(),
            ));
        }
        let share = wanted.clamp(-1.0, 1.0);
        if share.abs() < wanted.abs() {
            let what =
                format!("ratio value should be between -1 and 1, got {wanted}, capping to {share}");
            evaluator.notes.warn(&what, at);
        }
        evaluator.check()?;
        for (index, column) in grouped.columns.iter().enumerate() {
            let place = place(column);
            let is_wanted = if share >= 0.0 {
                place < share
            } else {
                place >= 1.0 + share
            };
            if is_wanted && !is_absent(column.values[step]) {
                picked.pick(index, step);
            }
        }
    }
    Ok(picked.columns)
}

/// A number from 0 to 1 that belongs to a series.
fn place(column: &Column) -> f64 {
    let mut hasher = DefaultHasher::new();
    column.labels.hash(&mut hasher);
    let high = u32::try_from(hasher.finish() >> 32).unwrap_or_default();
    f64::from(high) / f64::from(u32::MAX)
}
