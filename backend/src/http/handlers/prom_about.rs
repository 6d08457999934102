//! What Prometheus tells about metrics, about itself and about an expression; never a value.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use common::metric::{Metric, MetricKind};
use serde::Serialize;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::Parameters;
use crate::http::problem::Problem;
use crate::http::prom::{self, Fault, PromAnswer};

/// The Prometheus whose API and language these are. Grafana asks for it to know what it may use.
const AS_PROMETHEUS: &str = "3.0.0";

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Metadata {
    #[serde(rename = "type")]
    kind: &'static str,
    help: &'static str,
    unit: &'static str,
}

impl From<&Metric> for Metadata {
    fn from(metric: &Metric) -> Self {
        Self {
            kind: match metric.kind {
                MetricKind::Gauge => "gauge",
                MetricKind::Counter => "counter",
            },
            help: metric.help,
            unit: metric.unit.as_str(),
        }
    }
}

/// What the metrics of the catalogue are that have series.
#[utoipa::path(
    get, path = "/api/v1/prom/api/v1/metadata", tag = "prometheus",
    params(
        ("metric" = Option<String>, Query, description = "Only this metric"),
        ("limit" = Option<i64>, Query, description = "How many metrics at most"),
        ("limit_per_metric" = Option<i64>, Query, description = "How many descriptions a metric at most; there is one"),
    ),
    responses((status = 200, description = "By metric: type, help and unit", body = PromAnswer))
)]
pub(crate) async fn metadata(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    form: Parameters,
) -> Result<HttpResponse, Problem> {
    let most = number(&form, "limit")?.map_or(usize::MAX, |most| most);
    number(&form, "limit_per_metric")?;
    let wanted = form.get("metric");
    let stored = app.fleet.metric_names(&may, None)?;
    let known = stored
        .iter()
        .filter(|stored| wanted.is_empty() || stored.metric == wanted)
        .filter_map(|stored| Metric::find(&stored.metric));
    let found: BTreeMap<&str, [Metadata; 1]> = known
        .take(most)
        .map(|metric| (metric.name, [metric.into()]))
        .collect();
    Ok(prom::object(&found))
}

/// A parameter that has to be a number; `None` when it is left out or negative, as for no limit.
fn number(form: &Parameters, name: &str) -> Result<Option<usize>, Problem> {
    let text = form.get(name);
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse::<i64>();
    let number =
        number.map_err(|_| Fault::BadData.because(format_args!("{name} must be a number")))?;
    Ok(usize::try_from(number).ok())
}

/// Which Prometheus this is like.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BuildInfo {
    version: &'static str,
    revision: &'static str,
    branch: &'static str,
    build_user: &'static str,
    build_date: &'static str,
    go_version: &'static str,
}

/// Which version of Prometheus this answers like; `revision` is Watchpost's own version.
#[utoipa::path(
    get, path = "/api/v1/prom/api/v1/status/buildinfo", tag = "prometheus",
    responses((status = 200, description = "The version", body = PromAnswer))
)]
pub(crate) async fn buildinfo(_: Allowed<may::MetricsRead>) -> HttpResponse {
    prom::object(&BuildInfo {
        version: AS_PROMETHEUS,
        revision: concat!("watchpost-", env!("CARGO_PKG_VERSION")),
        branch: "watchpost",
        build_user: "",
        build_date: "",
        go_version: "",
    })
}

/// An expression in PromQL in its usual form.
#[utoipa::path(
    get, path = "/api/v1/prom/api/v1/format_query", tag = "prometheus",
    params(("query" = String, Query, description = "The expression")),
    responses((status = 200, description = "The same expression, laid out", body = PromAnswer))
)]
pub(crate) async fn format_query(
    _: Allowed<may::MetricsRead>,
    form: Parameters,
) -> Result<HttpResponse, Problem> {
    let expression = prom::expression(&form)?;
    Ok(prom::object(&expression.to_string()))
}

/// An expression in PromQL in its usual form; the parameters of `GET` as a form.
#[utoipa::path(
    post, path = "/api/v1/prom/api/v1/format_query", tag = "prometheus",
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The same expression, laid out", body = PromAnswer))
)]
pub(crate) async fn format_query_by_form(
    may: Allowed<may::MetricsRead>,
    form: Parameters,
) -> Result<HttpResponse, Problem> {
    format_query(may, form).await
}
