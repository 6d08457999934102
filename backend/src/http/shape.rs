//! In which shape the errors below a path are answered: as those expect it who ask there; never what
//! went wrong.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::openapi::{Content, Ref};
use utoipa::{PartialSchema, ToSchema};

use super::extract::is_json;
use super::problem::Problem;
use super::prom::{self, PromError};
use crate::protobuf::{put_bytes, put_integer};

/// Where senders of remote write ask: they log an error's text as it comes.
const WRITE: &str = "/api/v1/prom/api/v1/write";
/// Where senders of OTLP ask.
const OTLP: &str = "/api/v1/otlp/";
const PROTOBUF: &str = "application/x-protobuf";

/// The shape of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// RFC 9457.
    Problem,
    /// Prometheus's envelope.
    Prometheus,
    /// The sentence alone.
    Plain,
    /// `google.rpc.Status`, as protobuf or, to who sent JSON, as JSON.
    Status,
}

/// `google.rpc.Status`, as OTLP has errors.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RpcStatus {
    /// The code of gRPC that comes next to the HTTP status.
    #[schema(example = 3)]
    code: u8,
    /// What went wrong, for a person.
    message: String,
}

impl Shape {
    /// The shape below that path.
    pub(super) fn of(path: &str) -> Self {
        if path == WRITE {
            Self::Plain
        } else if path.starts_with(prom::BASE) {
            Self::Prometheus
        } else if path.starts_with(OTLP) {
            Self::Status
        } else {
            Self::Problem
        }
    }

    /// The answer to a request with this id.
    pub(super) fn answer(self, problem: &Problem, request: &HttpRequest, id: &str) -> HttpResponse {
        match self {
            Self::Problem => problem.respond(id),
            Self::Prometheus => prom::error(problem),
            Self::Plain => {
                let words = problem.to_string().into_bytes();
                problem.respond_with("text/plain; charset=utf-8", words)
            }
            Self::Status => {
                let status = RpcStatus {
                    code: code(problem.status_code()),
                    message: problem.to_string(),
                };
                if is_json(request) {
                    // A number and a text cannot fail to be written.
                    let body = serde_json::to_vec(&status).unwrap_or_default();
                    return problem.respond_with("application/json", body);
                }
                problem.respond_with(PROTOBUF, status.message())
            }
        }
    }

    /// What a description of the API says of it: by content type.
    pub(super) fn contents(self) -> Vec<(&'static str, Content)> {
        let named = |name: &str| Content::new(Some(Ref::from_schema_name(name)));
        match self {
            Self::Problem => {
                let name = common::problem::Problem::name();
                vec![("application/problem+json", named(&name))]
            }
            Self::Prometheus => vec![("application/json", named(&PromError::name()))],
            Self::Plain => vec![("text/plain", Content::new(Some(String::schema())))],
            Self::Status => vec![
                (PROTOBUF, Content::new(Some(Vec::<u8>::schema()))),
                ("application/json", named(&RpcStatus::name())),
            ],
        }
    }
}

impl RpcStatus {
    fn message(&self) -> Vec<u8> {
        let mut message = Vec::new();
        put_integer(1, self.code.into(), &mut message);
        put_bytes(2, self.message.as_bytes(), &mut message);
        message
    }
}

/// The code of gRPC for an HTTP status.
fn code(status: StatusCode) -> u8 {
    match status.as_u16() {
        401 => 16,
        403 => 7,
        404 => 5,
        405 => 12,
        409 => 9,
        429 => 8,
        503 => 14,
        500.. => 13,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;

    use super::*;

    #[actix_web::test]
    async fn errors_come_in_the_shape_of_who_asks() {
        let (json, protobuf) = ("application/json", PROTOBUF);
        for (path, sent, kind, body) in [
            (WRITE, protobuf, "text/plain; charset=utf-8", "No."),
            (
                "/api/v1/prom/api/v1/query",
                json,
                json,
                "{\"status\":\"error\",\"errorType\":\"forbidden\",\"error\":\"No.\"}",
            ),
            (
                "/api/v1/otlp/v1/metrics",
                json,
                json,
                "{\"code\":7,\"message\":\"No.\"}",
            ),
            (
                "/api/v1/otlp/v1/metrics",
                protobuf,
                protobuf,
                "\u{8}\u{7}\u{12}\u{3}No.",
            ),
            (
                "/api/v1/otlp/v1/metrics",
                "",
                protobuf,
                "\u{8}\u{7}\u{12}\u{3}No.",
            ),
        ] {
            let request = TestRequest::with_uri(path).insert_header(("content-type", sent));
            let problem = Problem::new(StatusCode::FORBIDDEN, "No.");
            let answer = Shape::of(path).answer(&problem, &request.to_http_request(), "1");
            assert_eq!(answer.status(), StatusCode::FORBIDDEN);
            let told = answer.headers().get("content-type").unwrap();
            assert_eq!(told, kind, "{path}");
            assert_eq!(to_bytes(answer.into_body()).await.unwrap(), body, "{path}");
        }
        assert_eq!(Shape::of("/api/v1/alerts"), Shape::Problem);
    }
}
