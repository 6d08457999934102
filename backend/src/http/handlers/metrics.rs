//! Stored metrics: questions and files; never how they are computed.

use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpResponse, Responder, web};
use common::api::list::Page;
use common::api::metrics::{
    ExportFormat, MetricAnswer, MetricAnswers, MetricExportParams, MetricQueries,
    MetricQueryParams, StoredMetric, StoredSeries,
};
use common::ids::ServerId;
use futures_util::TryStreamExt;
use serde::Deserialize;
use utoipa::IntoParams;

use super::no_such_server::NoSuchServer;
use crate::app::App;
use crate::auth::{Allowed, may};
use crate::fleet::ReadingsError;
use crate::http::extract::{Body, Client, Matches, Query};
use crate::http::problem::Problem;
use crate::query::QueryError;

/// Questions of one request at most.
const MOST_QUERIES: usize = 50;

/// Answers a question about stored metrics: points in steps, or raw samples without a step.
#[utoipa::path(
    get, path = "/api/v1/metrics/query", tag = "metrics",
    params(MetricQueryParams),
    responses(
        (status = 200, description = "The series that match and have samples", body = MetricAnswer),
        NoSuchServer,
    )
)]
pub(crate) async fn query(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    Query(params): Query<MetricQueryParams>,
    client: Client,
) -> Result<impl Responder, Problem> {
    let answer = app.fleet.query(&may, &app.query, params.into());
    let answer = client.waits_for(answer).await;
    Ok(web::Json(answer.unwrap_or_else(nobody)?))
}

/// Answers several questions at once, all or none.
#[utoipa::path(
    post, path = "/api/v1/metrics/query", tag = "metrics",
    request_body = MetricQueries,
    responses(
        (status = 200, description = "One answer a question, in their order", body = MetricAnswers),
        NoSuchServer,
    )
)]
pub(crate) async fn query_several(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    client: Client,
    Body(MetricQueries { queries }): Body<MetricQueries>,
) -> Result<impl Responder, Problem> {
    if queries.len() > MOST_QUERIES {
        return Err(Problem::field(
            "queries",
            format!("more than {MOST_QUERIES}"),
        ));
    }
    let results = app.fleet.query_several(&may, &app.query, queries);
    let results = client.waits_for(results).await.unwrap_or_else(nobody)?;
    Ok(web::Json(MetricAnswers { results }))
}

/// The answer to a client that has gone.
fn nobody<T>() -> Result<T, ReadingsError> {
    Err(ReadingsError::Query(QueryError::Cancelled))
}

/// Which series are listed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SeriesParams {
    /// The server; without it every server that the caller may see.
    #[param(inline)]
    server: Option<ServerId>,
}

/// The series that there are, by server, metric and labels, whether or not they have samples of late.
#[utoipa::path(
    get, path = "/api/v1/metrics/series", tag = "metrics",
    params(
        SeriesParams,
        ("match[]" = Vec<String>, Query, description = "Which series, as `name{label=\"value\"}`; \
            `server` chooses a server by its name. Several times: those that any of them means"),
    ),
    responses(
        (status = 200, description = "All of them, `query.max_series` a match at most", body = Page<StoredSeries>),
        NoSuchServer,
    )
)]
pub(crate) async fn series(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    Query(SeriesParams { server }): Query<SeriesParams>,
    matches: Matches,
) -> Result<impl Responder, Problem> {
    let matches = matches.at_least_one()?;
    let found = app.fleet.series(&may, &app.query, server, matches).await?;
    Ok(web::Json(Page::whole(found)))
}

/// The metrics that have series, built-in and own ones, by name, whether or not they have samples of late.
#[utoipa::path(
    get, path = "/api/v1/metrics/names", tag = "metrics",
    params(SeriesParams),
    responses(
        (status = 200, description = "All of them", body = Page<StoredMetric>),
        NoSuchServer,
    )
)]
pub(crate) async fn names(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    Query(SeriesParams { server }): Query<SeriesParams>,
) -> Result<impl Responder, Problem> {
    let found = app.fleet.metric_names(&may, server)?;
    Ok(web::Json(Page::whole(found)))
}

/// Stored metrics as a file. It takes the parameters of the query, or `match[]` in the place of metric and labels, without a limit on points.
#[utoipa::path(
    get, path = "/api/v1/metrics/export", tag = "metrics",
    params(
        MetricExportParams,
        ("match[]" = Option<Vec<String>>, Query, description = "Which series, in the place of \
            `metric` and `labels`, as for the list of series; several times: those that any means"),
    ),
    responses(
        (status = 200, description = "The file", content(
            (String = "text/csv"),
            (MetricAnswer = "application/json"),
            (String = "text/plain"),
        )),
        NoSuchServer,
    )
)]
pub(crate) async fn export(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    Query(params): Query<MetricExportParams>,
    Matches(matches): Matches,
) -> Result<impl Responder, Problem> {
    let (name, format) = (file_name(&params), params.format);
    let chunks = app.fleet.export(&may, &app.query, params, matches).await?;
    let content = app.fleet.file(chunks, format);
    let content = content.inspect_err(|error| tracing::error!(%error, "a file was not finished"));
    Ok(HttpResponse::Ok()
        .content_type(match format {
            ExportFormat::Csv => "text/csv; charset=utf-8; header=present",
            ExportFormat::Json => "application/json",
            ExportFormat::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
        })
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .streaming(content))
}

/// `watchpost-<metric>-<first day>.csv`; what no file system likes becomes an underscore.
fn file_name(params: &MetricExportParams) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let metric = params.metric.as_deref().unwrap_or("metrics");
    let metric: String = metric.chars().take(100).map(plain).collect();
    let from = params.from.to_rfc3339();
    let day: String = from.chars().take_while(|c| *c != 'T').map(plain).collect();
    let extension = match params.format {
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
        ExportFormat::Prometheus => "prom",
    };
    format!("watchpost-{metric}-{day}.{extension}")
}

#[cfg(test)]
mod tests {
    use common::time::UnixMs;

    use super::*;

    #[test]
    fn file_names_are_harmless() {
        for (metric, expected) in [
            (Some("../a\"b\r\n"), "watchpost-___a_b__-1970_01_01.csv"),
            (None, "watchpost-metrics-1970_01_01.csv"),
        ] {
            let params = MetricExportParams {
                server: None,
                metric: metric.map(str::to_owned),
                labels: None,
                from: UnixMs(0),
                to: None,
                step: None,
                agg: None,
                format: ExportFormat::Csv,
            };
            assert_eq!(file_name(&params), expected);
        }
    }
}
