//! An error answer as a value: RFC 9457 in, `application/problem+json` out; never why.

use std::borrow::Cow;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use common::problem::FieldError;

/// Start of every `type`.
const URN: &str = "urn:watchpost:problem:";

/// What an answer was caused by.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// An error answer. Its cause goes to the log with the request's id, never to the client.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    kind: Option<&'static str>,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Cause>,
}

impl Problem {
    /// An answer with this status and a sentence for a person.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Parts {
            status,
            kind: None,
            detail: detail.into(),
            errors: Vec::new(),
            headers: Vec::new(),
            cause: None,
        }))
    }

    /// 401, with the header that it demands.
    pub fn unauthorized(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail).header(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"watchpost\""),
        )
    }

    /// 404: there is no such object, or none that this person may see.
    pub fn not_found(what: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("There is no such {what}."))
    }

    /// 409: the object is in a state that forbids it.
    pub fn conflict(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    /// 412: the object changed since the caller read it.
    pub fn changed_since() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "It was changed in the meantime. Read it again.",
        )
    }

    /// 422: fields of the request are refused.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let mut problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            match errors.as_slice() {
                [only] if only.field.is_empty() => only.message.clone(),
                [only] => format!("{}: {}", only.field, only.message),
                several => format!("{} fields are not valid.", several.len()),
            },
        );
        problem.0.errors = errors;
        problem
    }

    /// 422: one field of the request is refused.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldError::new(field, message)])
    }

    /// 500 that tells the client nothing; the cause goes to the log.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong in the server. Its log tells more under the request id.",
        )
        .caused_by(cause)
    }

    /// 503 for a state that passes; the cause goes to the log.
    pub fn unavailable(
        detail: impl Into<Cow<'static, str>>,
        retry_after: Duration,
        cause: impl Into<Cause>,
    ) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
            .retry_after(retry_after)
            .caused_by(cause)
    }

    /// Names the kind, one of [`common::problem::kind`].
    #[must_use]
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.0.kind = Some(kind);
        self
    }

    /// Whether it is of this kind.
    pub fn is(&self, kind: &str) -> bool {
        self.0.kind == Some(kind)
    }

    /// Says in `Retry-After` when to try again, rounded up to seconds.
    #[must_use]
    pub fn retry_after(self, after: Duration) -> Self {
        let seconds = after.as_secs_f64().ceil().max(1.0);
        let value = HeaderValue::from_str(&format!("{seconds:.0}"));
        self.header(
            header::RETRY_AFTER,
            value.unwrap_or(HeaderValue::from_static("1")),
        )
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// Adds a cause for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Cause>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// The cause with its own causes, for the log; `None` when the client was at fault.
    pub fn cause(&self) -> Option<String> {
        let cause = self.0.cause.as_deref()?;
        let mut text = cause.to_string();
        let mut deeper = cause.source();
        while let Some(cause) = deeper {
            text = format!("{text}: {cause}");
            deeper = cause.source();
        }
        Some(text)
    }

    /// The answer as it crosses the wire.
    pub fn to_wire(&self, request_id: &str) -> common::problem::Problem {
        let parts = &self.0;
        let title = parts.status.canonical_reason().unwrap_or("Error");
        let slug = parts
            .kind
            .map_or_else(|| title.to_lowercase().replace(' ', "-"), ToOwned::to_owned);
        common::problem::Problem {
            kind: format!("{URN}{slug}"),
            title: title.to_owned(),
            status: parts.status.as_u16(),
            detail: parts.detail.clone().into_owned(),
            errors: parts.errors.clone(),
            request_id: request_id.to_owned(),
        }
    }

    /// The answer to the request with this id.
    pub fn respond(&self, request_id: &str) -> HttpResponse<BoxBody> {
        // Strings and numbers alone cannot fail to be written.
        let body = serde_json::to_vec(&self.to_wire(request_id)).unwrap_or_default();
        self.respond_with("application/problem+json", body)
    }

    /// The answer with a body of another shape.
    pub fn respond_with(&self, content_type: &str, body: Vec<u8>) -> HttpResponse<BoxBody> {
        let mut answer = HttpResponse::build(self.0.status);
        for (name, value) in &self.0.headers {
            answer.append_header((name.clone(), value.clone()));
        }
        answer.content_type(content_type).body(body)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    /// Without an id: the middleware that knows it answers again with [`Problem::respond`].
    fn error_response(&self) -> HttpResponse<BoxBody> {
        self.respond("")
    }
}
