//! What a refused rule becomes, and one that could not be tried; without a catch-all arm.

use actix_web::http::StatusCode;

use super::Problem;
use crate::alerts::RuleError;
use crate::query::QueryError;

impl From<RuleError> for Problem {
    fn from(error: RuleError) -> Self {
        match error {
            RuleError::NotFound(_) => Self::not_found("rule"),
            RuleError::Invalid(errors) => Self::fields(errors),
            RuleError::NameTaken(_) => Self::field("name", "is taken by another rule"),
            RuleError::Changed => Self::changed_since(),
            RuleError::OutOfScope => Self::new(
                StatusCode::FORBIDDEN,
                "The rule applies to servers that you do not see. Limit it to your groups.",
            ),
            RuleError::Tried(error) => tried(error),
            RuleError::Store(error) => error.into(),
        }
    }
}

/// The series are chosen by the rule, the range stands beside it.
fn tried(error: QueryError) -> Problem {
    match error {
        QueryError::TooManySeries { .. }
        | QueryError::BadPattern(_)
        | QueryError::AnySeries
        | QueryError::MatchAndMetric => Problem::field("rule.metric", error.to_string()),
        other @ (QueryError::BackwardRange
        | QueryError::TooManyPoints { .. }
        | QueryError::AnswerTooLarge { .. }
        | QueryError::TooManySamples { .. }
        | QueryError::TimedOut(_)
        | QueryError::NotInMemory
        | QueryError::Contradiction(_)
        | QueryError::Cancelled
        | QueryError::Source(_)) => other.into(),
    }
}
