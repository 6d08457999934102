//! Gives each request an id, answers errors with it and logs them; never changes what was decided.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, ResponseError};
use common::ids::UserId;
use uuid::Uuid;

use super::problem::Problem;
use super::shape::Shape;
use crate::auth::Proof;

/// The header with the id of a request.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id under which the log tells about this request.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The outermost layer around every request.
pub(super) async fn with_request_id(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let id = Uuid::now_v7().simple().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let answer = next.call(request).await?.map_into_boxed_body();
    let mut answer = match answer.response().error() {
        Some(error) => {
            let known = error.as_error::<Problem>();
            let foreign = known.is_none().then(|| from_foreign(error));
            match known.or(foreign.as_ref()) {
                Some(problem) => {
                    log(&answer, problem, &id);
                    let shape = Shape::of(answer.request().path());
                    let body = shape.answer(problem, answer.request(), &id);
                    answer.into_response(body)
                }
                None => answer,
            }
        }
        None => answer,
    };
    if let Ok(value) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(HEADER, value);
    }
    Ok(answer)
}

/// An error of the web server itself keeps its status; what it says goes to the log alone.
fn from_foreign(error: &actix_web::Error) -> Problem {
    let status = error.as_response_error().status_code();
    if status.is_server_error() {
        Problem::internal(error.to_string())
    } else {
        let reason = status.canonical_reason().unwrap_or("The request failed");
        Problem::new(status, format!("{reason}.")).caused_by(error.to_string())
    }
}

fn log(answer: &ServiceResponse, problem: &Problem, id: &str) {
    let request = answer.request();
    let (method, path) = (request.method(), request.path());
    let status = problem.status_code().as_u16();
    let user = user_of(request).map(tracing::field::display);
    let cause = problem.cause().map(tracing::field::display);
    if status == 503 {
        tracing::warn!(request_id = id, %method, path, status, user, cause, "request not served: {problem}");
    } else if status >= 500 {
        tracing::error!(request_id = id, %method, path, status, user, cause, "request failed: {problem}");
    } else {
        tracing::info!(request_id = id, %method, path, status, user, cause, "request refused: {problem}");
    }
}

/// Who asked; `None` when the guard let nobody in.
fn user_of(request: &HttpRequest) -> Option<UserId> {
    let extensions = request.extensions();
    let principal = extensions.get().and_then(Proof::principal)?;
    Some(principal.user)
}
