//! Metrics of OpenTelemetry; never which of their points are accepted.

use actix_web::{HttpResponse, web};
use serde_json::json;

use super::custom::PushParams;
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::{OtlpBody, Query};
use crate::http::problem::Problem;
use crate::ingest::otlp::{Encoding, Exported};
use crate::protobuf::{put_bytes, put_integer};

/// Store the metrics of an OTLP/HTTP export, as protobuf or JSON, under Prometheus's names. Points that
/// are not taken are told in `partialSuccess`.
#[utoipa::path(
    post, path = "/api/v1/otlp/v1/metrics", tag = "metrics", params(PushParams),
    request_body(content((Vec<u8> = "application/x-protobuf"), (Object = "application/json"))),
    responses(
        (status = 200, description = "Stored, and durable", content((Vec<u8> = "application/x-protobuf"), (Object = "application/json"))),
        (status = 404, description = "No such server"),
        (status = 409, description = "The server is disabled, or its monitoring is stopped"),
        (status = 503, description = "Busy, the disk is full, or the server has as many series as it may: to be sent again"),
    )
)]
pub(crate) async fn metrics(
    app: web::Data<App>,
    may: Allowed<may::MetricsWrite>,
    Query(PushParams { server }): Query<PushParams>,
    body: OtlpBody,
) -> Result<HttpResponse, Problem> {
    let encoding = body.encoding;
    let exported = app
        .fleet
        .take_otlp(&may, server, body.bytes(), encoding)
        .await?;
    Ok(answer(&exported, encoding))
}

/// `ExportMetricsServiceResponse`: empty when all was taken.
fn answer(exported: &Exported, encoding: Encoding) -> HttpResponse {
    let why = exported.why.as_deref().unwrap_or_default();
    let is_whole = exported.rejected == 0;
    match encoding {
        Encoding::Json if is_whole => HttpResponse::Ok().json(json!({})),
        Encoding::Json => HttpResponse::Ok().json(json!({"partialSuccess": {
            "rejectedDataPoints": exported.rejected.to_string(),
            "errorMessage": why,
        }})),
        Encoding::Protobuf => {
            let (mut message, mut partial) = (Vec::new(), Vec::new());
            if !is_whole {
                let rejected = i64::try_from(exported.rejected).unwrap_or(i64::MAX);
                put_integer(1, rejected, &mut partial);
                put_bytes(2, why.as_bytes(), &mut partial);
                put_bytes(1, &partial, &mut message);
            }
            let mut answer = HttpResponse::Ok();
            answer.content_type("application/x-protobuf").body(message)
        }
    }
}
