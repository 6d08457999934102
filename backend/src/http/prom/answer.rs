//! Answers in Prometheus's envelope, `{"status":"success",…}`, written straight into bytes: an answer of
//! many series is never held as a tree of values. Never what the values are.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Object, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::exposition::number;
use crate::http::problem::Problem;
use crate::query::promql::{LabelSet, Value};

/// What an answer was cut to.
const TRUNCATED: &str = "results truncated due to limit";
/// An answer with more values than these is written off the threads that serve others.
const MANY: usize = 20_000;
/// About what a value takes.
const BYTES_A_VALUE: usize = 32;

/// What is told beside an answer.
#[derive(Debug, Clone, Default)]
pub(in crate::http) struct Notes {
    /// What is probably wrong with the question, or was left out.
    pub(in crate::http) warnings: Vec<String>,
    /// What may be wrong with it.
    pub(in crate::http) infos: Vec<String>,
}

/// What an evaluation took.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Stats {
    /// From its start to its end.
    pub(in crate::http) seconds: f64,
    /// Series that were read.
    pub(in crate::http) series: usize,
    /// Samples that were read.
    pub(in crate::http) samples: usize,
}

/// What an expression is worth, of which `limit` series at most are given; 0 for all.
pub(in crate::http) async fn value(
    mut value: Value,
    limit: usize,
    stats: Option<Stats>,
    mut notes: Notes,
) -> Result<HttpResponse, Problem> {
    if limit > 0 && truncate(&mut value, limit) {
        notes.warnings.push(TRUNCATED.to_owned());
    }
    let values = values(&value);
    let write = move || {
        let mut body = Vec::with_capacity(256 + values * BYTES_A_VALUE);
        body.extend_from_slice(br#"{"status":"success","data":"#);
        write_value(&mut body, &value, stats);
        end(&mut body, &notes);
        body
    };
    let body = if values > MANY {
        web::block(write).await.map_err(Problem::internal)?
    } else {
        write()
    };
    Ok(respond(body))
}

/// A list, of which `limit` items at most are given; 0 for all.
pub(in crate::http) fn list<T>(
    items: impl ExactSizeIterator<Item = T>,
    limit: usize,
    write: impl Fn(&mut Vec<u8>, &T),
) -> HttpResponse {
    let mut notes = Notes::default();
    let most = if limit == 0 { usize::MAX } else { limit };
    if items.len() > most {
        notes.warnings.push(TRUNCATED.to_owned());
    }
    let mut body = Vec::from(br#"{"status":"success","data":["#);
    for (at, item) in items.take(most).enumerate() {
        if at > 0 {
            body.push(b',');
        }
        write(&mut body, &item);
    }
    body.push(b']');
    end(&mut body, &notes);
    respond(body)
}

/// Anything else that is small.
pub(in crate::http) fn object(data: &impl Serialize) -> HttpResponse {
    let mut body = Vec::from(br#"{"status":"success","data":"#);
    json(&mut body, data);
    end(&mut body, &Notes::default());
    respond(body)
}

/// Labels as an object.
pub(in crate::http) fn labels(into: &mut Vec<u8>, labels: &LabelSet) {
    into.push(b'{');
    for (at, (name, value)) in labels.iter().enumerate() {
        if at > 0 {
            into.push(b',');
        }
        json(into, name);
        into.push(b':');
        json(into, value);
    }
    into.push(b'}');
}

/// Texts and numbers: writing them cannot fail.
pub(in crate::http) fn json(into: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    serde_json::to_writer(into, value).unwrap_or_default();
}

fn truncate(value: &mut Value, limit: usize) -> bool {
    let length = match value {
        Value::Vector(samples) => samples.len(),
        Value::Matrix(series) => series.len(),
        Value::Scalar(..) | Value::String(..) => 0,
    };
    match value {
        Value::Vector(samples) => samples.truncate(limit),
        Value::Matrix(series) => series.truncate(limit),
        Value::Scalar(..) | Value::String(..) => {}
    }
    length > limit
}

fn values(value: &Value) -> usize {
    match value {
        Value::Scalar(..) | Value::String(..) => 1,
        // Mostly labels.
        Value::Vector(samples) => samples.len() * 6,
        Value::Matrix(series) => series.iter().map(|one| one.points.len() + 6).sum(),
    }
}

fn write_value(body: &mut Vec<u8>, value: &Value, stats: Option<Stats>) {
    let kind = match value {
        Value::Scalar(..) => "scalar",
        Value::String(..) => "string",
        Value::Vector(..) => "vector",
        Value::Matrix(..) => "matrix",
    };
    body.extend_from_slice(br#"{"resultType":""#);
    body.extend_from_slice(kind.as_bytes());
    body.extend_from_slice(br#"","result":"#);
    match value {
        Value::Scalar(at, value) => point(body, *at, *value),
        Value::String(at, text) => {
            body.push(b'[');
            number::seconds(body, *at);
            body.push(b',');
            json(body, text);
            body.push(b']');
        }
        Value::Vector(samples) => separated(body, samples, |body, sample| {
            body.extend_from_slice(br#"{"metric":"#);
            labels(body, &sample.labels);
            body.extend_from_slice(br#","value":"#);
            point(body, sample.at_ms, sample.value);
            body.push(b'}');
        }),
        Value::Matrix(series) => separated(body, series, |body, series| {
            body.extend_from_slice(br#"{"metric":"#);
            labels(body, &series.labels);
            body.extend_from_slice(br#","values":"#);
            separated(body, &series.points, |body, (at, value)| {
                point(body, *at, *value);
            });
            body.push(b'}');
        }),
    }
    if let Some(stats) = stats {
        write_stats(body, stats);
    }
    body.push(b'}');
}

fn separated<T>(body: &mut Vec<u8>, items: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    body.push(b'[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        write(body, item);
    }
    body.push(b']');
}

/// `[1435781451.781,"1.5"]`
fn point(body: &mut Vec<u8>, at_ms: i64, value: f64) {
    body.push(b'[');
    number::seconds(body, at_ms);
    body.extend_from_slice(b",\"");
    number::value(body, value);
    body.extend_from_slice(b"\"]");
}

/// All of the time goes into the evaluation; of the samples read all are held at once.
fn write_stats(body: &mut Vec<u8>, stats: Stats) {
    let Stats {
        seconds,
        series,
        samples,
    } = stats;
    let text = format!(
        r#","stats":{{"timings":{{"evalTotalTime":{seconds},"resultSortTime":0,"queryPreparationTime":0,"innerEvalTime":{seconds},"execQueueTime":0,"execTotalTime":{seconds}}},"samples":{{"totalQueryableSamples":{samples},"peakSamples":{samples}}},"seriesRead":{series},"samplesRead":{samples}}}"#
    );
    body.extend_from_slice(text.as_bytes());
}

fn end(body: &mut Vec<u8>, notes: &Notes) {
    for (name, texts) in [("warnings", &notes.warnings), ("infos", &notes.infos)] {
        if !texts.is_empty() {
            body.extend_from_slice(format!(",\"{name}\":").as_bytes());
            json(body, texts);
        }
    }
    body.push(b'}');
}

fn respond(body: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(body)
}

/// The shape of every answer, for the description of the API.
pub(in crate::http) enum PromAnswer {}

impl PartialSchema for PromAnswer {
    fn schema() -> RefOr<Schema> {
        let text = || Object::with_type(Type::String);
        let texts = || ArrayBuilder::new().items(text());
        ObjectBuilder::new()
            .description(Some("Prometheus's envelope."))
            .property("status", text())
            .required("status")
            .property("data", ObjectBuilder::new())
            .property("warnings", texts())
            .property("infos", texts())
            .into()
    }
}

impl ToSchema for PromAnswer {}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;

    use super::*;
    use crate::query::promql::{Sample, Series};

    async fn text(answer: HttpResponse) -> String {
        let body = to_bytes(answer.into_body()).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    fn up() -> LabelSet {
        LabelSet::of([("__name__", "up"), ("a", "\"\\\n<é>")])
    }

    #[actix_web::test]
    async fn values_are_written_as_prometheus_writes_them() {
        let vector = |labels: LabelSet, value| {
            Value::Vector(vec![Sample {
                labels,
                at_ms: 1_435_781_451_781,
                value,
            }])
        };
        let matrix = Value::Matrix(vec![Series {
            labels: LabelSet::none(),
            points: vec![(0, 1.0), (1_500, f64::NEG_INFINITY)],
        }]);
        for (value, kind, result) in [
            (Value::Scalar(1_000, 0.1), "scalar", r#"[1,"0.1"]"#),
            (
                Value::String(1_001, "a\"".into()),
                "string",
                r#"[1.001,"a\""]"#,
            ),
            (
                vector(up(), f64::NAN),
                "vector",
                r#"[{"metric":{"__name__":"up","a":"\"\\\n<é>"},"value":[1435781451.781,"NaN"]}]"#,
            ),
            (Value::Vector(Vec::new()), "vector", "[]"),
            (
                matrix,
                "matrix",
                r#"[{"metric":{},"values":[[0,"1"],[1.500,"-Inf"]]}]"#,
            ),
        ] {
            let answer = super::value(value, 0, None, Notes::default())
                .await
                .unwrap();
            assert_eq!(
                text(answer).await,
                format!(
                    r#"{{"status":"success","data":{{"resultType":"{kind}","result":{result}}}}}"#
                )
            );
        }
    }

    #[actix_web::test]
    async fn notes_statistics_and_limits_are_told() {
        let sample = |at_ms| Sample {
            labels: LabelSet::none(),
            at_ms,
            value: 1.0,
        };
        let notes = Notes {
            warnings: vec!["w".into()],
            infos: vec!["i".into()],
        };
        let stats = Stats {
            seconds: 0.5,
            series: 2,
            samples: 7,
        };
        let two = Value::Vector(vec![sample(0), sample(1)]);
        let answer = super::value(two, 1, Some(stats), notes).await.unwrap();
        let json: serde_json::Value = serde_json::from_str(&text(answer).await).unwrap();
        assert_eq!(json["warnings"], serde_json::json!(["w", TRUNCATED]));
        assert_eq!(json["infos"], serde_json::json!(["i"]));
        assert_eq!(json["data"]["result"].as_array().unwrap().len(), 1);
        let stats = &json["data"]["stats"];
        assert_eq!(stats["samples"]["totalQueryableSamples"], 7);
        assert_eq!(
            (&stats["seriesRead"], &stats["samplesRead"]),
            (&2.into(), &7.into())
        );
        let cut = list([1, 2, 3].into_iter(), 2, json_of);
        let expected =
            r#"{"status":"success","data":[1,2],"warnings":["results truncated due to limit"]}"#;
        assert_eq!(text(cut).await, expected);
        let whole = list([1].into_iter(), 0, json_of);
        assert_eq!(text(whole).await, r#"{"status":"success","data":[1]}"#);
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "items are lent")]
    fn json_of(into: &mut Vec<u8>, item: &i32) {
        super::json(into, item);
    }
}
