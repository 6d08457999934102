//! The channels that messages go to; never whether one makes sense.

use actix_web::{HttpResponse, Responder, web};
use common::api::channels::{Channel, ChannelInput, ChannelPatch, ChannelTest};
use common::api::list::Page;
use common::ids::ChannelId;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, IfMatch, PageParameters, Paging, PathId, Tagged};
use crate::http::problem::Problem;

/// The channels, by name, without their secrets.
#[utoipa::path(
    get, path = "/api/v1/notifications/channels", tag = "notifications", params(PageParameters),
    responses((status = 200, description = "A page of channels", body = Page<Channel>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let channels = app
        .notifications
        .channels
        .page(&may, paging.after()?, paging.fetch());
    let page = paging.page(channels.await?, |channel| channel.name.clone());
    Ok(web::Json(page))
}

/// Add a channel.
#[utoipa::path(
    post, path = "/api/v1/notifications/channels", tag = "notifications", request_body = ChannelInput,
    responses(
        (status = 201, description = "Added", body = Channel, headers(("ETag" = String), ("Location" = String))),
        (status = 409, description = "There are as many channels as there may be"),
    )
)]
pub(crate) async fn add(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    body: Body<ChannelInput>,
) -> Result<impl Responder, Problem> {
    let (channel, version) = app.notifications.channels.create(&may, body.0).await?;
    let location = format!("/api/v1/notifications/channels/{}", channel.id);
    Ok(Tagged(channel, version).added(&location))
}

/// One channel, without its secrets.
#[utoipa::path(
    get, path = "/api/v1/notifications/channels/{id}", tag = "notifications",
    params(("id" = ChannelId, Path, description = "The channel")),
    responses((status = 200, description = "The channel", body = Channel, headers(("ETag" = String))))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    id: PathId<ChannelId>,
) -> Result<impl Responder, Problem> {
    let (channel, version) = app.notifications.channels.get(&may, id.0).await?;
    Ok(Tagged(channel, version))
}

/// Replace a channel. Secrets that are left out stay; `null` removes them. The kind cannot change.
#[utoipa::path(
    put, path = "/api/v1/notifications/channels/{id}", tag = "notifications", request_body = ChannelInput,
    params(
        ("id" = ChannelId, Path, description = "The channel"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "As replaced", body = Channel, headers(("ETag" = String))))
)]
pub(crate) async fn replace(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    id: PathId<ChannelId>,
    seen: IfMatch,
    body: Body<ChannelInput>,
) -> Result<impl Responder, Problem> {
    let (channel, version) = app
        .notifications
        .channels
        .replace(&may, id.0, body.0, seen.0)
        .await?;
    Ok(Tagged(channel, version))
}

/// Change some fields of a channel. A `config` replaces the old one whole, but for secrets that are left out.
#[utoipa::path(
    patch, path = "/api/v1/notifications/channels/{id}", tag = "notifications", request_body = ChannelPatch,
    params(
        ("id" = ChannelId, Path, description = "The channel"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "As changed", body = Channel, headers(("ETag" = String))))
)]
pub(crate) async fn change(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    id: PathId<ChannelId>,
    seen: IfMatch,
    body: Body<ChannelPatch>,
) -> Result<impl Responder, Problem> {
    let (channel, version) = app
        .notifications
        .channels
        .patch(&may, id.0, body.0, seen.0)
        .await?;
    Ok(Tagged(channel, version))
}

/// Remove a channel. What waits for it is dropped.
#[utoipa::path(
    delete, path = "/api/v1/notifications/channels/{id}", tag = "notifications",
    params(
        ("id" = ChannelId, Path, description = "The channel"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 204, description = "Removed"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    id: PathId<ChannelId>,
    seen: IfMatch,
) -> Result<impl Responder, Problem> {
    app.notifications
        .channels
        .delete(&may, id.0, seen.0)
        .await?;
    Ok(HttpResponse::NoContent())
}

/// Send a message that says that the channel works, and see what the provider answers.
#[utoipa::path(
    post, path = "/api/v1/notifications/channels/{id}/test", tag = "notifications",
    params(("id" = ChannelId, Path, description = "The channel")),
    responses((status = 200, description = "What the provider answered", body = ChannelTest))
)]
pub(crate) async fn test(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    id: PathId<ChannelId>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(
        app.notifications.channels.try_out(&may, id.0).await?,
    ))
}
