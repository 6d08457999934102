//! Goes through an expression and puts columns together; never how a function comes to its value.

mod instant;
mod passed;
mod ranges;

use std::collections::BTreeSet;

use super::column::{self, Column};
use super::error::EvaluateError;
use super::number::is_absent;
use super::parse::{Fixed, Function, Kind, Node, Place, Shift};
use super::question::{MAX_STEPS, Question, Sample, Series, Value};
use super::select::Reader;
use super::steps::Steps;
use super::{aggregate, binary, functions, over_time};
use crate::query::{Budget, Cancel, Limits, Source};

pub(super) use ranges::{Window, Windows};

/// What is probably or perhaps wrong with a question, each remark once.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) warnings: BTreeSet<String>,
    pub(super) infos: BTreeSet<String>,
}

impl Notes {
    /// Something is probably wrong at a place.
    pub(super) fn warn(&mut self, what: &str, at: Place) {
        self.warnings
            .insert(format!("PromQL warning: {what} ({at})"));
    }

    /// Something may be wrong at a place.
    pub(super) fn inform(&mut self, what: &str, at: Place) {
        self.infos.insert(format!("PromQL info: {what} ({at})"));
    }

    /// Quantiles that are none, given at a place.
    pub(super) fn quantiles(&mut self, shares: &[f64], at: Place) {
        let mut last = None;
        for share in shares {
            // Most are the same at all steps.
            if (0.0..=1.0).contains(share) || last == Some(share.to_bits()) {
                continue;
            }
            last = Some(share.to_bits());
            let what = format!("quantile value should be between 0 and 1, got {share}");
            self.warn(&what, at);
        }
    }
}

/// What an expression is worth at all steps.
#[derive(Debug)]
pub(super) enum Worth {
    /// A number for each step.
    Scalar(Vec<f64>),
    Text(String),
    Vector(Vec<Column>),
}

