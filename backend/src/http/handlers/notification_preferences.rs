//! How one wants to be told of alerts; never how others are told.

use actix_web::{HttpResponse, Responder, web};
use common::api::list::Page;
use common::api::preferences::{ChannelName, NotificationPreferences};

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// How one wants to be told when a route, a policy or a schedule names one.
#[utoipa::path(
    get, path = "/api/v1/notifications/preferences", tag = "notifications",
    responses((status = 200, description = "The preferences", body = NotificationPreferences))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.wishes.get(&may).await?))
}

/// The channels that one may choose from, by name.
#[utoipa::path(
    get, path = "/api/v1/notifications/preferences/channels", tag = "notifications",
    responses((status = 200, description = "All of them", body = Page<ChannelName>))
)]
pub(crate) async fn channels(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(Page::whole(app.wishes.channels(&may).await?)))
}

/// Keep these preferences instead of those before.
#[utoipa::path(
    put, path = "/api/v1/notifications/preferences", tag = "notifications", request_body = NotificationPreferences,
    responses((status = 200, description = "As kept", body = NotificationPreferences))
)]
pub(crate) async fn put(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
    body: Body<NotificationPreferences>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.wishes.put(&may, body.0).await?))
}

/// Erase one's own preferences, messages of the inbox, and what waits to be told later.
#[utoipa::path(
    delete, path = "/api/v1/notifications/preferences", tag = "notifications",
    responses((status = 204, description = "Erased"))
)]
pub(crate) async fn erase(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
) -> Result<impl Responder, Problem> {
    app.wishes.erase(&may).await?;
    Ok(HttpResponse::NoContent())
}
