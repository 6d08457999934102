//! What an unanswered question in PromQL becomes; without a catch-all arm.

use super::Problem;
use super::readings::of_source;
use crate::http::prom::Fault;
use crate::query::promql::{ErrorKind, EvaluateError};

impl From<EvaluateError> for Problem {
    fn from(error: EvaluateError) -> Self {
        match error.kind() {
            ErrorKind::BadData => Fault::parameter("query", error),
            ErrorKind::Execution => Fault::Execution.because(error),
            ErrorKind::TimedOut(_) => {
                Fault::Timeout.because("query timed out in expression evaluation")
            }
            ErrorKind::Cancelled => {
                Fault::Canceled.because("query was canceled in expression evaluation")
            }
            ErrorKind::Internal => of_store(error),
        }
    }
}

fn of_store(error: EvaluateError) -> Problem {
    if let EvaluateError::Query(error) = error {
        of_source(error)
    } else {
        Problem::internal(error)
    }
}
