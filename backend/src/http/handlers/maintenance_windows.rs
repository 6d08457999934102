//! Maintenance windows; never when one is open.

use actix_web::{HttpResponse, Responder, web};
use common::alert::{MaintenanceWindow, WindowInput};
use common::api::list::Page;
use common::ids::WindowId;
use common::time::UnixMs;
use uuid::Uuid;

use crate::alerts::noise::{Kept, opening};
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, IfMatch, PageParameters, Paging, PathId, Tagged};
use crate::http::problem::Problem;

/// The maintenance windows, the youngest first.
#[utoipa::path(
    get, path = "/api/v1/alerts/maintenance-windows", tag = "alerts", params(PageParameters),
    responses((status = 200, description = "A page of maintenance windows", body = Page<MaintenanceWindow>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let after = paging.after::<Uuid>()?;
    let kept = app.book.page(&may, after, paging.fetch()).await?;
    let now = app.book.now();
    let views: Vec<MaintenanceWindow> = kept.into_iter().map(|one| view(one, now)).collect();
    Ok(web::Json(paging.page(views, |one| one.id.0)))
}

/// Add a maintenance window. While it is open, what it matches is not told; what still fires when it closes is told then.
#[utoipa::path(
    post, path = "/api/v1/alerts/maintenance-windows", tag = "alerts", request_body = WindowInput,
    responses((status = 201, description = "Added", body = MaintenanceWindow, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn add(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    body: Body<WindowInput>,
) -> Result<impl Responder, Problem> {
    let added = view(app.book.create(&may, body.0).await?, app.book.now());
    let location = format!("/api/v1/alerts/maintenance-windows/{}", added.id);
    Ok(Tagged::kept(added.version, added).added(&location))
}

/// One maintenance window.
#[utoipa::path(
    get, path = "/api/v1/alerts/maintenance-windows/{id}", tag = "alerts",
    params(("id" = WindowId, Path, description = "The maintenance window")),
    responses((status = 200, description = "The maintenance window", body = MaintenanceWindow, headers(("ETag" = String))))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<WindowId>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.get(&may, id.0.0).await?;
    Ok(Tagged::kept(kept.version, view(kept, app.book.now())))
}

/// Replace a maintenance window.
#[utoipa::path(
    put, path = "/api/v1/alerts/maintenance-windows/{id}", tag = "alerts", request_body = WindowInput,
    params(
        ("id" = WindowId, Path, description = "The maintenance window"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "As replaced", body = MaintenanceWindow, headers(("ETag" = String))))
)]
pub(crate) async fn replace(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    id: PathId<WindowId>,
    seen: IfMatch,
    body: Body<WindowInput>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.replace(&may, id.0.0, body.0, seen.0).await?;
    Ok(Tagged::kept(kept.version, view(kept, app.book.now())))
}

/// Remove a maintenance window.
#[utoipa::path(
    delete, path = "/api/v1/alerts/maintenance-windows/{id}", tag = "alerts",
    params(
        ("id" = WindowId, Path, description = "The maintenance window"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 204, description = "Removed"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    id: PathId<WindowId>,
    seen: IfMatch,
) -> Result<impl Responder, Problem> {
    app.book.delete::<WindowInput>(&may, id.0.0, seen.0).await?;
    Ok(HttpResponse::NoContent())
}

fn view(kept: Kept<WindowInput>, now: UnixMs) -> MaintenanceWindow {
    let span = opening(&kept.input, now);
    MaintenanceWindow {
        id: WindowId(kept.id),
        version: kept.version,
        active: span.is_some_and(|span| span.from <= now),
        ends_at: span.map(|span| span.to),
        starts_at: span.map(|span| span.from),
        created_by: kept.created_by,
        created_at: kept.created_at,
        updated_at: kept.updated_at,
        input: kept.input,
    }
}
