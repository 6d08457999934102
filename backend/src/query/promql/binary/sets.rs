//! `and`, `or`, `unless`: which series of two sides are there; never a value computed.

use std::collections::HashMap;

use crate::query::promql::column::{self, Column};
use crate::query::promql::error::EvaluateError;
use crate::query::promql::eval::Evaluator;
use crate::query::promql::labels::LabelSet;
use crate::query::promql::number::{ABSENT, is_absent};
use crate::query::promql::parse::{Matching, SetOperator};

/// At which steps any series with a signature has a value.
type Presence = HashMap<LabelSet, Vec<bool>>;

/// What is left of both sides.
pub(super) fn evaluate(
    evaluator: &Evaluator<'_>,
    operator: SetOperator,
    matching: &Matching,
    (mut left, mut right): (Vec<Column>, Vec<Column>),
) -> Result<Vec<Column>, EvaluateError> {
    evaluator.check()?;
    match operator {
        SetOperator::And => {
            let there = presence(matching, &right);
            keep(matching, &mut left, &there, true);
            Ok(left)
        }
        SetOperator::Unless => {
            let there = presence(matching, &right);
            keep(matching, &mut left, &there, false);
            Ok(left)
        }
        SetOperator::Or => {
            let there = presence(matching, &left);
            keep(matching, &mut right, &there, false);
            left.append(&mut right);
            column::merged(left)
        }
    }
}

fn presence(matching: &Matching, columns: &[Column]) -> Presence {
    let mut there = Presence::new();
    for column in columns {
        let signature = matching.signature(&column.labels);
        let steps = there
            .entry(signature)
            .or_insert_with(|| vec![false; column.values.len()]);
        for (is_there, value) in steps.iter_mut().zip(&column.values) {
            *is_there |= !is_absent(*value);
        }
    }
    there
}

/// Leaves the values at steps at which the signature is there, or at which it is not.
fn keep(matching: &Matching, columns: &mut Vec<Column>, there: &Presence, wanted: bool) {
    columns.retain_mut(|column| {
        match there.get(&matching.signature(&column.labels)) {
            Some(steps) => {
                for (value, is_there) in column.values.iter_mut().zip(steps) {
                    if *is_there != wanted {
                        *value = ABSENT;
                    }
                }
            }
            None if wanted => return false,
            None => {}
        }
        column.is_any()
    });
}
