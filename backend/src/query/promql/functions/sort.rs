//! The order of the series of an answer at one moment; of several moments it is always by labels.

use std::cmp::Ordering;

use super::labels::texts;
use crate::query::promql::column::Column;
use crate::query::promql::error::EvaluateError;
use crate::query::promql::eval::Evaluator;
use crate::query::promql::parse::Call;
use crate::query::promql::steps::Steps;

/// By value; NaN last in either direction.
pub(super) fn by_value(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    steps: Steps,
    is_down: bool,
) -> Result<Vec<Column>, EvaluateError> {
    let mut columns = super::argument(evaluator, &call.arguments, steps)?;
    if is_sortable(evaluator, call, steps) {
        columns.sort_by(|a, b| {
            let (a, b) = (a.values[0], b.values[0]);
            let by_value = a.partial_cmp(&b).unwrap_or(Ordering::Equal);
            let by_value = if is_down {
                by_value.reverse()
            } else {
                by_value
            };
            a.is_nan().cmp(&b.is_nan()).then(by_value)
        });
    }
    Ok(columns)
}

/// By labels, numbers in them by their value.
pub(super) fn by_label(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    steps: Steps,
    is_down: bool,
) -> Result<Vec<Column>, EvaluateError> {
    let names = texts(&call.arguments);
    let mut columns = super::argument(evaluator, &call.arguments, steps)?;
    if is_sortable(evaluator, call, steps) {
        columns.sort_by(|a, b| {
            let value = |column: &'_ Column, name: &str| {
                column.labels.get(name).unwrap_or_default().to_owned()
            };
            let differing = names
                .iter()
                .map(|name| natural(&value(a, name), &value(b, name)))
                .find(|order| order.is_ne());
            let order = differing.unwrap_or_else(|| a.labels.cmp(&b.labels));
            if is_down { order.reverse() } else { order }
        });
    }
    Ok(columns)
}

fn is_sortable(evaluator: &mut Evaluator<'_>, call: &Call, steps: Steps) -> bool {
    if steps.count > 1 {
        let what =
            "sort is ineffective for range queries since results are always ordered by labels";
        evaluator.notes.warn(what, call.places.call);
    }
    steps.count == 1
}

/// Texts by their pieces, runs of digits by the number that they are.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one, other);
    loop {
        let ((a, rest_one), (b, rest_other)) = (piece(one), piece(other));
        let order = match (number(a), number(b)) {
            // Longer without leading zeros is higher, however many digits there are.
            (Some(a), Some(b)) => a.len().cmp(&b.len()).then(a.cmp(b)),
            _ => a.cmp(b),
        };
        if order.is_ne() || (a.is_empty() && b.is_empty()) {
            return order;
        }
        (one, other) = (rest_one, rest_other);
    }
}

/// The run of digits or of others at the start, and the rest.
fn piece(text: &str) -> (&str, &str) {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != is_number);
    text.split_at(end.unwrap_or(text.len()))
}

/// A run of digits without its leading zeros.
fn number(piece: &str) -> Option<&str> {
    let is_number = piece.starts_with(|c: char| c.is_ascii_digit());
    is_number.then(|| piece.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_labels_are_sorted_by_value() {
        let mut texts = ["cpu10", "cpu2", "cpu", "cpu02x", "", "a1b20", "a1b3"];
        texts.sort_by(|a, b| natural(a, b));
        assert_eq!(
            texts,
            ["", "a1b3", "a1b20", "cpu", "cpu2", "cpu02x", "cpu10"]
        );
    }
}
