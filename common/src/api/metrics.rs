//! Questions about stored metrics and their answers; never how they are computed.

use std::num::NonZeroU32;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::ids::ServerId;
use crate::series::Labels;
use crate::series::matcher::Matchers;
use crate::time::UnixMs;
use crate::units::Unit;

/// Points of one series at most; a question that would give more is refused.
pub const MAX_POINTS: usize = 20_000;

/// The width of a picture in pixels, 1 to 4,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct PixelWidth(u16);

impl PixelWidth {
    /// The widest.
    pub const MOST: u16 = 4_000;

    /// The width nearest to a number of pixels.
    pub fn nearest(pixels: i64) -> Self {
        let most = i64::from(Self::MOST);
        Self(u16::try_from(pixels.clamp(1, most)).unwrap_or(1))
    }

    /// Pixels.
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl<'de> Deserialize<'de> for PixelWidth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pixels = u32::deserialize(deserializer)?;
        u16::try_from(pixels)
            .ok()
            .filter(|pixels| (1..=Self::MOST).contains(pixels))
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("{pixels} is not between 1 and 4000")))
    }
}

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
    /// What a point says about its samples; the mean, when left out. Without a step it does not
    /// matter.
    #[serde(default)]
    pub agg: Aggregation,
    /// Pixels of the picture that the points are for, in the place of a step: the lowest and the
    /// highest sample of each pixel column at their own times, and one `null` for columns between
    /// them that have none. As long as there are no more samples than that, the samples.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u16>, minimum = 1, maximum = 4000))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<PixelWidth>,
    /// Whether the series of a server are added up, moment by moment, before a picture is made of
    /// them; the answer then has no labels. Taken with `width` alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sum: bool,
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
    /// Pixels of the picture that the points are for, 1 to 4000, in the place of a step: the lowest
    /// and the highest sample of each pixel column.
    #[cfg_attr(feature = "openapi", param(value_type = Option<u16>, minimum = 1, maximum = 4000))]
    pub width: Option<PixelWidth>,
    /// Whether the series of a server are added up before a picture is made of them.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(value_type = Option<bool>))]
    pub sum: bool,
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
            width: params.width,
            sum: params.sum,
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