/// Evaluates one question.
pub(super) struct Evaluator<'a> {
    pub(super) reader: Reader<'a>,
    limits: Limits,
    cancel: &'a Cancel,
    lookback_ms: i64,
    /// The steps of the whole question, whichever part of it is looked at.
    whole: Steps,
    end_ms: i64,
    pub(super) notes: Notes,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        source: &'a dyn Source,
        question: &'a Question,
        limits: Limits,
        cancel: &'a Cancel,
        whole: Steps,
    ) -> Self {
        let budget = Budget::new(limits.max_samples, cancel.clone());
        Self {
            reader: Reader::new(source, &question.names, limits, budget),
            limits,
            cancel,
            lookback_ms: question.lookback_ms,
            whole,
            end_ms: question.at.end_ms(),
            notes: Notes::default(),
        }
    }

    /// The answer at one moment.
    pub(super) fn instant(&mut self, node: &Node, at_ms: i64) -> Result<Value, EvaluateError> {
        if node.kind() == Kind::Matrix {
            return self.matrix(node, at_ms);
        }
        Ok(match self.eval(node, self.whole)? {
            Worth::Scalar(values) => Value::Scalar(at_ms, values[0]),
            Worth::Text(text) => Value::String(at_ms, text),
            Worth::Vector(columns) => {
                let samples = columns.into_iter().map(|column| Sample {
                    value: column.values[0],
                    labels: column.labels,
                    at_ms,
                });
                Value::Vector(samples.filter(|one| !is_absent(one.value)).collect())
            }
        })
    }

    /// The answer at several moments.
    pub(super) fn range(&mut self, node: &Node, steps: Steps) -> Result<Value, EvaluateError> {
        let columns = match node.kind() {
            Kind::Scalar | Kind::Vector => match self.eval(node, steps)? {
                Worth::Vector(columns) => columns,
                Worth::Scalar(values) => vec![Column {
                    labels: super::labels::LabelSet::none(),
                    values,
                }],
                Worth::Text(_) => Vec::new(),
            },
            kind @ (Kind::Text | Kind::Matrix) => {
                return Err(EvaluateError::NotForRanges(kind.as_str()));
            }
        };
        let series = columns.into_iter().map(|column| Series {
            points: steps
                .iter()
                .zip(column.values)
                .filter(|(_, value)| !is_absent(*value))
                .collect(),
            labels: column.labels,
        });
        let mut series: Vec<Series> = series.filter(|one| !one.points.is_empty()).collect();
        series.sort_by(|a, b| a.labels.cmp(&b.labels));
        Ok(Value::Matrix(series))
    }

    /// What an expression is worth at `steps`.
    pub(super) fn eval(&mut self, node: &Node, steps: Steps) -> Result<Worth, EvaluateError> {
        self.cancel.check()?;
        self.bounded(steps.count)?;
        match node {
            Node::Number(number) => Ok(Worth::Scalar(vec![*number; steps.count])),
            Node::Text(text) => Ok(Worth::Text(text.clone())),
            Node::Instant(selection) => self.selected(selection, steps).map(Worth::Vector),
            // Only functions and whole questions ask for ranges; both look at them themselves.
            Node::Range(..) | Node::Subquery(_) => {
                Err(EvaluateError::NotForRanges(node.kind().as_str()))
            }
            Node::Negated(of) => self.negated(of, steps),
            Node::Binary(binary) => binary::evaluate(self, binary, steps),
            Node::Aggregate(aggregate) => {
                aggregate::evaluate(self, aggregate, steps).map(Worth::Vector)
            }
            Node::Call(call) => match call.function {
                Function::Over(over) => {
                    over_time::evaluate(self, over, call, steps).map(Worth::Vector)
                }
                _ => functions::evaluate(self, call, steps),
            },
        }
    }

    /// An expression that gives a value a series.
    pub(super) fn vector(
        &mut self,
        node: &Node,
        steps: Steps,
    ) -> Result<Vec<Column>, EvaluateError> {
        match self.eval(node, steps)? {
            Worth::Vector(columns) => Ok(columns),
            Worth::Scalar(_) | Worth::Text(_) => Ok(Vec::new()),
        }
    }

    /// An expression that gives a number.
    pub(super) fn scalar(&mut self, node: &Node, steps: Steps) -> Result<Vec<f64>, EvaluateError> {
        match self.eval(node, steps)? {
            Worth::Scalar(values) => Ok(values),
            Worth::Vector(_) | Worth::Text(_) => Ok(vec![f64::NAN; steps.count]),
        }
    }

    fn negated(&mut self, of: &Node, steps: Steps) -> Result<Worth, EvaluateError> {
        Ok(match self.eval(of, steps)? {
            Worth::Scalar(values) => Worth::Scalar(values.into_iter().map(|it| -it).collect()),
            Worth::Vector(mut columns) => {
                column::map(&mut columns, |value| -value);
                Worth::Vector(column::unnamed(columns)?)
            }
            text @ Worth::Text(_) => text,
        })
    }

    /// The steps of the whole question.
    pub(super) fn whole(&self) -> Steps {
        self.whole
    }

    /// An error once nobody waits for the answer.
    pub(super) fn check(&self) -> Result<(), EvaluateError> {
        Ok(self.cancel.check()?)
    }

    /// An error when so many values cannot be held at once.
    pub(super) fn bounded(&self, found: usize) -> Result<(), EvaluateError> {
        let limit = self.limits.max_samples.max(MAX_STEPS);
        if found > limit {
            return Err(EvaluateError::TooManyValues { limit, found });
        }
        Ok(())
    }

    /// When something is looked at, whose time is shifted: at each step another moment, or at one
    /// moment that does not move.
    fn shifted(&self, shift: Shift, steps: Steps) -> Moments {
        let fixed = match shift.at {
            None => return Moments::Moving(steps.earlier(shift.offset_ms)),
            Some(Fixed::Start) => self.whole.first_ms,
            Some(Fixed::End) => self.whole_end(),
            Some(Fixed::At(at)) => at,
        };
        Moments::Fixed(Steps::one(fixed.saturating_sub(shift.offset_ms)))
    }

    /// The end of the whole question, at which no step has to lie.
    pub(super) fn whole_end(&self) -> i64 {
        self.end_ms
    }
}

/// When something is looked at.
enum Moments {
    Moving(Steps),
    /// At a single moment, whatever the step.
    Fixed(Steps),
}

impl Moments {
    fn steps(&self) -> Steps {
        match self {
            Self::Moving(steps) | Self::Fixed(steps) => *steps,
        }
    }

    /// A column of `count` steps: what was found at one moment stands at all of them.
    fn spread(&self, values: Vec<f64>, count: usize) -> Vec<f64> {
        match self {
            Self::Moving(_) => values,
            Self::Fixed(_) => vec![values[0]; count],
        }
    }
}
