//! What Prometheus tells about metrics, about itself and about an expression; never a value.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use common::api::metrics::StoredMetric;
use common::metric::{Metric, MetricKind};
use serde::Serialize;

use crate::app::App;
use crate::auth::{Allowed, may};
use crate::http::extract::Parameters;
use crate::http::problem::Problem;
use crate::http::prom::{self, Fault, PromAnswer};
use crate::ingest;

/// The Prometheus whose API and language these are. Grafana asks for it to know what it may use.
const AS_PROMETHEUS: &str = "3.0.0";

/// What a metric is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Metadata {
    #[serde(rename = "type")]
    kind: &'static str,
    help: String,
    unit: String,
}

impl From<&Metric> for Metadata {
    fn from(metric: &Metric) -> Self {
        Self {
            kind: match metric.kind {
                MetricKind::Gauge => "gauge",
                MetricKind::Counter => "counter",
            },
            help: metric.help.to_owned(),
            unit: metric.unit.as_str().to_owned(),
        }
    }
}

impl From<ingest::Metadata> for Metadata {
    fn from(said: ingest::Metadata) -> Self {
        Self {
            kind: said.kind.word(),
            help: said.help,
            unit: said.unit,
        }
    }
}

/// What the metrics of the catalogue are that have series, and what exporters and senders said that
/// theirs are.
#[utoipa::path(
    get, path = "/api/v1/prom/api/v1/metadata", tag = "prometheus",
    params(
        ("metric" = Option<String>, Query, description = "Only this metric"),
        ("limit" = Option<i64>, Query, description = "How many metrics at most"),
        ("limit_per_metric" = Option<i64>, Query, description = "How many descriptions a metric at most; several when those who send it do not agree"),
    ),
    responses((status = 200, description = "By metric: type, help and unit", body = PromAnswer))
)]
pub(crate) async fn metadata(
    app: web::Data<App>,
    may: Allowed<may::MetricsRead>,
    form: Parameters,
) -> Result<HttpResponse, Problem> {
    let most = number(&form, "limit")?.unwrap_or(usize::MAX);
    let most_of_one = number(&form, "limit_per_metric")?.filter(|most| *most > 0);
    let wanted = Some(form.get("metric")).filter(|metric| !metric.is_empty());
    let stored = app.fleet.metric_names(&may, None)?;
    let said = app.fleet.described(&may, wanted);
    let mut found = of_catalogue(&stored, wanted);
    for (metric, entries) in said {
        let known = found.entry(metric).or_default();
        for entry in entries.into_iter().map(Metadata::from) {
            if !known.contains(&entry) {
                known.push(entry);
            }
        }
    }
    for known in found.values_mut() {
        known.truncate(most_of_one.unwrap_or(usize::MAX));
    }
    let found: BTreeMap<_, _> = found.into_iter().take(most).collect();
    Ok(prom::object(&found))
}

/// The metrics of the catalogue among those that are stored.
fn of_catalogue(stored: &[StoredMetric], wanted: Option<&str>) -> BTreeMap<String, Vec<Metadata>> {
    let wanted = stored
        .iter()
        .filter(|stored| wanted.is_none_or(|wanted| wanted == stored.metric));
    let known = wanted.filter_map(|stored| Metric::find(&stored.metric));
    known
        .map(|metric| (metric.name.to_owned(), vec![metric.into()]))
        .collect()
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
