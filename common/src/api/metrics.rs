//! Questions about stored metrics and their answers; never how they are computed.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::ids::ServerId;
use crate::series::Labels;
use crate::series::matcher::Matchers;
use crate::time::UnixMs;
use crate::units::Unit;

/// Points of one series at most; a question that would give more is refused.
pub const MAX_POINTS: usize = 20_000;

/// What a point says about the samples it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Aggregation {
    /// Their mean (default).
    #[default]
    Avg,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// Their sum.
    Sum,
    /// How many there are.
    Count,
    /// The newest.
    Last,
    /// The middle one, or the mean of the two in the middle.
    Median,
    /// The value that 95 of 100 do not exceed, interpolated.
    P95,
    /// How far they lie from their mean (population).
    Stddev,
}

/// One question: which series, from when to when, in which steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MetricQuery {
    /// The server; without it every server that the caller may see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<ServerId>,
    /// Name of the metric.
    pub metric: String,
    /// What a series' labels must be like; others do not matter. An object of labels with their
    /// values, or a text as in the query's parameter.
    #[serde(default, skip_serializing_if = "Matchers::is_empty")]
    pub labels: Matchers,
    /// The first moment.
    pub from: UnixMs,
    /// The moment after the last; now, when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<UnixMs>,
    /// Seconds that a point stands for; raw samples, when left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>, minimum = 1))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<NonZeroU32>,
    /// What a point says about its samples.
    #[serde(default)]
    pub agg: Aggregation,
}

/// The same question as query parameters; unknown ones are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct MetricQueryParams {
    /// The server; without it every server that the caller may see.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub server: Option<ServerId>,
    /// Name of the metric.
    pub metric: String,
    /// What a series' labels must be like: `name=value`, `name!=value`, `name=~regex` or
    /// `name!~regex`, several with commas between; a value with a comma in it stands in quotes.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub labels: Option<Matchers>,
    /// The first moment: RFC 3339 or milliseconds since the epoch.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub from: UnixMs,
    /// The moment after the last, likewise; now, when left out.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub to: Option<UnixMs>,
    /// Seconds that a point stands for, from 1; raw samples, when left out.
    #[cfg_attr(feature = "openapi", param(value_type = Option<u32>, minimum = 1))]
    pub step: Option<NonZeroU32>,
    /// What a point says about its samples; `avg`, when left out.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub agg: Option<Aggregation>,
}

impl From<MetricQueryParams> for MetricQuery {
    fn from(params: MetricQueryParams) -> Self {
        Self {
            server: params.server,
            metric: params.metric,
            labels: params.labels.unwrap_or_default(),
            from: params.from,
            to: params.to,
            step: params.step,
            agg: params.agg.unwrap_or_default(),
        }
    }
}

/// Which stored metrics a file is made of; unknown parameters are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct MetricExportParams {
    /// The server; without it every server that the caller may see.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub server: Option<ServerId>,
    /// Name of the metric.
    pub metric: Option<String>,
    /// What a series' labels must be like, as in the query.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub labels: Option<Matchers>,
    /// The first moment: RFC 3339 or milliseconds since the epoch.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub from: UnixMs,
    /// The moment after the last, likewise; now, when left out.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub to: Option<UnixMs>,
    /// Seconds that a point stands for, from 1; raw samples, when left out.
    #[cfg_attr(feature = "openapi", param(value_type = Option<u32>, minimum = 1))]
    pub step: Option<NonZeroU32>,
    /// What a point says about its samples; `avg`, when left out.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub agg: Option<Aggregation>,
    /// CSV, JSON as the query gives it, or Prometheus's text format; CSV, when left out.
    #[cfg_attr(feature = "openapi", param(inline))]
    #[serde(default)]
    pub format: ExportFormat,
}

/// Several questions at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MetricQueries {
    /// The questions, 50 at most.
    pub queries: Vec<MetricQuery>,
}

/// The answers to several questions, in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricAnswers {
    /// One answer a question.
    pub results: Vec<MetricAnswer>,
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricAnswer {
    /// The series that match, by server and labels.
    pub series: Vec<AnsweredSeries>,
}

/// One series of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnsweredSeries {
    /// The server it belongs to.
    pub server_id: ServerId,
    /// That server's name.
    pub server: String,
    /// Name of the metric.
    pub metric: String,
    /// What tells it from other series of that metric and server.
    pub labels: Labels,
    /// What its values are counted in; `None` for a metric that the catalogue lacks.
    pub unit: Option<Unit>,
    /// Milliseconds since the epoch and the value; `null` where there is no sample.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<(i64, Option<f64>)>))]
    pub points: Vec<(i64, Option<f64>)>,
}

/// A series that has samples, or had some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredSeries {
    /// The server it belongs to.
    pub server_id: ServerId,
    /// That server's name.
    pub server: String,
    /// Name of the metric.
    pub metric: String,
    /// What tells it from other series of that metric and server.
    pub labels: Labels,
}

/// A metric that has series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredMetric {
    /// Name of the metric.
    pub metric: String,
    /// How many series it has on all servers that were asked about.
    pub series: usize,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// Comma-separated values as in RFC 4180, UTF-8 (default).
    #[default]
    Csv,
    /// One JSON document, as the query gives it.
    Json,
    /// Prometheus's text format, with times.
    Prometheus,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_strictly() {
        let read = serde_json::from_str::<MetricQuery>;
        let question = read(r#"{"metric":"up","from":0}"#).unwrap();
        assert_eq!(question.agg, Aggregation::Avg);
        assert_eq!(question.step, None);
        for wrong in [
            r#"{"from":0}"#,
            r#"{"metric":"up","from":0,"step":0}"#,
            r#"{"metric":"up","from":0,"stepp":1}"#,
            r#"{"metric":"up","from":0,"agg":"mode"}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
