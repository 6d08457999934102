//! Stored metrics over time; never the newest sample.

use common::api::metrics::{MetricAnswers, MetricQueries};
use gloo_net::http::Method;

use super::{Api, ApiError};

/// Asks several questions at once.
pub async fn query(api: Api, queries: &MetricQueries) -> Result<MetricAnswers, ApiError> {
    api.send(Method::POST, "/metrics/query", queries).await
}
