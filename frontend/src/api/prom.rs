//! Questions in `PromQL` and what there is to ask for, in Prometheus's envelope; never an expression of its own.

use std::collections::BTreeMap;

use common::time::UnixMs;
use gloo_net::http::Method;
use serde::Deserialize;

use super::{Api, ApiError};

/// Prometheus's paths begin with it.
const BASE: &str = "/prom/api/v1";
/// So many series come over a range: more than are drawn, so that it can be told how many are not.
pub const MOST_SERIES: usize = 200;

/// The labels of a series, its name as `__name__`.
pub type Labels = BTreeMap<String, String>;

/// A moment in seconds with a value as Prometheus writes it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Sample(pub f64, pub String);

/// A series at one moment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Instant {
    /// Which.
    pub metric: Labels,
    /// Its value.
    pub value: Sample,
}

/// A series over time.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Series {
    /// Which.
    pub metric: Labels,
    /// Its values in the order of time.
    pub values: Vec<Sample>,
}

/// What an expression is worth.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
pub enum Value {
    /// A number.
    Scalar(Sample),
    /// A text.
    String(Sample),
    /// A value a series.
    Vector(Vec<Instant>),
    /// Values over time a series.
    Matrix(Vec<Series>),
}

/// What an answer took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Took {
    /// Series that were read.
    pub series: u64,
    /// Samples that were read.
    pub samples: u64,
    /// From its start to its end.
    pub seconds: f64,
}

/// An answer with what it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What the expression is worth.
    pub value: Value,
    /// What it took.
    pub took: Took,
    /// What to know about it: warnings first.
    pub remarks: Vec<String>,
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
    #[serde(default)]
    warnings: Vec<String>,
    #[serde(default)]
    infos: Vec<String>,
}

#[derive(Deserialize)]
struct Evaluated {
    #[serde(flatten)]
    value: Value,
    stats: Stats,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stats {
    timings: Timings,
    series_read: u64,
    samples_read: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Timings {
    exec_total_time: f64,
}

/// What an expression is worth at a moment.
pub async fn at(api: Api, expression: &str, time: UnixMs) -> Result<Answer, ApiError> {
    let form = [
        ("query", expression.to_owned()),
        ("time", seconds(time)),
        ("stats", "all".to_owned()),
    ];
    evaluate(api, &address("/query", &form)).await
}

/// What it is worth from one moment to another, each `step_ms`; the first [`MOST_SERIES`].
pub async fn over(
    api: Api,
    expression: &str,
    (from, to): (UnixMs, UnixMs),
    step_ms: i64,
) -> Result<Answer, ApiError> {
    let form = [
        ("query", expression.to_owned()),
        ("start", seconds(from)),
        ("end", seconds(to)),
        ("step", seconds(UnixMs(step_ms))),
        ("limit", MOST_SERIES.to_string()),
        ("stats", "all".to_owned()),
    ];
    evaluate(api, &address("/query_range", &form)).await
}

/// The names of labels: of the series of a metric, or of all.
pub async fn labels(api: Api, metric: Option<&str>) -> Result<Vec<String>, ApiError> {
    list(api, "/labels", metric).await
}

/// The values of a label: of the series of a metric, or of all. A label's name needs no escapes.
pub async fn values(api: Api, label: &str, metric: Option<&str>) -> Result<Vec<String>, ApiError> {
    list(api, &format!("/label/{label}/values"), metric).await
}

async fn list(api: Api, path: &str, metric: Option<&str>) -> Result<Vec<String>, ApiError> {
    let form = metric.map(|metric| ("match[]", metric.to_owned()));
    let path = address(path, form.as_slice());
    let envelope: Envelope<Vec<String>> = api.get(&path).await?;
    Ok(envelope.data)
}

async fn evaluate(api: Api, path: &str) -> Result<Answer, ApiError> {
    let text = api.text(Method::GET, path, None).await?;
    read(&text)
}

fn read(text: &str) -> Result<Answer, ApiError> {
    let found = serde_json::from_str::<Envelope<Evaluated>>(text);
    let envelope = found.map_err(|_| ApiError::Unreadable)?;
    let Stats {
        timings,
        series_read,
        samples_read,
    } = envelope.data.stats;
    let mut remarks = envelope.warnings;
    remarks.extend(envelope.infos);
    Ok(Answer {
        value: envelope.data.value,
        took: Took {
            series: series_read,
            samples: samples_read,
            seconds: timings.exec_total_time,
        },
        remarks,
    })
}

fn address(path: &str, form: &[(&str, String)]) -> String {
    let mut address = format!("{BASE}{path}");
    for (place, (name, value)) in form.iter().enumerate() {
        address.push(if place == 0 { '?' } else { '&' });
        address.push_str(&escape(name));
        address.push('=');
        address.push_str(&escape(value));
    }
    address
}

fn seconds(at: UnixMs) -> String {
    format!("{}.{:03}", at.0 / 1_000, at.0 % 1_000)
}

/// A text as a part of an address.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            for half in [byte >> 4, byte & 15] {
                escaped.extend(
                    char::from_digit(u32::from(half), 16).map(|it| it.to_ascii_uppercase()),
                );
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{Instant, Labels, Sample, Value, address, escape, read, seconds};
    use common::time::UnixMs;

    const STATS: &str =
        r#""stats":{"timings":{"execTotalTime":0.5},"seriesRead":2,"samplesRead":7}"#;

    #[test]
    fn answers_are_read_with_what_they_took() {
        let instant = Instant {
            metric: Labels::from([("__name__".to_owned(), "up".to_owned())]),
            value: Sample(1.5, "NaN".to_owned()),
        };
        for (data, value) in [
            (
                r#""resultType":"vector","result":[{"metric":{"__name__":"up"},"value":[1.5,"NaN"]}]"#,
                Value::Vector(vec![instant]),
            ),
            (
                r#""resultType":"scalar","result":[1,"4"]"#,
                Value::Scalar(Sample(1.0, "4".to_owned())),
            ),
            (
                r#""resultType":"matrix","result":[]"#,
                Value::Matrix(vec![]),
            ),
        ] {
            let text = format!(
                r#"{{"status":"success","data":{{{data},{STATS}}},"infos":["i"],"warnings":["w"]}}"#
            );
            let answer = read(&text).unwrap();
            assert_eq!(answer.value, value);
            assert_eq!(answer.remarks, ["w", "i"]);
            assert_eq!((answer.took.series, answer.took.samples), (2, 7));
        }
    }

    #[test]
    fn what_is_asked_stands_in_the_address() {
        assert_eq!(escape("a{b=\"c d\"}+ü"), "a%7Bb%3D%22c%20d%22%7D%2B%C3%BC");
        assert_eq!(seconds(UnixMs(1_500)), "1.500");
        let form = [("match[]", "up".to_owned()), ("limit", "5".to_owned())];
        assert_eq!(
            address("/series", &form),
            "/prom/api/v1/series?match%5B%5D=up&limit=5"
        );
    }
}
