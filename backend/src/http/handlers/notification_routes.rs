//! Routes of notifications; never where an alert goes.

use actix_web::{HttpResponse, Responder, web};
use common::alert::{Route, RouteInput};
use common::api::list::Page;
use common::api::routes::{RouteDryRun, RouteDryRunInput};
use common::ids::RouteId;
use uuid::Uuid;

use crate::alerts::noise::Kept;
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, IfMatch, PageParameters, Paging, PathId, Tagged};
use crate::http::problem::Problem;
use crate::notify::route::DryRun;

/// The routes, the youngest first.
#[utoipa::path(
    get, path = "/api/v1/notifications/routes", tag = "notifications", params(PageParameters),
    responses((status = 200, description = "A page of routes", body = Page<Route>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let after = paging.after::<Uuid>()?;
    let kept = app.book.page(&may, after, paging.fetch()).await?;
    let views: Vec<Route> = kept.into_iter().map(view).collect();
    Ok(web::Json(paging.page(views, |one| one.id.0)))
}

/// Add a route. The first one that matches takes an alert, unless it says `continue`; what none takes goes to all enabled channels.
#[utoipa::path(
    post, path = "/api/v1/notifications/routes", tag = "notifications", request_body = RouteInput,
    responses((status = 201, description = "Added", body = Route, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn add(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    body: Body<RouteInput>,
) -> Result<impl Responder, Problem> {
    let added = view(app.book.create(&may, body.0).await?);
    let location = format!("/api/v1/notifications/routes/{}", added.id);
    Ok(Tagged::kept(added.version, added).added(&location))
}

/// One route.
#[utoipa::path(
    get, path = "/api/v1/notifications/routes/{id}", tag = "notifications",
    params(("id" = RouteId, Path, description = "The route")),
    responses((status = 200, description = "The route", body = Route, headers(("ETag" = String))))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    id: PathId<RouteId>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.get(&may, id.0.0).await?;
    Ok(Tagged::kept(kept.version, view(kept)))
}

/// Replace a route.
#[utoipa::path(
    put, path = "/api/v1/notifications/routes/{id}", tag = "notifications", request_body = RouteInput,
    params(
        ("id" = RouteId, Path, description = "The route"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "As replaced", body = Route, headers(("ETag" = String))))
)]
pub(crate) async fn replace(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    id: PathId<RouteId>,
    seen: IfMatch,
    body: Body<RouteInput>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.replace(&may, id.0.0, body.0, seen.0).await?;
    Ok(Tagged::kept(kept.version, view(kept)))
}

/// Remove a route.
#[utoipa::path(
    delete, path = "/api/v1/notifications/routes/{id}", tag = "notifications",
    params(
        ("id" = RouteId, Path, description = "The route"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 204, description = "Removed"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    may: Allowed<may::ChannelsWrite>,
    id: PathId<RouteId>,
    seen: IfMatch,
) -> Result<impl Responder, Problem> {
    app.book.delete::<RouteInput>(&may, id.0.0, seen.0).await?;
    Ok(HttpResponse::NoContent())
}

/// Where an alert with these labels would go at a moment, and why not elsewhere. Nobody is told.
#[utoipa::path(
    post, path = "/api/v1/notifications/routes/dry-run", tag = "notifications", request_body = RouteDryRunInput,
    responses((status = 200, description = "Where it would go", body = RouteDryRun))
)]
pub(crate) async fn dry_run(
    app: web::Data<App>,
    may: Allowed<may::NotificationsRead>,
    body: Body<RouteDryRunInput>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(DryRun::of(&app.book).run(&may, body.0).await?))
}

fn view(kept: Kept<RouteInput>) -> Route {
    Route {
        id: RouteId(kept.id),
        version: kept.version,
        created_by: kept.created_by,
        created_at: kept.created_at,
        updated_at: kept.updated_at,
        input: kept.input,
    }
}
