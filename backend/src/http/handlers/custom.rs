//! Metrics that others push; never which of them are accepted.

use actix_web::{Responder, web};
use common::api::custom::{CustomMetrics, CustomStored};
use common::ids::ServerId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{PushedBody, Query};
use crate::http::problem::Problem;

/// Whose metrics they are.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PushParams {
    /// The server that they belong to; the one that Watchpost runs on, when left out.
    #[param(inline)]
    pub(super) server: Option<ServerId>,
}

/// Store own metrics, all or none: as JSON, or in Prometheus's text format.
#[utoipa::path(
    post, path = "/api/v1/metrics/custom", tag = "metrics", params(PushParams),
    request_body(content((CustomMetrics = "application/json"), (String = "text/plain"))),
    responses(
        (status = 200, description = "Stored, and durable", body = CustomStored),
        (status = 404, description = "No such server"),
        (status = 409, description = "The server is disabled, or its monitoring is stopped"),
    )
)]
pub(crate) async fn push(
    app: web::Data<App>,
    may: Allowed<may::MetricsWrite>,
    Query(PushParams { server }): Query<PushParams>,
    body: PushedBody,
) -> Result<impl Responder, Problem> {
    let gathering = app.fleet.gathering(&may, server);
    let pushed = body.gather(gathering).await?;
    Ok(web::Json(app.fleet.push(&may, server, pushed).await?))
}
