//! Aggregations: many series into one a group; never which series there are.

mod fold;
mod pick;
mod values;

use std::collections::HashMap;

use super::column::{self, Column};
use super::error::EvaluateError;
use super::eval::Evaluator;
use super::labels::LabelSet;
use super::parse::{Aggregate, Aggregation, Grouping, Node};
use super::steps::Steps;

/// Columns with the group that each belongs to: told once, whatever the steps.
struct Grouped {
    columns: Vec<Column>,
    /// The group of each column.
    group: Vec<usize>,
    /// The labels of each group.
    labels: Vec<LabelSet>,
}

impl Grouped {
    fn new(columns: Vec<Column>, grouping: &Grouping) -> Self {
        let mut places: HashMap<LabelSet, usize> = HashMap::new();
        let mut labels = Vec::new();
        let mut group = Vec::with_capacity(columns.len());
        for column in &columns {
            let own = match grouping {
                Grouping::By(names) => column.labels.only(names),
                Grouping::Without(names) => column.labels.without(names),
            };
            let place = *places.entry(own.clone()).or_insert(labels.len());
            if place == labels.len() {
                labels.push(own);
            }
            group.push(place);
        }
        Self {
            columns,
            group,
            labels,
        }
    }

    /// The columns of each group.
    fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.labels.len()];
        for (column, group) in self.group.iter().enumerate() {
            members[*group].push(column);
        }
        members
    }
}

/// What an aggregation is worth.
pub(super) fn evaluate(
    evaluator: &mut Evaluator<'_>,
    aggregate: &Aggregate,
    steps: Steps,
) -> Result<Vec<Column>, EvaluateError> {
    let parameter = match &aggregate.parameter {
        Some(Node::Text(_)) | None => Vec::new(),
        Some(node) => evaluator.scalar(node, steps)?,
    };
    let mut columns = evaluator.vector(&aggregate.of, steps)?;
    if matches!(aggregate.how, Aggregation::Limitk | Aggregation::LimitRatio) {
        columns.sort_by(|a, b| a.labels.cmp(&b.labels));
    }
    let grouped = Grouped::new(columns, &aggregate.grouping);
    evaluator.bounded(grouped.labels.len().saturating_mul(steps.count))?;
    evaluator.check()?;
    match aggregate.how {
        Aggregation::Sum => Ok(fold::folded::<fold::Total>(&grouped, steps)),
        Aggregation::Avg => Ok(fold::folded::<fold::Average>(&grouped, steps)),
        Aggregation::Count => Ok(fold::folded::<fold::Count>(&grouped, steps)),
        Aggregation::Min => Ok(fold::folded::<fold::Least>(&grouped, steps)),
        Aggregation::Max => Ok(fold::folded::<fold::Most>(&grouped, steps)),
        Aggregation::Group => Ok(fold::folded::<fold::Any>(&grouped, steps)),
        Aggregation::Stdvar => Ok(fold::folded::<fold::Variance>(&grouped, steps)),
        Aggregation::Stddev => {
            let mut columns = fold::folded::<fold::Variance>(&grouped, steps);
            column::map(&mut columns, f64::sqrt);
            Ok(columns)
        }
        Aggregation::Quantile => {
            evaluator
                .notes
                .quantiles(&parameter, aggregate.parameter_at);
            values::quantiles(evaluator, &grouped, &parameter)
        }
        Aggregation::CountValues => match &aggregate.parameter {
            Some(Node::Text(label)) => values::counted(evaluator, &grouped, label, steps),
            _ => Ok(Vec::new()),
        },
        Aggregation::Topk | Aggregation::Bottomk | Aggregation::Limitk => {
            pick::some(evaluator, &grouped, aggregate.how, &parameter)
        }
        Aggregation::LimitRatio => {
            pick::share(evaluator, &grouped, (&parameter, aggregate.parameter_at))
        }
    }
}
