//! What an alert looked like and why it is what it is; never a change of it.

use actix_web::http::header;
use actix_web::{HttpResponse, Responder, web};
use common::api::alerts::{AlertExplanation, AlertRecording, AlertReplay};
use common::ids::AlertId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{PathId, Query};
use crate::http::problem::Problem;
use crate::notify::picture::Look;

/// Which decisions are evaluated again.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Later {
    /// Only decisions with a higher `id` than this.
    #[serde(default)]
    after: u64,
}

/// Evaluate what the rule decided about an alert again, from what was stored of it: the same
/// outcome, byte for byte.
#[utoipa::path(
    get, path = "/api/v1/alerts/{id}/replay", tag = "alerts",
    params(("id" = AlertId, Path, description = "The alert"), Later),
    responses((status = 200, description = "The decisions, then and now", body = AlertReplay))
)]
pub(crate) async fn replay(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<AlertId>,
    later: Query<Later>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(
        app.alerts.replay(&may, id.0, later.0.after).await?,
    ))
}

/// Why there is this alert: since when the condition was true, what it waited for, how it was told,
/// and what you were told of it and why not.
#[utoipa::path(
    get, path = "/api/v1/alerts/{id}/explain", tag = "alerts",
    params(("id" = AlertId, Path, description = "The alert")),
    responses((status = 200, description = "The explanation", body = AlertExplanation))
)]
pub(crate) async fn explain(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<AlertId>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.alerts.explain(&may, id.0).await?))
}

/// What the server did from ten minutes before the alert fired to ten minutes after, kept as long
/// as the alert.
#[utoipa::path(
    get, path = "/api/v1/alerts/{id}/recording", tag = "alerts",
    params(("id" = AlertId, Path, description = "The alert")),
    responses((status = 200, description = "Series and processes", body = AlertRecording))
)]
pub(crate) async fn recording(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<AlertId>,
) -> Result<impl Responder, Problem> {
    Ok(web::Json(app.recorder.of(&may, id.0).await?))
}

/// Which picture, and in which colours it is drawn.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Shown {
    /// `light` or `dark`; what is kept is light.
    #[serde(default)]
    #[param(inline)]
    theme: Look,
    /// The picture that was kept a minute after the alert fired, instead of one as of now; 404 when there is none.
    #[serde(default)]
    kept: bool,
}

/// What the rule compares around the alert, the thresholds and when it fired, as of now or as
/// kept from then: 1,280 by 440 pixels, times in UTC.
#[utoipa::path(
    get, path = "/api/v1/alerts/{id}/picture.png", tag = "alerts",
    params(("id" = AlertId, Path, description = "The alert"), Shown),
    responses((status = 200, description = "The picture", body = Vec<u8>, content_type = "image/png"))
)]
pub(crate) async fn picture(
    app: web::Data<App>,
    may: Allowed<may::AlertsRead>,
    id: PathId<AlertId>,
    shown: Query<Shown>,
) -> Result<impl Responder, Problem> {
    let png = if shown.0.kept {
        app.pictures.kept(&may, id.0).await?
    } else {
        app.pictures.show(&may, id.0, shown.0.theme).await?.png
    };
    Ok(HttpResponse::Ok()
        .content_type("image/png")
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .body(png))
}
