//! Why a question has no answer.

use std::time::Duration;

use common::series::matcher::BadPattern;

use crate::query::Cancel;

/// Why a question has no answer. The limits protect the server; narrower questions pass.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// `from` lies after `to`.
    #[error("from lies after to")]
    BackwardRange,
    /// A pattern for a label is none.
    #[error(transparent)]
    BadPattern(#[from] BadPattern),
    /// Neither a metric nor a label narrows the choice of series.
    #[error("names neither a metric nor a label that must have a value")]
    AnySeries,
    /// Series are chosen in two ways at once.
    #[error("stands in the place of metric and labels: leave those out")]
    MatchAndMetric,
    /// A series would have too many points.
    #[error("more than {limit} points a series: take a longer step or a shorter range")]
    TooManyPoints {
        /// The most that are given.
        limit: usize,
    },
    /// All series together would have too many points.
    #[error("more than {limit} points in all: take a longer step, or name a server or labels")]
    AnswerTooLarge {
        /// The most that are given.
        limit: usize,
    },
    /// Too many series match.
    #[error("{found} series match, more than {limit}: name a server or labels")]
    TooManySeries {
        /// The most that are read.
        limit: usize,
        /// How many match.
        found: usize,
    },
    /// Too many samples would have to be read.
    #[error(
        "about {found} samples would have to be read, more than {limit}: take a shorter range, \
         fewer series, or a step of whole hours"
    )]
    TooManySamples {
        /// The most that are read.
        limit: usize,
        /// How many it would be.
        found: u64,
    },
    /// The answer took too long.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// A chart and steps at once, or a sum of anything but a chart.
    #[error("{0}")]
    Contradiction(&'static str),
    /// Who asked has gone away, or the server stops.
    #[error("the query was cancelled")]
    Cancelled,
    /// It does not lie in memory, where alone it was looked for. Nobody is told: it is looked for elsewhere.
    #[error("not in memory")]
    NotInMemory,
    /// The stored series cannot be read.
    #[error("stored series cannot be read")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Cancel {
    /// An error once nobody waits for the answer.
    pub fn check(&self) -> Result<(), QueryError> {
        if self.is_cancelled() {
            Err(QueryError::Cancelled)
        } else {
            Ok(())
        }
    }
}
