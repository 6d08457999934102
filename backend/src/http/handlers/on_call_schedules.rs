//! On-call schedules; never an alert.

use actix_web::{HttpResponse, Responder, web};
use common::alert::{OnCallSchedule, ScheduleInput, Turn};
use common::api::list::Page;
use common::api::on_call::{FinalQuery, OnCallNow, OnCallQuery};
use common::ids::ScheduleId;
use common::time::UnixMs;
use uuid::Uuid;

use crate::alerts::noise::Kept;
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Body, IfMatch, PageParameters, Paging, PathId, Query, Tagged};
use crate::http::problem::Problem;
use crate::notify::route::OnCall;

/// So far ahead gaps are looked for, and turns listed when nobody says how far: four weeks.
const LOOK_AHEAD_MS: i64 = 28 * 86_400_000;
/// Turns are listed for at most so long.
const MOST_MS: i64 = 400 * 86_400_000;

/// The on-call schedules, the youngest first.
#[utoipa::path(
    get, path = "/api/v1/alerts/schedules", tag = "alerts", params(PageParameters),
    responses((status = 200, description = "A page of on-call schedules", body = Page<OnCallSchedule>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let after = paging.after::<Uuid>()?;
    let kept = app.book.page(&may, after, paging.fetch()).await?;
    let now = app.book.now();
    let views = move || kept.into_iter().map(|one| view(one, now)).collect();
    let views: Vec<OnCallSchedule> = aside(views).await?;
    Ok(web::Json(paging.page(views, |one| one.id.0)))
}

/// Add an on-call schedule. Its answer tells when nobody is on call within four weeks.
#[utoipa::path(
    post, path = "/api/v1/alerts/schedules", tag = "alerts", request_body = ScheduleInput,
    responses((status = 201, description = "Added", body = OnCallSchedule, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn add(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    body: Body<ScheduleInput>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.create(&may, body.0).await?;
    let now = app.book.now();
    let added = aside(move || view(kept, now)).await?;
    let location = format!("/api/v1/alerts/schedules/{}", added.id);
    Ok(Tagged::kept(added.version, added).added(&location))
}

/// One on-call schedule.
#[utoipa::path(
    get, path = "/api/v1/alerts/schedules/{id}", tag = "alerts",
    params(("id" = ScheduleId, Path, description = "The on-call schedule")),
    responses((status = 200, description = "The on-call schedule", body = OnCallSchedule, headers(("ETag" = String))))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<ScheduleId>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.get(&may, id.0.0).await?;
    let now = app.book.now();
    Ok(Tagged::kept(
        kept.version,
        aside(move || view(kept, now)).await?,
    ))
}

/// Replace an on-call schedule.
#[utoipa::path(
    put, path = "/api/v1/alerts/schedules/{id}", tag = "alerts", request_body = ScheduleInput,
    params(
        ("id" = ScheduleId, Path, description = "The on-call schedule"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "As replaced", body = OnCallSchedule, headers(("ETag" = String))))
)]
pub(crate) async fn replace(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    id: PathId<ScheduleId>,
    seen: IfMatch,
    body: Body<ScheduleInput>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.replace(&may, id.0.0, body.0, seen.0).await?;
    let now = app.book.now();
    Ok(Tagged::kept(
        kept.version,
        aside(move || view(kept, now)).await?,
    ))
}

/// Remove an on-call schedule.
#[utoipa::path(
    delete, path = "/api/v1/alerts/schedules/{id}", tag = "alerts",
    params(
        ("id" = ScheduleId, Path, description = "The on-call schedule"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read"),
    ),
    responses((status = 204, description = "Removed"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    may: Allowed<may::RulesWrite>,
    id: PathId<ScheduleId>,
    seen: IfMatch,
) -> Result<impl Responder, Problem> {
    app.book
        .delete::<ScheduleInput>(&may, id.0.0, seen.0)
        .await?;
    Ok(HttpResponse::NoContent())
}

/// Who is on call at a moment.
#[utoipa::path(
    get, path = "/api/v1/alerts/schedules/{id}/on-call", tag = "alerts",
    params(("id" = ScheduleId, Path, description = "The on-call schedule"), OnCallQuery),
    responses((status = 200, description = "Who is on call", body = OnCallNow))
)]
pub(crate) async fn on_call(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<ScheduleId>,
    query: Query<OnCallQuery>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.get(&may, id.0.0).await?;
    let at = query.0.at.unwrap_or(app.book.now());
    let person = on_call_of(&kept)?.at(at);
    Ok(web::Json(OnCallNow { at, person }))
}

/// The turns that come out of layers and overrides, with the times at which nobody is on call.
#[utoipa::path(
    get, path = "/api/v1/alerts/schedules/{id}/final", tag = "alerts",
    params(("id" = ScheduleId, Path, description = "The on-call schedule"), FinalQuery),
    responses((status = 200, description = "The turns, in their order", body = Page<Turn>))
)]
pub(crate) async fn final_schedule(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<ScheduleId>,
    query: Query<FinalQuery>,
) -> Result<impl Responder, Problem> {
    let kept = app.book.get(&may, id.0.0).await?;
    let from = query.0.from.unwrap_or(app.book.now());
    let to = query.0.to.unwrap_or(from.plus_ms(LOOK_AHEAD_MS));
    if !(0..=MOST_MS).contains(&to.since_ms(from)) {
        return Err(Problem::field(
            "to",
            "must lie after `from`, at most 400 days",
        ));
    }
    let on_call = on_call_of(&kept)?;
    let turns = aside(move || on_call.turns(from, to)).await?;
    Ok(web::Json(Page::whole(turns)))
}

/// Many layers and people make many turns: they are found where no other request waits.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    web::block(work).await.map_err(Problem::internal)
}

fn on_call_of(kept: &Kept<ScheduleInput>) -> Result<OnCall, Problem> {
    OnCall::of(&kept.input).map_err(Problem::internal)
}

fn view(kept: Kept<ScheduleInput>, now: UnixMs) -> OnCallSchedule {
    let gaps = OnCall::of(&kept.input).map(|it| it.gaps(now, now.plus_ms(LOOK_AHEAD_MS)));
    OnCallSchedule {
        id: ScheduleId(kept.id),
        version: kept.version,
        gaps: gaps.unwrap_or_default(),
        created_by: kept.created_by,
        created_at: kept.created_at,
        updated_at: kept.updated_at,
        input: kept.input,
    }
}
