//! JSON bodies: size, kind, syntax and fields, in the order of the API; never what values mean.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use crate::http::problem::Problem;
use common::json_fault::field_error;

/// What a JSON body may have at most.
pub(super) const LIMIT_BYTES: usize = 1024 * 1024;
/// How much of a body that is too large is read and dropped, so that the client gets to read the answer.
const DROPPED_BYTES: usize = 8 * 1024 * 1024;

/// A JSON body that has to be there.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// A JSON body that may be left out altogether.
#[derive(Debug)]
pub struct OptionalBody<T>(pub T);

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let body = read(&request, payload).await?;
            check_kind(&request)?;
            parse(&body).map(Self)
        })
    }
}

impl<T: DeserializeOwned + Default + 'static> FromRequest for OptionalBody<T> {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let body = read(&request, payload).await?;
            if body.is_empty() {
                return Ok(Self(T::default()));
            }
            check_kind(&request)?;
            parse(&body).map(Self)
        })
    }
}

/// The whole body; 413 beyond the limit.
pub(super) async fn read(request: &HttpRequest, mut payload: Payload) -> Result<Bytes, Problem> {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .unwrap_or(0);
    let mut body = BytesMut::with_capacity(announced.min(LIMIT_BYTES));
    let mut length: usize = 0;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(incomplete)?;
        length += chunk.len();
        if length <= LIMIT_BYTES {
            body.extend_from_slice(&chunk);
        } else if length > DROPPED_BYTES {
            break;
        }
    }
    if length > LIMIT_BYTES {
        return Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The body is larger than 1 MiB (1048576 bytes).",
        ));
    }
    Ok(body.freeze())
}

pub(super) fn incomplete(error: PayloadError) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "The body did not arrive whole.").caused_by(error)
}

/// Whether the body says that it is JSON.
pub(in crate::http) fn is_json(request: &HttpRequest) -> bool {
    let kind = request.content_type().to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

/// 415 unless the body says that it is JSON.
fn check_kind(request: &HttpRequest) -> Result<(), Problem> {
    if is_json(request) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "The body has to be application/json.",
    ))
}

/// 400 when the text is no JSON, 422 with the field's path when it is not this JSON.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    super::nul::refuse_in_json(body)?;
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut json);
    let error = match read {
        Ok(value) => return json.end().map(|()| value).map_err(|error| not_json(&error)),
        Err(error) => error,
    };
    if error.inner().classify() != Category::Data {
        return Err(not_json(error.inner()));
    }
    // A wrong field may come before the place where the text stops being JSON.
    serde_json::from_slice::<IgnoredAny>(body).map_err(|error| not_json(&error))?;
    let path = error.path().to_string();
    Err(Problem::fields(vec![field_error(
        &path,
        &error.inner().to_string(),
    )]))
}

pub(super) fn not_json(error: &serde_json::Error) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        format!("The body is not JSON: {error}."),
    )
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "read by serde alone")]
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "read by serde alone")]
        name: u8,
    }

    #[test]
    fn bad_bodies_get_their_status_and_field() {
        for (body, status, field) in [
            ("", 400, None),
            ("{", 400, None),
            ("{\"inner\":[]} x", 400, None),
            ("{\"other\":1, oops", 400, None),
            ("[]", 422, Some("")),
            ("{}", 422, Some("inner")),
            (r#"{"inner":[],"other":1}"#, 422, Some("other")),
            (
                r#"{"inner":[{"name":1},{"name":"x"}]}"#,
                422,
                Some("inner[1].name"),
            ),
            (r#"{"inner":[{"name":300}]}"#, 422, Some("inner[0].name")),
            (r#"{"inner":[{}]}"#, 422, Some("inner[0].name")),
            (r#"{"inner":[{"name":1,"x":2}]}"#, 422, Some("inner[0].x")),
        ] {
            let problem = parse::<Outer>(body.as_bytes()).unwrap_err();
            assert_eq!(problem.status_code().as_u16(), status, "{body}");
            let errors = problem.to_wire("").errors;
            let named = errors.first().map(|error| error.field.as_str());
            assert_eq!(named, field, "{body}: {problem}");
        }
        assert!(parse::<Outer>(br#"{"inner":[{"name":1}]}"#).is_ok());
    }
}
