//! Functions of values at a moment; never of ranges.

mod absent;
pub(super) mod date;
mod histogram;
mod labels;
pub(super) mod math;
mod sort;

use super::column::{self, Column};
use super::error::EvaluateError;
use super::eval::{Evaluator, Worth};
use super::labels::LabelSet;
use super::number::{ABSENT, is_absent, seconds};
use super::parse::{Call, Function, Node};
use super::steps::Steps;

/// What a function is worth.
pub(super) fn evaluate(
    evaluator: &mut Evaluator<'_>,
    call: &Call,
    steps: Steps,
) -> Result<Worth, EvaluateError> {
    let (function, arguments) = (call.function, call.arguments.as_slice());
    let worth = match function {
        Function::Absent => vec![absent::instant(evaluator, arguments, steps)?],
        Function::AbsentOverTime => vec![absent::over_time(evaluator, arguments, steps)?],
        Function::HistogramQuantile | Function::HistogramFraction => {
            histogram::evaluate(evaluator, call, steps)?
        }
        Function::LabelReplace => labels::replaced(evaluator, arguments, steps)?,
        Function::LabelJoin => labels::joined(evaluator, arguments, steps)?,
        Function::Sort(is_down) => sort::by_value(evaluator, call, steps, is_down)?,
        Function::SortByLabel(is_down) => sort::by_label(evaluator, call, steps, is_down)?,
        Function::Timestamp => timestamps(evaluator, arguments, steps)?,
        Function::Date(part) => dates(evaluator, part, arguments, steps)?,
        Function::Each(change) => {
            let mut columns = argument(evaluator, arguments, steps)?;
            column::map(&mut columns, change);
            column::unnamed(columns)?
        }
        Function::Clamp | Function::ClampMax | Function::ClampMin | Function::Round => {
            bounded(evaluator, function, arguments, steps)?
        }
        Function::Vector => vec![Column {
            labels: LabelSet::none(),
            values: number(evaluator, arguments.first(), steps)?,
        }],
        Function::Over(_)
        | Function::End
        | Function::MaxOf
        | Function::MinOf
        | Function::Pi
        | Function::Range
        | Function::Scalar
        | Function::Start
        | Function::Step
        | Function::Time => return scalar(evaluator, function, arguments, steps),
    };
    Ok(Worth::Vector(worth))
}

/// The value a series that a function takes first.
fn argument(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Node],
    steps: Steps,
) -> Result<Vec<Column>, EvaluateError> {
    match arguments.first() {
        Some(node) => evaluator.vector(node, steps),
        None => Ok(Vec::new()),
    }
}

/// A number that a function takes; NaN without one.
fn number(
    evaluator: &mut Evaluator<'_>,
    argument: Option<&Node>,
    steps: Steps,
) -> Result<Vec<f64>, EvaluateError> {
    match argument {
        Some(node) => evaluator.scalar(node, steps),
        None => Ok(vec![f64::NAN; steps.count]),
    }
}

/// Functions that give a number for each step.
fn scalar(
    evaluator: &mut Evaluator<'_>,
    function: Function,
    arguments: &[Node],
    steps: Steps,
) -> Result<Worth, EvaluateError> {
    let whole = evaluator.whole();
    let same = |value: f64| vec![value; steps.count];
    Ok(Worth::Scalar(match function {
        Function::Pi => same(std::f64::consts::PI),
        Function::Start => same(seconds(whole.first_ms)),
        Function::End => same(seconds(evaluator.whole_end())),
        Function::Range => same(seconds(evaluator.whole_end() - whole.first_ms)),
        Function::Step if whole.count > 1 => same(seconds(whole.step_ms)),
        Function::Step => same(0.0),
        Function::Time => steps.iter().map(seconds).collect(),
        Function::MaxOf | Function::MinOf => {
            let mut values = number(evaluator, arguments.first(), steps)?;
            let others = number(evaluator, arguments.get(1), steps)?;
            for (value, other) in values.iter_mut().zip(others) {
                *value = match function {
                    Function::MaxOf => math::higher(*value, other),
                    _ => math::lower(*value, other),
                };
            }
            values
        }
        _ => only_value(&argument(evaluator, arguments, steps)?, steps),
    }))
}

/// The value of the only series at each step; NaN where there is none, or are several.
fn only_value(columns: &[Column], steps: Steps) -> Vec<f64> {
    let only = |step: usize| {
        let mut present = columns
            .iter()
            .map(|column| column.values[step])
            .filter(|value| !is_absent(*value));
        match (present.next(), present.next()) {
            (Some(value), None) => value,
            _ => f64::NAN,
        }
    };
    (0..steps.count).map(only).collect()
}

/// Functions of a value and of numbers that bound it.
fn bounded(
    evaluator: &mut Evaluator<'_>,
    function: Function,
    arguments: &[Node],
    steps: Steps,
) -> Result<Vec<Column>, EvaluateError> {
    let mut columns = argument(evaluator, arguments, steps)?;
    let first = match arguments.get(1) {
        Some(node) => evaluator.scalar(node, steps)?,
        // `round` alone rounds to whole numbers.
        None => vec![1.0; steps.count],
    };
    let second = match arguments.get(2) {
        Some(node) => evaluator.scalar(node, steps)?,
        None => Vec::new(),
    };
    for column in &mut columns {
        for (step, value) in column.values.iter_mut().enumerate() {
            if is_absent(*value) {
                continue;
            }
            *value = match (function, second.get(step)) {
                (Function::Clamp, Some(most)) if *most < first[step] => ABSENT,
                (Function::Clamp, Some(most)) => {
                    math::higher(first[step], math::lower(*most, *value))
                }
                (Function::ClampMax, _) => math::lower(first[step], *value),
                (Function::ClampMin, _) => math::higher(first[step], *value),
                _ => math::rounded(*value, first[step]),
            };
        }
    }
    column::unnamed(columns)
}

/// When the values were sampled, in seconds; of what is computed, the moment itself.
fn timestamps(
    evaluator: &mut Evaluator<'_>,
    arguments: &[Node],
    steps: Steps,
) -> Result<Vec<Column>, EvaluateError> {
    if let Some(Node::Instant(selection)) = arguments.first() {
        return column::unnamed(evaluator.times(selection, steps)?);
    }
    let mut columns = argument(evaluator, arguments, steps)?;
    for column in &mut columns {
        for (value, at) in column.values.iter_mut().zip(steps.iter()) {
            if !is_absent(*value) {
                *value = seconds(at);
            }
        }
    }
    column::unnamed(columns)
}

/// A part of the date that each value stands for; without an argument of the moment's.
fn dates(
    evaluator: &mut Evaluator<'_>,
    part: fn(i64) -> f64,
    arguments: &[Node],
    steps: Steps,
) -> Result<Vec<Column>, EvaluateError> {
    if arguments.is_empty() {
        let values = steps.iter().map(|at| part(at.div_euclid(1000))).collect();
        let labels = LabelSet::none();
        return Ok(vec![Column { labels, values }]);
    }
    let mut columns = argument(evaluator, arguments, steps)?;
    column::map(&mut columns, |value| {
        date::whole_seconds(value).map_or(f64::NAN, part)
    });
    column::unnamed(columns)
}
