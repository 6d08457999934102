//! The page that a link of a message opens, for people without a login: its frame, and why it opens nothing; never what it is about.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};

use crate::auth::LinkFault;
use crate::http::problem::Problem;
use crate::notify::LinkError;

/// It shows text and sends its one form back, nothing else.
const POLICY: &str =
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page that says `text` of what a link opened, or why it opened nothing.
pub(super) fn answer<T>(
    opened: Result<T, LinkError>,
    text: impl FnOnce(&T) -> String,
) -> Result<HttpResponse, Problem> {
    let (status, text) = match opened {
        Ok(opened) => (StatusCode::OK, text(&opened)),
        Err(LinkError::Link(LinkFault::Over)) => (
            StatusCode::GONE,
            "<p>This link is too old. Open the dashboard instead.</p>".to_owned(),
        ),
        Err(LinkError::Link(LinkFault::Unknown) | LinkError::Removed) => (
            StatusCode::NOT_FOUND,
            "<p>This link leads nowhere. Open the dashboard instead.</p>".to_owned(),
        ),
        Err(LinkError::Alert(error)) => return Err(error.into()),
        Err(LinkError::Store(error)) => return Err(error.into()),
    };
    Ok(HttpResponse::build(status)
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(POLICY),
        ))
        .insert_header(("X-Robots-Tag", "noindex"))
        .content_type("text/html; charset=utf-8")
        .body(page(&text)))
}

fn page(text: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Watchpost</title></head><body><main><h1>Watchpost</h1>{text}</main></body></html>\n"
    )
}

/// Text as HTML shows it.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
