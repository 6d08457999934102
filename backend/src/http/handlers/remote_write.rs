//! Remote write in, and who gets it out; never which samples are accepted.

use actix_web::{HttpResponse, Responder, web};
use common::api::remote_write::Receivers;

use super::custom::PushParams;
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{Query, RemoteWriteBody};
use crate::http::problem::Problem;

/// Store the samples of a remote write 1.0 (protobuf, snappy), all or none. An error is told in plain
/// text, which the sender logs.
#[utoipa::path(
    post, path = "/api/v1/prom/api/v1/write", tag = "metrics", params(PushParams),
    request_body(content = Vec<u8>, content_type = "application/x-protobuf"),
    responses(
        (status = 204, description = "Stored, and durable"),
        (status = 400, description = "Never to be taken: not to be sent again"),
        (status = 404, description = "No such server"),
        (status = 409, description = "The server is disabled, or its monitoring is stopped"),
        (status = 413, description = "Larger than 32 MiB, or 64 MiB decompressed, or more than 500,000 samples"),
        (status = 503, description = "Busy, the disk is full, or the server has as many series as it may: to be sent again"),
    )
)]
pub(crate) async fn write(
    app: web::Data<App>,
    may: Allowed<may::MetricsWrite>,
    Query(PushParams { server }): Query<PushParams>,
    body: RemoteWriteBody,
) -> Result<HttpResponse, Problem> {
    let message = body.message().await?;
    app.fleet.write(&may, server, message).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The receivers that get what is stored, and how far they are, all on one page.
#[utoipa::path(
    get, path = "/api/v1/remote-write", tag = "metrics",
    responses((status = 200, description = "The receivers", body = Receivers))
)]
pub(crate) async fn receivers(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
) -> impl Responder {
    web::Json(app.forwarding.receivers(&may))
}
