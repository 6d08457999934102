//! The page by which a person leaves a channel, for who has the link of a message; never another channel, never another person.
//!
//! As with every link, to look is `GET`, to act `POST`. A mail program acts by itself when its reader wants it
//! (RFC 8058): it sends a form of its own, without cookies and without having seen the page. So nothing of the
//! body is read.

use actix_web::{HttpResponse, web};
use common::api::links::LinkQuery;

use super::link_page::{answer, escaped};
use crate::app::App;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::notify::{Standing, Subscription};

/// The page of a link by which a person leaves the channel of a message. It changes nothing.
#[utoipa::path(
    get, path = "/api/v1/links/unsubscribe", tag = "links", params(LinkQuery),
    responses(
        (status = 200, description = "The channel and the person, and a button", body = String, content_type = "text/html"),
        (status = 404, description = "The link is none of this server's, or what it was about is gone", body = String, content_type = "text/html"),
        (status = 410, description = "The link is too old", body = String, content_type = "text/html"),
    )
)]
pub(crate) async fn show(
    app: web::Data<App>,
    query: Query<LinkQuery>,
) -> Result<HttpResponse, Problem> {
    answer(app.links.subscription(&query.0.token).await, text)
}

/// Take the channel of a message out of what its person wants to be told by, by its link. Doing it again changes nothing.
#[utoipa::path(
    post, path = "/api/v1/links/unsubscribe", tag = "links", params(LinkQuery),
    responses(
        (status = 200, description = "What the channel is to the person afterwards", body = String, content_type = "text/html"),
        (status = 404, description = "The link is none of this server's, or what it was about is gone", body = String, content_type = "text/html"),
        (status = 410, description = "The link is too old", body = String, content_type = "text/html"),
    )
)]
pub(crate) async fn leave(
    app: web::Data<App>,
    query: Query<LinkQuery>,
) -> Result<HttpResponse, Problem> {
    answer(app.links.unsubscribe(&query.0.token).await, text)
}

/// Who is told by what, with a button while that can be ended, and where it is changed back.
fn text(found: &Subscription) -> String {
    let channel = escaped(&found.channel);
    let person = escaped(&found.person);
    let (verb, rest) = match found.standing {
        Standing::Chosen => (
            "tells",
            "<form method=\"post\"><p>The inbox in the dashboard keeps everything.</p>\
             <button>Unsubscribe</button></form>",
        ),
        Standing::Left => (
            "from now on does not tell",
            "<p>The inbox in the dashboard keeps everything.</p>",
        ),
        Standing::NotChosen => ("does not tell", "<p>There is nothing left to change.</p>"),
    };
    format!(
        "<p>The channel <strong>{channel}</strong> {verb} <strong>{person}</strong> of alerts.</p>{rest}\
         <p>Channels are chosen in the dashboard, under Settings.</p>"
    )
}
