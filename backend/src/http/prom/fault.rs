//! What is wrong with a request or its answer, as Prometheus tells it apart; never how it is written.

use actix_web::http::StatusCode;
use common::problem::kind;

use super::envelope::CLIENT_GONE;
use crate::http::problem::Problem;

/// What went wrong, as Prometheus tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Fault {
    /// The request cannot be understood: 400.
    BadData,
    /// It can, and has no answer: 422.
    Execution,
    /// It took too long: 503.
    Timeout,
    /// Nobody waits for the answer: 499.
    Canceled,
}

impl Fault {
    /// The answer with that sentence.
    pub(in crate::http) fn because(self, sentence: impl std::fmt::Display) -> Problem {
        let status = match self {
            Self::BadData => StatusCode::BAD_REQUEST,
            Self::Execution => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Timeout => StatusCode::SERVICE_UNAVAILABLE,
            Self::Canceled => {
                StatusCode::from_u16(CLIENT_GONE).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
            }
        };
        let problem = Problem::new(status, sentence.to_string());
        match self {
            Self::Timeout => problem.kind(kind::TIMEOUT),
            Self::BadData | Self::Execution | Self::Canceled => problem,
        }
    }

    /// The answer about a parameter.
    pub(in crate::http) fn parameter(name: &str, what: impl std::fmt::Display) -> Problem {
        Self::BadData.because(format_args!("invalid parameter {name:?}: {what}"))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;

    use super::*;

    #[test]
    fn faults_have_prometheus_codes() {
        for (fault, code) in [
            (Fault::BadData, 400),
            (Fault::Execution, 422),
            (Fault::Timeout, 503),
            (Fault::Canceled, 499),
        ] {
            let problem = fault.because("x");
            assert_eq!(problem.status_code().as_u16(), code, "{fault:?}");
        }
        let problem = Fault::parameter("step", "zero");
        assert_eq!(problem.to_string(), "invalid parameter \"step\": zero");
    }
}
