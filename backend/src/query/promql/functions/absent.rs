//! What is missing: 1 where an expression has no value; never what is there.

use std::collections::BTreeMap;

use common::series::matcher::{MatchOp, Matcher, NAME_LABEL};

use crate::query::promql::column::Column;
use crate::query::promql::error::EvaluateError;
use crate::query::promql::eval::Evaluator;
use crate::query::promql::labels::LabelSet;
use crate::query::promql::number::{ABSENT, is_absent};
use crate::query::promql::parse::Node;
use crate::query::promql::steps::Steps;

/// 1 at each step at which no series has a value.
pub(super) fn instant(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Node],
    steps: Steps,
) -> Result<Column, EvaluateError> {
    let mut values = vec![1.0; steps.count];
    for column in super::argument(evaluator, arguments, steps)? {
        cross_out(&mut values, &column.values);
    }
    let labels = arguments.first().map_or_else(LabelSet::none, labels);
    Ok(Column { labels, values })
}

/// 1 at each step at which no series has a sample in the range.
pub(super) fn over_time(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Node],
    steps: Steps,
) -> Result<Column, EvaluateError> {
    let mut values = vec![1.0; steps.count];
    if let Some(range) = arguments.first() {
        evaluator.each_range(range, steps, |_, _, times, samples, windows| {
            cross_out(&mut values, &windows.column(times, samples, |_| 1.0));
            Ok(())
        })?;
    }
    let labels = arguments.first().map_or_else(LabelSet::none, labels);
    Ok(Column { labels, values })
}

fn cross_out(values: &mut [f64], present: &[f64]) {
    for (value, other) in values.iter_mut().zip(present) {
        if !is_absent(*other) {
            *value = ABSENT;
        }
    }
}

/// The labels that a selector asks for by `=`, each of them once.
fn labels(node: &Node) -> LabelSet {
    let (Node::Instant(selection) | Node::Range(selection, _)) = node else {
        return LabelSet::none();
    };
    let mut labels: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for Matcher { name, op, value } in &selection.matchers {
        if name == NAME_LABEL {
            continue;
        }
        let is_first = !labels.contains_key(name.as_str());
        let value = Some(value.as_str()).filter(|_| *op == MatchOp::Equal && is_first);
        labels.insert(name, value);
    }
    LabelSet::of(
        labels
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?))),
    )
}
