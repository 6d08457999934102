//! Labels made of labels; never a value changed.

use regex::{Regex, RegexBuilder};

use crate::query::promql::column::{self, Column};
use crate::query::promql::error::EvaluateError;
use crate::query::promql::eval::Evaluator;
use crate::query::promql::parse::Node;
use crate::query::promql::steps::Steps;

/// Bytes that a compiled pattern may have.
const MOST_BYTES: usize = 1 << 20;

/// `label_replace`: a label from what a pattern finds in another.
pub(super) fn replaced(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Node],
    steps: Steps,
) -> Result<Vec<Column>, EvaluateError> {
    let texts = texts(arguments);
    let [into, replacement, from, pattern] = texts[..] else {
        return Ok(Vec::new());
    };
    let pattern = compiled(pattern)?;
    checked("destination", "label_replace", into)?;
    let mut columns = super::argument(evaluator, arguments, steps)?;
    for column in &mut columns {
        evaluator.check()?;
        let value = column.labels.get(from).unwrap_or_default();
        if let Some(found) = pattern.captures(value) {
            let mut made = String::new();
            found.expand(replacement, &mut made);
            column.labels = column.labels.with(into, &made);
        }
    }
    column::merged(columns)
}

/// `label_join`: a label from others, with something between.
pub(super) fn joined(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Node],
    steps: Steps,
) -> Result<Vec<Column>, EvaluateError> {
    let texts = texts(arguments);
    let [into, between, ref from @ ..] = texts[..] else {
        return Ok(Vec::new());
    };
    for label in from {
        checked("source", "label_join", label)?;
    }
    checked("destination", "label_join", into)?;
    let mut columns = super::argument(evaluator, arguments, steps)?;
    for column in &mut columns {
        evaluator.check()?;
        let values = from.iter().map(|label| column.labels.get(label));
        let values: Vec<&str> = values.map(Option::unwrap_or_default).collect();
        column.labels = column.labels.with(into, &values.join(between));
    }
    column::merged(columns)
}

/// The texts among arguments.
pub(super) fn texts(arguments: &[Node]) -> Vec<&str> {
    let mut texts = Vec::new();
    for argument in arguments {
        if let Node::Text(text) = argument {
            texts.push(text.as_str());
        }
    }
    texts
}

fn compiled(pattern: &str) -> Result<Regex, EvaluateError> {
    RegexBuilder::new(&format!("^(?s:{pattern})$"))
        .size_limit(MOST_BYTES)
        .dfa_size_limit(MOST_BYTES)
        .build()
        .map_err(|_| {
            EvaluateError::Contradiction(format!(
                "invalid regular expression in label_replace(): {pattern}"
            ))
        })
}

fn checked(role: &str, function: &str, name: &str) -> Result<(), EvaluateError> {
    if name.is_empty() {
        return Err(EvaluateError::Contradiction(format!(
            "invalid {role} label name in {function}(): {name}"
        )));
    }
    Ok(())
}
