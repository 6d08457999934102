//! One server at a glance, in an envelope; never an alert.

use std::num::NonZeroU32;

use actix_web::{Responder, web};
use common::api::infrastructure::{
    Envelope, InfrastructureReport, Platform, ProcessNow, SystemNow, ThresholdCheck, WindowSummary,
};
use common::ids::ServerId;
use serde::{Deserialize, Deserializer, de};
use utoipa::IntoParams;

use super::no_such_server::NoSuchServer;
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::Query;
use crate::http::problem::Problem;

/// Which server is meant.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichServer {
    /// The server; the one that Watchpost runs on, when left out.
    #[param(inline)]
    server: Option<ServerId>,
}

/// How far back a summary goes.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Window {
    /// Minutes, 1 to 60.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 60, default = 5)]
    #[serde(default = "five", deserialize_with = "up_to_an_hour")]
    time_window: NonZeroU32,
}

const FIVE: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);

const fn five() -> NonZeroU32 {
    FIVE
}

fn up_to_an_hour<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NonZeroU32, D::Error> {
    NonZeroU32::deserialize(deserializer).and_then(|minutes| {
        if minutes.get() <= 60 {
            Ok(minutes)
        } else {
            Err(de::Error::custom("not between 1 and 60"))
        }
    })
}

/// How a server fares now.
#[utoipa::path(
    get, path = "/api/v1/observability/infrastructure/system", tag = "infrastructure",
    params(WhichServer),
    responses(
        (status = 200, description = "Its readings", body = Envelope<SystemNow>),
        NoSuchServer,
    )
)]
pub(crate) async fn system(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    Query(which): Query<WhichServer>,
) -> Result<impl Responder, Problem> {
    let system = app.fleet.system(&may, which.server)?;
    Ok(web::Json(Envelope::success(system)))
}

/// Watchpost's own process there.
#[utoipa::path(
    get, path = "/api/v1/observability/infrastructure/process", tag = "infrastructure",
    params(WhichServer),
    responses(
        (status = 200, description = "Its readings", body = Envelope<ProcessNow>),
        NoSuchServer,
    )
)]
pub(crate) async fn process(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    Query(which): Query<WhichServer>,
) -> Result<impl Responder, Problem> {
    let process = app.fleet.own_process(&may, which.server)?;
    Ok(web::Json(Envelope::success(process)))
}

/// What a server is.
#[utoipa::path(
    get, path = "/api/v1/observability/infrastructure/platform", tag = "infrastructure",
    params(WhichServer),
    responses(
        (status = 200, description = "Its system", body = Envelope<Platform>),
        NoSuchServer,
    )
)]
pub(crate) async fn platform(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    Query(which): Query<WhichServer>,
) -> Result<impl Responder, Problem> {
    let platform = app.fleet.platform(&may, which.server)?;
    Ok(web::Json(Envelope::success(platform)))
}

/// Mean, smallest and largest values of the last minutes.
#[utoipa::path(
    get, path = "/api/v1/observability/infrastructure/summary", tag = "infrastructure",
    params(WhichServer, Window),
    responses(
        (status = 200, description = "The last minutes", body = Envelope<WindowSummary>),
        NoSuchServer,
    )
)]
pub(crate) async fn summary(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    Query(which): Query<WhichServer>,
    Query(window): Query<Window>,
) -> Result<impl Responder, Problem> {
    let minutes = window.time_window;
    let summary = app
        .fleet
        .summary(&may, &app.query, which.server, minutes)
        .await?;
    Ok(web::Json(Envelope::success(summary)))
}

/// How a server stands to the thresholds of the first rules.
#[utoipa::path(
    get, path = "/api/v1/observability/infrastructure/health", tag = "infrastructure",
    params(WhichServer),
    responses(
        (status = 200, description = "What crosses them", body = Envelope<ThresholdCheck>),
        NoSuchServer,
    )
)]
pub(crate) async fn health(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    Query(which): Query<WhichServer>,
) -> Result<impl Responder, Problem> {
    let check = app.fleet.threshold_check(&may, which.server)?;
    Ok(web::Json(Envelope::success(check)))
}

/// Platform, readings, process, thresholds and health in one answer.
#[utoipa::path(
    get, path = "/api/v1/observability/infrastructure/report", tag = "infrastructure",
    params(WhichServer),
    responses(
        (status = 200, description = "All of it", body = Envelope<InfrastructureReport>),
        NoSuchServer,
    )
)]
pub(crate) async fn report(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    Query(which): Query<WhichServer>,
) -> Result<impl Responder, Problem> {
    let report = app.fleet.report(&may, which.server)?;
    Ok(web::Json(Envelope::success(report)))
}
