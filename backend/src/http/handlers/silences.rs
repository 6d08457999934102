//! Silences; never whom they hold back.

use actix_web::{HttpResponse, Responder, web};
use common::alert::{Silence, SilenceInput, SilenceState};
use common::api::list::Page;
use common::api::noise::{SilencePreview, SilencePreviewInput};
use common::ids::SilenceId;
use common::time::UnixMs;
use uuid::Uuid;

use crate::alerts::noise::Kept;
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, IfMatch, PageParameters, Paging, PathId, Tagged};
use crate::http::problem::Problem;

/// The silences, those that are over included, the youngest first.
#[utoipa::path(
    get, path = "/api/v1/alerts/silences", tag = "alerts", params(PageParameters),
    responses((status = 200, description = "A page of silences", body = Page<Silence>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let after = paging.after::<Uuid>()?;
    let kept = app.book.page(&may, after, paging.fetch()).await?;
    let now = app.book.now();
    let silences: Vec<Silence> = kept.into_iter().map(|one| view(one, now)).collect();
    Ok(web::Json(paging.page(silences, |silence| silence.id.0)))
}

/// Add a silence. What it matches is not told until it ends, and then only what still fires.
#[utoipa::path(
    post, path = "/api/v1/alerts/silences", tag = "alerts", request_body = SilenceInput,
    responses((status = 201, description = "Added", body = Silence, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn add(
    app: web::Data<App>,
    may: Allowed<may::SilencesWrite>,
    body: Body<SilenceInput>,
) -> Result<impl Responder, Problem> {
    let silence = view(app.book.create(&may, body.0).await?, app.book.now());
    let location = format!("/api/v1/alerts/silences/{}", silence.id);
    Ok(Tagged::kept(silence.version, silence).added(&location))
}

/// The firing alerts that a silence with these conditions would hold back now.
#[utoipa::path(
    post, path = "/api/v1/alerts/silences/preview", tag = "alerts", request_body = SilencePreviewInput,
    responses((status = 200, description = "The alerts", body = SilencePreview))
)]
pub(crate) async fn preview(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    body: Body<SilencePreviewInput>,
) -> Result<impl Responder, Problem> {
    let holders = app.alerts.holders();
    let preview = holders.matched(&may, &body.0.matchers).await?;
    Ok(web::Json(preview))
}

/// One silence.
#[utoipa::path(
    get, path = "/api/v1/alerts/silences/{id}", tag = "alerts",
    params(("id" = SilenceId, Path, description = "The silence")),
    responses((status = 200, description = "The silence", body = Silence, headers(("ETag" = String))))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<SilenceId>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.get(&may, id.0.0).await?;
    Ok(Tagged::kept(kept.version, view(kept, app.book.now())))
}

/// Replace a silence that is not over.
#[utoipa::path(
    put, path = "/api/v1/alerts/silences/{id}", tag = "alerts", request_body = SilenceInput,
    params(
        ("id" = SilenceId, Path, description = "The silence"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "As replaced", body = Silence, headers(("ETag" = String))))
)]
pub(crate) async fn replace(
    app: web::Data<App>,
    may: Allowed<may::SilencesWrite>,
    id: PathId<SilenceId>,
    seen: IfMatch,
    body: Body<SilenceInput>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.replace(&may, id.0.0, body.0, seen.0).await?;
    Ok(Tagged::kept(kept.version, view(kept, app.book.now())))
}

/// End a silence now. One that is over stays untouched.
#[utoipa::path(
    post, path = "/api/v1/alerts/silences/{id}/expire", tag = "alerts",
    params(("id" = SilenceId, Path, description = "The silence")),
    responses((status = 200, description = "As it is afterwards", body = Silence, headers(("ETag" = String))))
)]
pub(crate) async fn expire(
    app: web::Data<App>,
    may: Allowed<may::SilencesWrite>,
    id: PathId<SilenceId>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.amend(&may, id.0.0, SilenceInput::expired).await?;
    Ok(Tagged::kept(kept.version, view(kept, app.book.now())))
}

/// End a silence now: it stays in the list. The same as `POST /alerts/silences/{id}/expire`.
#[utoipa::path(
    delete, path = "/api/v1/alerts/silences/{id}", tag = "alerts",
    params(("id" = SilenceId, Path, description = "The silence")),
    responses((status = 204, description = "Ended"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    may: Allowed<may::SilencesWrite>,
    id: PathId<SilenceId>,
) -> Result<impl Responder, Problem> {
    app.book.amend(&may, id.0.0, SilenceInput::expired).await?;
    Ok(HttpResponse::NoContent())
}

fn view(kept: Kept<SilenceInput>, now: UnixMs) -> Silence {
    let starts_at = kept.input.starts_at.unwrap_or(kept.created_at);
    let state = if kept.input.ends_at <= now {
        SilenceState::Expired
    } else if starts_at <= now {
        SilenceState::Active
    } else {
        SilenceState::Pending
    };
    Silence {
        id: SilenceId(kept.id),
        version: kept.version,
        matchers: kept.input.matchers,
        starts_at,
        ends_at: kept.input.ends_at,
        comment: kept.input.comment,
        state,
        created_by: kept.created_by,
        created_at: kept.created_at,
        updated_at: kept.updated_at,
    }
}
