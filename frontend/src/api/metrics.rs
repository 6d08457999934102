//! Stored metrics over time, and which there are; never the newest sample.

use common::api::catalogue::MetricInfo;
use common::api::list::Page;
use common::api::metrics::{MetricAnswers, MetricQueries, StoredMetric, StoredSeries};
use common::ids::ServerId;
use gloo_net::http::Method;

use super::{Api, ApiError};

/// Asks several questions at once.
pub async fn query(api: Api, queries: &MetricQueries) -> Result<MetricAnswers, ApiError> {
    api.send(Method::POST, "/metrics/query", queries).await
}

/// The built-in metrics, by name.
pub async fn catalogue(api: Api) -> Result<Vec<MetricInfo>, ApiError> {
    let page: Page<MetricInfo> = api.get("/metrics/catalog").await?;
    Ok(page.items)
}

/// The metrics that have series, by name.
pub async fn names(api: Api) -> Result<Vec<StoredMetric>, ApiError> {
    let page: Page<StoredMetric> = api.get("/metrics/names").await?;
    Ok(page.items)
}

/// The series of a metric, of one server or of all. A metric's name needs no escapes in an address.
pub async fn series(
    api: Api,
    metric: &str,
    server: Option<ServerId>,
) -> Result<Vec<StoredSeries>, ApiError> {
    let server = server.map_or_else(String::new, |id| format!("&server={id}"));
    let path = format!("/metrics/series?match%5B%5D={metric}{server}");
    let page: Page<StoredSeries> = api.get(&path).await?;
    Ok(page.items)
}
