//! What an expression is worth at all steps of a question; never how it was found.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::error::EvaluateError;
use super::labels::LabelSet;
use super::number::is_absent;

/// The values of one series, one for each step; the mark of absence where there is none.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) labels: LabelSet,
    pub(super) values: Vec<f64>,
}

impl Column {
    /// It has a value at some step.
    pub(super) fn is_any(&self) -> bool {
        self.values.iter().any(|value| !is_absent(*value))
    }
}

/// The same for each column: values changed one by one where there are any.
pub(super) fn map(columns: &mut [Column], change: impl Fn(f64) -> f64) {
    for column in columns {
        for value in &mut column.values {
            if !is_absent(*value) {
                *value = change(*value);
            }
        }
    }
}

/// Columns without the name of the metric, each set of labels once.
pub(super) fn unnamed(mut columns: Vec<Column>) -> Result<Vec<Column>, EvaluateError> {
    for column in &mut columns {
        column.labels = column.labels.without_name();
    }
    merged(columns)
}

/// Each set of labels once: columns with the same labels become one, and it is an error when two have
/// a value at the same step. Columns without any value are left out.
pub(super) fn merged(columns: Vec<Column>) -> Result<Vec<Column>, EvaluateError> {
    let mut places: HashMap<LabelSet, usize> = HashMap::with_capacity(columns.len());
    let mut merged: Vec<Column> = Vec::with_capacity(columns.len());
    for column in columns {
        if !column.is_any() {
            continue;
        }
        match places.entry(column.labels.clone()) {
            Entry::Vacant(place) => {
                place.insert(merged.len());
                merged.push(column);
            }
            Entry::Occupied(place) => {
                if !fill(&mut merged[*place.get()].values, &column.values) {
                    return Err(EvaluateError::SameLabels);
                }
            }
        }
    }
    Ok(merged)
}

/// Puts values where there are none; `false` when there was one already.
pub(super) fn fill(values: &mut [f64], others: &[f64]) -> bool {
    for (value, other) in values.iter_mut().zip(others) {
        if is_absent(*other) {
            continue;
        }
        if !is_absent(*value) {
            return false;
        }
        *value = *other;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::number::ABSENT;
    use super::*;

    fn column(label: &str, values: &[f64]) -> Column {
        Column {
            labels: LabelSet::of([("__name__", label), ("a", "b")]),
            values: values.to_vec(),
        }
    }

    #[test]
    fn columns_that_look_the_same_are_merged_unless_they_meet() {
        let apart = vec![column("x", &[1.0, ABSENT]), column("y", &[ABSENT, 2.0])];
        let merged = unnamed(apart).unwrap();
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].values, [1.0, 2.0]);
        let meeting = vec![column("x", &[1.0, 1.0]), column("y", &[ABSENT, 2.0])];
        assert!(matches!(unnamed(meeting), Err(EvaluateError::SameLabels)));
        assert!(unnamed(vec![column("x", &[ABSENT])]).unwrap().is_empty());
    }
}
