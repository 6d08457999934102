//! The page that takes the alerts of a message, for who has its link; never more than one act on one object.
//!
//! A reader of mail that opens links to look at them changes nothing: to look is `GET`, to act `POST`.

use actix_web::{HttpResponse, web};
use common::alert::{Alert, AlertState};
use common::api::links::LinkQuery;

use super::link_page::{answer, escaped};
use crate::app::App;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::notify::Linked;

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
    answer(app.links.look(&query.0.token).await, alerts)
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
    answer(app.links.take(&query.0.token).await, alerts)
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
