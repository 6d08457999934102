//! Inhibitions; never which alerts they hold back.

use actix_web::{HttpResponse, Responder, web};
use common::alert::{Inhibition, InhibitionInput};
use common::api::list::Page;
use common::ids::InhibitionId;
use uuid::Uuid;

use crate::alerts::noise::Kept;
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, IfMatch, PageParameters, Paging, PathId, Tagged};
use crate::http::problem::Problem;

/// The inhibitions, the youngest first.
#[utoipa::path(
    get, path = "/api/v1/alerts/inhibitions", tag = "alerts", params(PageParameters),
    responses((status = 200, description = "A page of inhibitions", body = Page<Inhibition>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let after = paging.after::<Uuid>()?;
    let kept = app.book.page(&may, after, paging.fetch()).await?;
    let views: Vec<Inhibition> = kept.into_iter().map(view).collect();
    Ok(web::Json(paging.page(views, |one| one.id.0)))
}

/// Add an inhibition. While an alert fires that it names as source, its targets are not told.
#[utoipa::path(
    post, path = "/api/v1/alerts/inhibitions", tag = "alerts", request_body = InhibitionInput,
    responses((status = 201, description = "Added", body = Inhibition, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn add(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    body: Body<InhibitionInput>,
) -> Result<impl Responder, Problem> {
    let added = view(app.book.create(&may, body.0).await?);
    let location = format!("/api/v1/alerts/inhibitions/{}", added.id);
    Ok(Tagged::kept(added.version, added).added(&location))
}

/// One inhibition.
#[utoipa::path(
    get, path = "/api/v1/alerts/inhibitions/{id}", tag = "alerts",
    params(("id" = InhibitionId, Path, description = "The inhibition")),
    responses((status = 200, description = "The inhibition", body = Inhibition, headers(("ETag" = String))))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<InhibitionId>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.get(&may, id.0.0).await?;
    Ok(Tagged::kept(kept.version, view(kept)))
}

/// Replace an inhibition.
#[utoipa::path(
    put, path = "/api/v1/alerts/inhibitions/{id}", tag = "alerts", request_body = InhibitionInput,
    params(
        ("id" = InhibitionId, Path, description = "The inhibition"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "As replaced", body = Inhibition, headers(("ETag" = String))))
)]
pub(crate) async fn replace(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    id: PathId<InhibitionId>,
    seen: IfMatch,
    body: Body<InhibitionInput>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.replace(&may, id.0.0, body.0, seen.0).await?;
    Ok(Tagged::kept(kept.version, view(kept)))
}

/// Remove an inhibition.
#[utoipa::path(
    delete, path = "/api/v1/alerts/inhibitions/{id}", tag = "alerts",
    params(
        ("id" = InhibitionId, Path, description = "The inhibition"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 204, description = "Removed"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    id: PathId<InhibitionId>,
    seen: IfMatch,
) -> Result<impl Responder, Problem> {
    app.book
        .delete::<InhibitionInput>(&may, id.0.0, seen.0)
        .await?;
    Ok(HttpResponse::NoContent())
}

fn view(kept: Kept<InhibitionInput>) -> Inhibition {
    Inhibition {
        id: InhibitionId(kept.id),
        version: kept.version,
        created_by: kept.created_by,
        created_at: kept.created_at,
        updated_at: kept.updated_at,
        input: kept.input,
    }
}
