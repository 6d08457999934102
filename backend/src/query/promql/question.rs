//! What is asked in PromQL and what comes back; never how it is found.

use std::collections::BTreeSet;
use std::sync::Arc;

use common::series::matcher::MatchOp;

use super::error::EvaluateError;
use super::eval::Evaluator;
use super::labels::LabelSet;
use super::names::Names;
use super::parse::Expression;
use super::steps::Steps;
use crate::query::{Cancel, Engine, Limits, QueryError, Source};

/// Points that a series of an answer may have.
pub const MAX_STEPS: usize = 11_000;
/// Remarks of a kind that an answer has, as in Prometheus.
const MOST_REMARKS: usize = 10;
/// The year 33658; times and ranges up to there are added without an overflow.
const LAST_MS: i64 = 1_000_000_000_000_000;

/// Samples that are read on the thread that asks, at most.
const AT_HAND: usize = 40_000;

/// A question.
#[derive(Debug, Clone)]
pub struct Question {
    /// What is asked.
    pub expression: Expression,
    /// When.
    pub at: At,
    /// How far back a sample is looked for, milliseconds; Prometheus looks back five minutes.
    pub lookback_ms: i64,
    /// The servers that who asks may see.
    pub names: Arc<Names>,
}

/// The moments that are asked about, milliseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// A single one.
    Instant(i64),
    /// Several at equal distances.
    Range {
        /// The first.
        start_ms: i64,
        /// None is later.
        end_ms: i64,
        /// From one to the next.
        step_ms: i64,
    },
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// What the expression is worth.
    pub value: Value,
    /// What is probably wrong with the question.
    pub warnings: Vec<String>,
    /// What may be wrong with it.
    pub infos: Vec<String>,
    /// Stored series that were read.
    pub series_read: usize,
    /// Samples that were read.
    pub samples_read: usize,
}

/// What an expression is worth.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number at a moment, milliseconds since the epoch.
    Scalar(i64, f64),
    /// A text at a moment, milliseconds since the epoch.
    String(i64, String),
    /// A value a series, at the one moment.
    Vector(Vec<Sample>),
    /// Values of several moments, a list a series, sorted by labels.
    Matrix(Vec<Series>),
}

/// The value of a series at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Which series.
    pub labels: LabelSet,
    /// Milliseconds since the epoch.
    pub at_ms: i64,
    /// Any number, NaN and infinities included.
    pub value: f64,
}

/// The values of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Which series.
    pub labels: LabelSet,
    /// Milliseconds since the epoch with the values, ascending; never empty.
    pub points: Vec<(i64, f64)>,
}

impl At {
    /// The last moment that is asked about; a step lies at it or before it.
    pub(super) fn end_ms(self) -> i64 {
        match self {
            Self::Instant(at) => at,
            Self::Range { end_ms, .. } => end_ms,
        }
    }

    /// The steps; an error when there are none, or too many.
    pub(super) fn steps(self) -> Result<Steps, EvaluateError> {
        let outside = |at: &i64| !(-LAST_MS..=LAST_MS).contains(at);
        match self {
            Self::Instant(at) if outside(&at) => Err(EvaluateError::OutsideOfTime(at)),
            Self::Instant(at) => Ok(Steps::one(at)),
            Self::Range {
                start_ms,
                end_ms,
                step_ms,
            } => {
                if let Some(at) = [start_ms, end_ms].into_iter().find(outside) {
                    return Err(EvaluateError::OutsideOfTime(at));
                }
                if end_ms < start_ms {
                    return Err(EvaluateError::EndBeforeStart);
                }
                if step_ms <= 0 {
                    return Err(EvaluateError::NoStep);
                }
                let steps = Steps::between(start_ms, end_ms, step_ms);
                // As Prometheus counts: the first point is not one of them.
                if steps.count - 1 > MAX_STEPS {
                    return Err(EvaluateError::TooManySteps);
                }
                Ok(steps)
            }
        }
    }
}

impl Engine {
    /// Answers one question in PromQL. Dropping the future ends the work.
    pub async fn evaluate(&self, question: Question) -> Result<Evaluation, EvaluateError> {
        if let Some(evaluation) = self.at_hand(&question) {
            return Ok(evaluation);
        }
        let limits = self.limits();
        self.blocking(move |source, cancel| {
            match evaluate(source, &question, limits, &cancel) {
                // Told on, so that it is counted.
                Err(EvaluateError::Query(QueryError::Cancelled)) => Err(QueryError::Cancelled),
                outcome => Ok(outcome),
            }
        })
        .await?
    }
}

impl Engine {
    /// Few plain series that lie in memory, read here: another thread takes longer to wake up.
    /// `None` for all else, also for what goes wrong: it goes wrong again and is told then.
    fn at_hand(&self, question: &Question) -> Option<Evaluation> {
        let mut matchers = question.expression.matchers()?.iter();
        if !matchers.all(|matcher| matcher.op == MatchOp::Equal) {
            return None;
        }
        let limits = Limits {
            max_samples: AT_HAND,
            ..self.limits()
        };
        let source = self.source().at_hand()?;
        evaluate(&*source, question, limits, &Cancel::default()).ok()
    }
}

/// Answers one question on the calling thread.
pub(in crate::query) fn evaluate(
    source: &dyn Source,
    question: &Question,
    limits: Limits,
    cancel: &Cancel,
) -> Result<Evaluation, EvaluateError> {
    let steps = question.at.steps()?;
    let mut evaluator = Evaluator::new(source, question, limits, cancel, steps);
    let value = match question.at {
        At::Instant(at) => evaluator.instant(question.expression.node(), at)?,
        At::Range { .. } => evaluator.range(question.expression.node(), steps)?,
    };
    Ok(Evaluation {
        value,
        warnings: some(evaluator.notes.warnings, "warning"),
        infos: some(evaluator.notes.infos, "info"),
        series_read: evaluator.reader.series_read,
        samples_read: evaluator.reader.samples_read,
    })
}

/// The first remarks, and how many more there are.
fn some(remarks: BTreeSet<String>, kind: &str) -> Vec<String> {
    let more = remarks.len().saturating_sub(MOST_REMARKS);
    let mut shown: Vec<String> = remarks.into_iter().take(MOST_REMARKS).collect();
    if more > 0 {
        shown.push(format!("{more} more {kind} annotations omitted"));
    }
    shown
}
