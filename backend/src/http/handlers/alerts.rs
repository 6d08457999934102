//! Alerts: what fires, what fired, and what people do about it; never the rules.

use actix_web::http::header;
use actix_web::{HttpResponse, Responder, web};
use common::alert::Alert;
use common::api::alerts::{AlertAction, AlertDetail, AlertFilter, EngineStatus};
use common::api::list::Page;
use common::ids::AlertId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::alerts::{Act, ExportFormat, export as exported};
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{OptionalBody, PageParameters, Paging, PathId, Query};
use crate::http::problem::Problem;

/// Which form a file of alerts has.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileForm {
    /// `csv` or `json`.
    #[serde(default)]
    #[param(inline)]
    format: ExportFormat,
}

/// Alerts that fire, acknowledged ones included, the youngest first; pending or resolved ones by `state`.
#[utoipa::path(
    get, path = "/api/v1/alerts", tag = "alerts", params(AlertFilter, PageParameters),
    responses((status = 200, description = "A page of alerts", body = Page<Alert>))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    filter: Query<AlertFilter>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let (before, limit) = (paging.after()?, paging.fetch());
    let alerts = app.alerts.active(&may, &filter.0, before, limit).await?;
    Ok(web::Json(paging.page(alerts, |alert| alert.id)))
}

/// Alerts that fired at some time, those that still do included, the youngest first.
#[utoipa::path(
    get, path = "/api/v1/alerts/history", tag = "alerts", params(AlertFilter, PageParameters),
    responses((status = 200, description = "A page of alerts", body = Page<Alert>))
)]
pub(crate) async fn history(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    filter: Query<AlertFilter>,
    paging: Paging,
) -> Result<impl Responder, Problem> {
    let (before, limit) = (paging.after()?, paging.fetch());
    let alerts = app.alerts.history(&may, &filter.0, before, limit).await?;
    Ok(web::Json(paging.page(alerts, |alert| alert.id)))
}

/// The history of alerts as a file.
#[utoipa::path(
    get, path = "/api/v1/alerts/export", tag = "alerts", params(AlertFilter, FileForm),
    responses((status = 200, description = "The file", content(
        (String = "text/csv"),
        (Page<Alert> = "application/json"),
    )))
)]
pub(crate) async fn export(
    app: web::Data<App>,
    may: Allowed<may::ExportsRead>,
    filter: Query<AlertFilter>,
    form: Query<FileForm>,
) -> Result<impl Responder, Problem> {
    let format = form.0.format;
    let name = format!(
        "attachment; filename=\"{}\"",
        format.file_name(app.clock.now())
    );
    Ok(HttpResponse::Ok()
        .content_type(format.content_type())
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(exported(&may, app.alerts.clone(), filter.0, format)))
}

/// Whether rules are being evaluated.
#[utoipa::path(
    get, path = "/api/v1/alerts/engine", tag = "alerts",
    responses((status = 200, description = "The state of the rule engine", body = EngineStatus))
)]
pub(crate) async fn engine(app: web::Data<App>, _: Allowed<may::AlertsRead>) -> impl Responder {
    web::Json(app.alerts.status())
}

/// One alert with its history.
#[utoipa::path(
    get, path = "/api/v1/alerts/{id}", tag = "alerts",
    params(("id" = AlertId, Path, description = "The alert")),
    responses((status = 200, description = "The alert", body = AlertDetail))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<AlertId>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.alerts.detail(&may, id.0).await?))
}

/// Take a firing alert. Doing it again changes nothing.
#[utoipa::path(
    post, path = "/api/v1/alerts/{id}/acknowledge", tag = "alerts",
    params(("id" = AlertId, Path, description = "The alert")),
    request_body = Option<AlertAction>,
    responses(
        (status = 200, description = "The alert afterwards", body = Alert),
        (status = 409, description = "It does not fire yet, or it is over"),
    )
)]
pub(crate) async fn acknowledge(
    app: web::Data<App>,
    may: Allowed<may::AlertsAct>,
    id: PathId<AlertId>,
    body: OptionalBody<AlertAction>,
) -> Result<impl Responder, Problem> {
    let comment = body.0.comment;
    let alert = app
        .alerts
        .act(&may, id.0, Act::Acknowledge, comment)
        .await?;
    Ok(web::Json(alert))
}

/// End an alert. It fires anew when its condition was false once, or when the cooldown is over.
/// Doing it again changes nothing.
#[utoipa::path(
    post, path = "/api/v1/alerts/{id}/resolve", tag = "alerts",
    params(("id" = AlertId, Path, description = "The alert")),
    request_body = Option<AlertAction>,
    responses(
        (status = 200, description = "The alert afterwards", body = Alert),
        (status = 409, description = "It does not fire yet"),
    )
)]
pub(crate) async fn resolve(
    app: web::Data<App>,
    may: Allowed<may::AlertsAct>,
    id: PathId<AlertId>,
    body: OptionalBody<AlertAction>,
) -> Result<impl Responder, Problem> {
    let comment = body.0.comment;
    let alert = app.alerts.act(&may, id.0, Act::Resolve, comment).await?;
    Ok(web::Json(alert))
}
