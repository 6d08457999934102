//! Errors in Prometheus's envelope, `{"status":"error",…}`; never why something failed.

use actix_web::body::BoxBody;
use actix_web::{HttpResponse, ResponseError};
use common::problem::kind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem::Problem;

/// When a client has gone: a status of nginx that Prometheus took over.
pub(super) const CLIENT_GONE: u16 = 499;

/// An error as Prometheus writes it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct PromError {
    /// Always `error`.
    #[schema(example = "error")]
    status: &'static str,
    /// What kind it is: `bad_data`, `execution`, `timeout`, `canceled`, `not_found`, `unauthorized`,
    /// `forbidden`, `unavailable` or `internal`.
    #[serde(rename = "errorType")]
    #[schema(example = "bad_data")]
    error_type: &'static str,
    /// What went wrong, for a person.
    error: String,
}

/// An error answer below [`super::BASE`].
pub(in crate::http) fn error(problem: &Problem) -> HttpResponse<BoxBody> {
    let answer = PromError {
        status: "error",
        error_type: error_type(problem),
        error: problem.to_string(),
    };
    // Texts alone cannot fail to be written.
    let body = serde_json::to_vec(&answer).unwrap_or_default();
    problem.respond_with("application/json", body)
}

fn error_type(problem: &Problem) -> &'static str {
    match problem.status_code().as_u16() {
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not_found",
        422 => "execution",
        CLIENT_GONE => "canceled",
        503 if problem.is(kind::TIMEOUT) => "timeout",
        429 | 503 => "unavailable",
        500.. => "internal",
        _ => "bad_data",
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;

    use super::*;

    #[test]
    fn errors_have_prometheus_names() {
        let timeout = StatusCode::SERVICE_UNAVAILABLE;
        for (problem, code, name) in [
            (
                Problem::new(timeout, "x").kind(kind::TIMEOUT),
                503,
                "timeout",
            ),
            (Problem::new(timeout, "x"), 503, "unavailable"),
            (Problem::unauthorized("x"), 401, "unauthorized"),
            (Problem::not_found("x"), 404, "not_found"),
            (Problem::internal("x"), 500, "internal"),
            (Problem::field("x", "y"), 422, "execution"),
            (
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "x"),
                413,
                "bad_data",
            ),
        ] {
            assert_eq!(error(&problem).status().as_u16(), code, "{name}");
            assert_eq!(error_type(&problem), name, "{code}");
        }
    }
}
