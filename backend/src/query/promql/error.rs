//! Why a question in PromQL has no answer; never how that is said over HTTP.

use std::time::Duration;

use common::series::matcher::BadPattern;

use super::question::MAX_STEPS;
use crate::query::QueryError;

/// Why a question has no answer. What Prometheus has words for is said in its words.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// The end lies before the start.
    #[error("end timestamp must not be before start time")]
    EndBeforeStart,
    /// The step is no time.
    #[error(
        "zero or negative query resolution step widths are not accepted. Try a positive integer"
    )]
    NoStep,
    /// A moment beyond all calendars.
    #[error("the time {0} ms since 1970 is outside of what can be asked about")]
    OutsideOfTime(i64),
    /// More points a series than anybody draws.
    #[error(
        "exceeded maximum resolution of {} points per timeseries. Try decreasing the query \
         resolution (?step=XX)",
        Thousands(MAX_STEPS)
    )]
    TooManySteps,
    /// A range query of what has no value at a moment.
    #[error("invalid expression type \"{0}\" for range query, must be Scalar or instant Vector")]
    NotForRanges(&'static str),
    /// A pattern for a label is none.
    #[error(transparent)]
    Pattern(#[from] BadPattern),
    /// Values that do not go together, as Prometheus says it.
    #[error("{0}")]
    Contradiction(String),
    /// Two series of a result cannot be told apart.
    #[error("vector cannot contain metrics with the same labelset")]
    SameLabels,
    /// The values of all series and steps together would fill the memory.
    #[error(
        "query processing would load too many samples into memory in query execution: {found} \
         values, more than {limit}"
    )]
    TooManyValues {
        /// The most that are held.
        limit: usize,
        /// How many it would be.
        found: usize,
    },
    /// A limit of the engine, or the store.
    #[error(transparent)]
    Query(#[from] QueryError),
}

/// What sort of error it is, as the answer of Prometheus's API tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// It cannot be asked so.
    BadData,
    /// It can be asked, and has no answer with these series or within the limits.
    Execution,
    /// It took too long.
    TimedOut(Duration),
    /// Nobody waits for the answer.
    Cancelled,
    /// The store does not answer.
    Internal,
}

impl EvaluateError {
    /// What sort of error it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::EndBeforeStart
            | Self::NoStep
            | Self::OutsideOfTime(_)
            | Self::TooManySteps
            | Self::NotForRanges(_)
            | Self::Pattern(_) => ErrorKind::BadData,
            Self::Contradiction(_) | Self::SameLabels | Self::TooManyValues { .. } => {
                ErrorKind::Execution
            }
            Self::Query(error) => match error {
                QueryError::TimedOut(after) => ErrorKind::TimedOut(*after),
                QueryError::Cancelled => ErrorKind::Cancelled,
                QueryError::NotInMemory | QueryError::Source(_) => ErrorKind::Internal,
                QueryError::BackwardRange
                | QueryError::BadPattern(_)
                | QueryError::AnySeries
                | QueryError::MatchAndMetric
                | QueryError::Contradiction(_) => ErrorKind::BadData,
                QueryError::TooManyPoints { .. }
                | QueryError::AnswerTooLarge { .. }
                | QueryError::TooManySeries { .. }
                | QueryError::TooManySamples { .. } => ErrorKind::Execution,
            },
        }
    }
}

/// `11,000`
struct Thousands(usize);

impl std::fmt::Display for Thousands {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{},{:03}", self.0 / 1000, self.0 % 1000)
    }
}
