//! Which series of both sides belong together, told once for all steps; never what becomes of their labels' values.

use std::collections::HashMap;

use super::{drops_name, of_samples};
use crate::query::promql::column::{self, Column};
use crate::query::promql::error::EvaluateError;
use crate::query::promql::eval::Evaluator;
use crate::query::promql::labels::LabelSet;
use crate::query::promql::number::{ABSENT, is_absent};
use crate::query::promql::parse::{Binary, Cardinality};
use crate::query::promql::steps::Steps;

/// Both sides, the one that may have several series for each of the other first.
struct Sides<'a> {
    binary: &'a Binary,
    many: &'a [Column],
    one: &'a [Column],
    /// `many` stands to the right.
    is_swapped: bool,
}

/// What an operator makes of two vectors.
pub(super) fn evaluate(
    evaluator: &Evaluator<'_>,
    binary: &Binary,
    (left, right): (Vec<Column>, Vec<Column>),
    steps: Steps,
) -> Result<Vec<Column>, EvaluateError> {
    let is_swapped = matches!(binary.matching.cardinality, Cardinality::OneToMany(_));
    let (many, one) = if is_swapped {
        (&right, &left)
    } else {
        (&left, &right)
    };
    let sides = Sides {
        binary,
        many,
        one,
        is_swapped,
    };
    let partners = sides.partners(evaluator)?;
    let mut columns = Vec::new();
    let mut taken = Taken::new();
    for many in sides.many {
        evaluator.check()?;
        let signature = binary.matching.signature(&many.labels);
        let Some(found) = partners.get(&signature) else {
            continue;
        };
        for one in found {
            evaluator.check()?;
            let one = &sides.one[*one];
            let labels = sides.labels(&many.labels, &one.labels);
            taken.check(
                &binary.matching.cardinality,
                &signature,
                &labels,
                (many, one),
            )?;
            let column = Column {
                values: sides.values(many, one),
                labels,
            };
            if column.is_any() {
                columns.push(column);
                evaluator.bounded(columns.len().saturating_mul(steps.count))?;
            }
        }
    }
    column::merged(columns)
}

impl Sides<'_> {
    /// The series of the "one" side by what they have in common with the other side; an error when
    /// several have the same at any step.
    fn partners(
        &self,
        evaluator: &Evaluator<'_>,
    ) -> Result<HashMap<LabelSet, Vec<usize>>, EvaluateError> {
        let matching = &self.binary.matching;
        let mut partners: HashMap<LabelSet, Vec<usize>> = HashMap::with_capacity(self.one.len());
        for (index, column) in self.one.iter().enumerate() {
            let signature = matching.signature(&column.labels);
            partners.entry(signature).or_default().push(index);
        }
        let asked = self.asked();
        for (signature, several) in partners.iter().filter(|(_, them)| them.len() > 1) {
            evaluator.check()?;
            if let Some((one, other)) = meeting(self.one, several, &asked) {
                return Err(self.ambiguous(signature, one, other));
            }
        }
        Ok(partners)
    }

    /// At which steps the "many" side has any value: at others nobody looks for a partner.
    fn asked(&self) -> Vec<bool> {
        let steps = self.one.first().map_or(0, |column| column.values.len());
        let mut asked = vec![false; steps];
        for column in self.many {
            for (is_asked, value) in asked.iter_mut().zip(&column.values) {
                *is_asked |= !is_absent(*value);
            }
        }
        asked
    }

    /// As Prometheus says that it is not clear which series is meant.
    fn ambiguous(&self, signature: &LabelSet, one: &Column, other: &Column) -> EvaluateError {
        let side = if self.is_swapped { "left" } else { "right" };
        let (first, second) = (&one.labels, &other.labels);
        let (first, second) = (first.min(second), first.max(second));
        EvaluateError::Contradiction(format!(
            "found duplicate series for the match group {signature} on the {side} hand-side of the \
             operation: [{first}, {second}];many-to-many matching not allowed: matching labels \
             must be unique on one side"
        ))
    }

    /// The labels of a result.
    fn labels(&self, many: &LabelSet, one: &LabelSet) -> LabelSet {
        let matching = &self.binary.matching;
        let kept = if drops_name(self.binary.operator) {
            many.without_name()
        } else {
            many.clone()
        };
        match &matching.cardinality {
            Cardinality::OneToOne if matching.is_on => kept.only(&matching.labels),
            Cardinality::OneToOne => {
                kept.filtered(|name| !matching.labels.iter().any(|one| one == name))
            }
            Cardinality::ManyToOne(include) | Cardinality::OneToMany(include) => {
                include.iter().fold(kept, |labels, name| {
                    labels.with(name, one.get(name).unwrap_or_default())
                })
            }
        }
    }

    fn values(&self, many: &Column, one: &Column) -> Vec<f64> {
        let worth = |(many, one): (&f64, &f64)| {
            if is_absent(*many) || is_absent(*one) {
                return ABSENT;
            }
            let (left, right) = if self.is_swapped {
                (*one, *many)
            } else {
                (*many, *one)
            };
            of_samples(self.binary.operator, left, right)
        };
        many.values.iter().zip(&one.values).map(worth).collect()
    }
}

/// Two of several columns that have a value at the same step that is asked for.
fn meeting<'a>(
    columns: &'a [Column],
    several: &[usize],
    asked: &[bool],
) -> Option<(&'a Column, &'a Column)> {
    let mut first: Vec<Option<usize>> = vec![None; asked.len()];
    for index in several {
        for (step, value) in columns[*index].values.iter().enumerate() {
            if is_absent(*value) || !asked[step] {
                continue;
            }
            if let Some(other) = first[step].replace(*index) {
                return Some((&columns[*index], &columns[other]));
            }
        }
    }
    None
}

/// At which steps a result is taken already: a second one there would be another result by the same
/// name.
struct Taken(HashMap<(LabelSet, Option<LabelSet>), Vec<bool>>);

impl Taken {
    fn new() -> Self {
        Self(HashMap::new())
    }

    fn check(
        &mut self,
        cardinality: &Cardinality,
        signature: &LabelSet,
        labels: &LabelSet,
        (many, one): (&Column, &Column),
    ) -> Result<(), EvaluateError> {
        let (place, what) = match cardinality {
            Cardinality::OneToOne => (
                None,
                "multiple matches for labels: many-to-one matching must be explicit \
                 (group_left/group_right)",
            ),
            Cardinality::ManyToOne(_) | Cardinality::OneToMany(_) => (
                Some(labels.clone()),
                "multiple matches for labels: grouping labels must ensure unique matches",
            ),
        };
        let steps = self
            .0
            .entry((signature.clone(), place))
            .or_insert_with(|| vec![false; many.values.len()]);
        let both = many.values.iter().zip(&one.values);
        for (is_taken, (many, one)) in steps.iter_mut().zip(both) {
            if is_absent(*many) || is_absent(*one) {
                continue;
            }
            if std::mem::replace(is_taken, true) {
                return Err(EvaluateError::Contradiction(what.to_owned()));
            }
        }
        Ok(())
    }
}
