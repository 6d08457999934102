//! What an unanswered question about readings becomes; without a catch-all arm.

use common::problem::FieldError;

use super::{Problem, SOON};
use crate::app::PageError;
use crate::fleet::ReadingsError;
use crate::query::QueryError;
use crate::store::StoreError;

impl From<ReadingsError> for Problem {
    fn from(error: ReadingsError) -> Self {
        match error {
            ReadingsError::NoServer => Self::not_found("server"),
            ReadingsError::Match(
                error @ (QueryError::TooManySeries { .. }
                | QueryError::BadPattern(_)
                | QueryError::AnySeries
                | QueryError::MatchAndMetric),
            ) => Self::field("match[]", error.to_string()),
            ReadingsError::Query(error) | ReadingsError::Match(error) => error.into(),
            ReadingsError::OneOfSeveral { index, error } => match *error {
                ReadingsError::Query(error) => of_query(error, &format!("queries[{index}].")),
                other @ (ReadingsError::NoServer
                | ReadingsError::Match(_)
                | ReadingsError::OneOfSeveral { .. }) => other.into(),
            },
        }
    }
}

impl From<PageError> for Problem {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Query(error) => error.into(),
            PageError::Store(error) => error.into(),
            PageError::Jobs(error) => error.into(),
        }
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        of_query(error, "")
    }
}

/// `path` stands before the names of fields.
fn of_query(error: QueryError, path: &str) -> Problem {
    let field = match &error {
        QueryError::BackwardRange | QueryError::TooManySamples { .. } => "from",
        QueryError::TooManyPoints { .. } | QueryError::AnswerTooLarge { .. } => "step",
        QueryError::TooManySeries { .. } | QueryError::AnySeries | QueryError::MatchAndMetric => {
            "metric"
        }
        QueryError::BadPattern(_) => "labels",
        QueryError::Contradiction(_) => "width",
        QueryError::TimedOut(_) => {
            let detail = "The answer took too long: take a shorter range or fewer series.";
            return Problem::unavailable(detail, SOON, error);
        }
        QueryError::Cancelled => {
            return Problem::unavailable("The server is stopping.", SOON, error);
        }
        QueryError::NotInMemory | QueryError::Source(_) => return of_source(error),
    };
    let field = format!("{path}{field}");
    Problem::fields(vec![FieldError::new(field, error.to_string())])
}

/// What the store says is said as it is for every other part.
pub(super) fn of_source(error: QueryError) -> Problem {
    let QueryError::Source(cause) = error else {
        return Problem::internal(error);
    };
    match cause.downcast::<StoreError>() {
        Ok(error) => (*error).into(),
        Err(cause) => Problem::internal(cause),
    }
}
