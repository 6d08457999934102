//! Operators with an expression on either side; never how those come to their values.

mod matching;
mod sets;

use super::column::{self, Column};
use super::error::EvaluateError;
use super::eval::{Evaluator, Worth};
use super::labels::LabelSet;
use super::number::{ABSENT, is_absent};
use super::parse::{Arithmetic, Binary, Comparison, Matching, Operator};
use super::steps::Steps;

/// What an operator is worth.
pub(super) fn evaluate(
    evaluator: &mut Evaluator<'_>,
    binary: &Binary,
    steps: Steps,
) -> Result<Worth, EvaluateError> {
    let left = evaluator.eval(&binary.left, steps)?;
    let right = evaluator.eval(&binary.right, steps)?;
    let operator = binary.operator;
    Ok(match (left, right) {
        (Worth::Scalar(left), Worth::Scalar(right)) => {
            let sides = left.into_iter().zip(right);
            Worth::Scalar(sides.map(|(a, b)| of_scalars(operator, a, b)).collect())
        }
        (Worth::Vector(columns), Worth::Scalar(right)) => {
            Worth::Vector(with_scalar(operator, columns, &right, |a, b| (a, b))?)
        }
        (Worth::Scalar(left), Worth::Vector(columns)) => {
            Worth::Vector(with_scalar(operator, columns, &left, |a, b| (b, a))?)
        }
        (Worth::Vector(left), Worth::Vector(right)) => Worth::Vector(match operator {
            Operator::Set(set) => sets::evaluate(evaluator, set, &binary.matching, (left, right))?,
            Operator::Arithmetic(_) | Operator::Comparison(..) => {
                matching::evaluate(evaluator, binary, (left, right), steps)?
            }
        }),
        (text @ Worth::Text(_), _) | (_, text @ Worth::Text(_)) => text,
    })
}

/// Whether the name of the metric goes: the result is no sample of it.
fn drops_name(operator: Operator) -> bool {
    !matches!(operator, Operator::Comparison(_, false) | Operator::Set(_))
}

/// Of two numbers; a comparison gives 0 or 1.
fn of_scalars(operator: Operator, left: f64, right: f64) -> f64 {
    match operator {
        Operator::Comparison(comparison, _) => truth(compare(comparison, left, right)),
        _ => of_samples(operator, left, right),
    }
}

/// Of two samples; a comparison keeps the left one or nothing.
fn of_samples(operator: Operator, left: f64, right: f64) -> f64 {
    match operator {
        Operator::Arithmetic(arithmetic) => compute(arithmetic, left, right),
        Operator::Comparison(comparison, true) => truth(compare(comparison, left, right)),
        Operator::Comparison(comparison, false) if compare(comparison, left, right) => left,
        Operator::Comparison(..) | Operator::Set(_) => ABSENT,
    }
}

fn truth(is_true: bool) -> f64 {
    f64::from(u8::from(is_true))
}

fn compute(arithmetic: Arithmetic, left: f64, right: f64) -> f64 {
    match arithmetic {
        Arithmetic::Add => left + right,
        Arithmetic::Sub => left - right,
        Arithmetic::Mul => left * right,
        Arithmetic::Div => left / right,
        Arithmetic::Mod => left % right,
        Arithmetic::Pow => left.powf(right),
        Arithmetic::Atan2 => left.atan2(right),
    }
}

#[expect(clippy::float_cmp, reason = "the language compares bit for bit")]
fn compare(comparison: Comparison, left: f64, right: f64) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Greater => left > right,
        Comparison::Less => left < right,
        Comparison::GreaterOrEqual => left >= right,
        Comparison::LessOrEqual => left <= right,
    }
}

/// Each value with the number of its step; `sides` puts them in their order.
fn with_scalar(
    operator: Operator,
    mut columns: Vec<Column>,
    numbers: &[f64],
    sides: impl Fn(f64, f64) -> (f64, f64),
) -> Result<Vec<Column>, EvaluateError> {
    for column in &mut columns {
        for (value, number) in column.values.iter_mut().zip(numbers) {
            if is_absent(*value) {
                continue;
            }
            let (left, right) = sides(*value, *number);
            *value = match operator {
                // What is kept is always the sample, on whichever side it stands.
                Operator::Comparison(comparison, false) => {
                    if compare(comparison, left, right) {
                        *value
                    } else {
                        ABSENT
                    }
                }
                _ => of_samples(operator, left, right),
            };
        }
    }
    if drops_name(operator) {
        return column::unnamed(columns);
    }
    columns.retain(Column::is_any);
    Ok(columns)
}

impl Matching {
    /// What series of both sides must have in common.
    fn signature(&self, labels: &LabelSet) -> LabelSet {
        if self.is_on {
            labels.only(&self.labels)
        } else {
            labels.without(&self.labels)
        }
    }
}
