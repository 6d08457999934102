//! One's own browsers that are told by Web Push; never anybody else's.

use actix_web::{HttpResponse, Responder, web};
use common::api::list::Page;
use common::api::push::{PushKey, PushSubscription, PushSubscriptionInput};
use common::ids::PushSubscriptionId;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, PathId};
use crate::http::problem::Problem;

/// The key that browsers subscribe with.
#[utoipa::path(
    get, path = "/api/v1/notifications/push-key", tag = "notifications",
    responses((status = 200, description = "The `applicationServerKey`", body = PushKey))
)]
pub(crate) async fn key(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.notifications.browsers.key(&may)))
}

/// One's own browsers, the youngest first, all on one page.
#[utoipa::path(
    get, path = "/api/v1/notifications/push-subscriptions", tag = "notifications",
    responses((status = 200, description = "The browsers", body = Page<PushSubscription>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
) -> Result<impl Responder, Problem> {
    let browsers = app.notifications.browsers.list(&may).await?;
    Ok(web::Json(Page::whole(browsers)))
}

/// Have a browser told from now on. The same address again replaces what was known of it.
#[utoipa::path(
    post, path = "/api/v1/notifications/push-subscriptions", tag = "notifications",
    request_body = PushSubscriptionInput,
    responses(
        (status = 201, description = "It is told", body = PushSubscription),
        (status = 409, description = "One has as many browsers as one may have"),
    )
)]
pub(crate) async fn add(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
    body: Body<PushSubscriptionInput>,
) -> Result<impl Responder, Problem> {
    let browsers = &app.notifications.browsers;
    let browser = browsers.subscribe(&may, &body.0).await?;
    Ok(HttpResponse::Created().json(browser))
}

/// Have a browser told no more.
#[utoipa::path(
    delete, path = "/api/v1/notifications/push-subscriptions/{id}", tag = "notifications",
    params(("id" = PushSubscriptionId, Path, description = "The browser")),
    responses((status = 204, description = "It is told no more"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    may: Allowed<may::SelfOnly>,
    id: PathId<PushSubscriptionId>,
) -> Result<impl Responder, Problem> {
    app.notifications.browsers.unsubscribe(&may, id.0).await?;
    Ok(HttpResponse::NoContent())
}
