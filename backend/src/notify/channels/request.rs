//! Requests in the forms that providers take; pure, never sent here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Serialize;
use url::Url;

use crate::egress::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use crate::egress::{Method, Request};

/// A `POST` of JSON.
pub(super) fn json(url: Url, body: &impl Serialize) -> Request {
    // Maps with keys that are no text, which bodies do not have, are all that cannot be written.
    let body = serde_json::to_vec(body).unwrap_or_default();
    with_body(url, "application/json", body)
}

/// A `POST` of a form.
pub(super) fn form(url: Url, fields: &[(&str, &str)]) -> Request {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let body = form.finish().into_bytes();
    with_body(url, "application/x-www-form-urlencoded", body)
}

/// A `POST` of anything.
pub(super) fn with_body(url: Url, kind: &'static str, body: Vec<u8>) -> Request {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Request {
        method: Method::POST,
        url,
        headers,
        body: Bytes::from(body),
    }
}

/// The same request with one more header; a text that no header can hold is left out.
pub(super) fn with_header(mut request: Request, name: HeaderName, value: &str) -> Request {
    if let Ok(mut value) = HeaderValue::from_str(value) {
        value.set_sensitive(true);
        request.headers.insert(name, value);
    }
    request
}

/// The same request from who has this token.
pub(super) fn bearer(request: Request, token: &str) -> Request {
    with_header(request, AUTHORIZATION, &format!("Bearer {token}"))
}

/// The same request from who has this name and password.
pub(super) fn basic(request: Request, name: &str, password: &str) -> Request {
    let both = STANDARD.encode(format!("{name}:{password}"));
    with_header(request, AUTHORIZATION, &format!("Basic {both}"))
}
