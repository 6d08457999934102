//! Pages of links in messages, for people without a login; never more than one act on one object.
//!
//! A reader of mail that opens links to look at them changes nothing: to look is `GET`, to act `POST`.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, web};
use common::alert::{Alert, AlertState};
use common::api::links::LinkQuery;

use crate::app::App;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::notify::{LinkError, Linked};

/// It shows text and sends its one form back, nothing else.
const POLICY: &str =
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page of a link by which the alerts of a message are taken. It changes nothing.
#[utoipa::path(
    get, path = "/api/v1/links/acknowledge", tag = "links", params(LinkQuery),
    responses(
        (status = 200, description = "The alerts, and a button", body = String, content_type = "text/html"),
        (status = 404, description = "The link is none of this server's, or what it was about is gone", body = String, content_type = "text/html"),
        (status = 410, description = "The link is too old", body = String, content_type = "text/html"),
    )
)]
pub(crate) async fn show(
    app: web::Data<App>,
    query: Query<LinkQuery>,
) -> Result<HttpResponse, Problem> {
    answer(app.links.look(&query.0.token).await)
}

/// Take the alerts of a message that fire and are no worse than it says, by its link. Doing it again changes nothing.
#[utoipa::path(
    post, path = "/api/v1/links/acknowledge", tag = "links", params(LinkQuery),
    responses(
        (status = 200, description = "The alerts as they are afterwards", body = String, content_type = "text/html"),
        (status = 404, description = "The link is none of this server's, or what it was about is gone", body = String, content_type = "text/html"),
        (status = 410, description = "The link is too old", body = String, content_type = "text/html"),
    )
)]
pub(crate) async fn take(
    app: web::Data<App>,
    query: Query<LinkQuery>,
) -> Result<HttpResponse, Problem> {
    answer(app.links.take(&query.0.token).await)
}

fn answer(linked: Result<Linked, LinkError>) -> Result<HttpResponse, Problem> {
    let (status, text) = match linked {
        Ok(linked) => (StatusCode::OK, alerts(&linked)),
        Err(LinkError::Link(crate::auth::LinkFault::Over)) => (
            StatusCode::GONE,
            "<p>This link is too old. Open the dashboard instead.</p>".to_owned(),
        ),
        Err(LinkError::Link(crate::auth::LinkFault::Unknown) | LinkError::Removed) => (
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

/// What the link is about, with a button while something can be taken. The form goes to the address
/// that the page has, token included.
fn alerts(linked: &Linked) -> String {
    let lines = linked.alerts.iter().map(|alert| line(linked, alert));
    let lines: String = lines.collect();
    let form = if linked.alerts.iter().any(|alert| linked.takes(alert)) {
        "<form method=\"post\"><p>Taking them stops the escalation and tells the others.</p>\
         <button>Take</button></form>"
    } else {
        "<p>There is nothing left to take.</p>"
    };
    format!("<ul>{lines}</ul>{form}")
}

fn line(linked: &Linked, alert: &Alert) -> String {
    let state = match alert.state {
        AlertState::Firing if !linked.takes(alert) => {
            "became worse after this message, take it by a later one or in the dashboard"
        }
        AlertState::Pending => "waits",
        AlertState::Firing => "fires",
        AlertState::Acknowledged => "is taken",
        AlertState::Resolved => "is over",
    };
    format!(
        "<li><strong>{} on {}</strong> {state} ({}). {}</li>",
        escaped(&alert.rule),
        escaped(&alert.server),
        alert.severity.as_str(),
        escaped(&alert.message)
    )
}

fn page(text: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Watchpost</title></head><body><main><h1>Watchpost</h1>{text}</main></body></html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
