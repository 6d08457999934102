//! Metrics of OpenTelemetry are durable when answered; points without a place are refused alone.

use std::io::Write;

use backend::protobuf::{Fields, put_bytes, put_integer};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tests::api::{Answer, Api};
use tests::server::TestServer;

use crate::custom::{ago, series, start};
use crate::keys::with_key;
use crate::remote_write::metadata;

crate::on_both!(
    both_forms_are_taken_and_survive_a_crash,
    what_is_refused_is_told_in_the_form_of_the_request,
    what_has_no_room_now_is_to_be_sent_again,
);

const PATH: &str = "/api/v1/otlp/v1/metrics";
const PROTOBUF: &str = "application/x-protobuf";
const JSON: &str = "application/json";

async fn post(api: &Api, kind: &str, body: Vec<u8>) -> Answer {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&body).unwrap();
    let request = api.request(reqwest::Method::POST, PATH);
    let request = request.header("Content-Type", kind);
    let request = request.header("Content-Encoding", "gzip");
    let request = request.body(packed.finish().unwrap());
    api.send(request).await.unwrap()
}

/// A message with one field that is a message.
fn within(number: u32, content: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    put_bytes(number, content, &mut message);
    message
}

fn fixed64(number: u8, value: u64) -> Vec<u8> {
    let mut field = vec![number << 3 | 1];
    field.extend(value.to_le_bytes());
    field
}

/// An export with one monotonic sum of deltas, `jobs_total{job="shop",queue="mail"}`.
fn delta(at: u64, value: u64) -> Vec<u8> {
    let text = |key: &str, value: &str| {
        let value = within(1, value.as_bytes());
        [within(1, key.as_bytes()), within(2, &value)].concat()
    };
    let attribute = within(7, &text("queue", "mail"));
    let time = fixed64(3, at * 1_000_000);
    let point = [attribute, time, fixed64(6, value)].concat();
    let mut sum = within(1, &point);
    put_integer(2, 1, &mut sum);
    put_integer(3, 1, &mut sum);
    let metric = [within(1, b"jobs"), within(7, &sum)].concat();
    let resource = within(1, &within(1, &text("service.name", "shop")));
    let scopes = within(2, &within(2, &metric));
    within(1, &[resource, scopes].concat())
}

fn gauge(metrics: &Value) -> Vec<u8> {
    let scopes = json!([{"metrics": metrics}]);
    let request = json!({"resourceMetrics": [{"scopeMetrics": scopes}]});
    request.to_string().into_bytes()
}

async fn both_forms_are_taken_and_survive_a_crash() {
    let (mut server, admin) = start(TestServer::builder()).await;
    let (script, _) = with_key(&admin, &["metrics.write"]).await;
    let (t1, t2) = (ago(60), ago(45));
    for (at, value) in [(t1, 2), (t2, 3)] {
        let answer = post(&script, PROTOBUF, delta(at, value)).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""));
        assert_eq!(answer.header("content-type"), PROTOBUF);
    }
    let point = json!([{"timeUnixNano": format!("{t1}000000"), "asDouble": 0.25}]);
    let metrics = json!([{"name": "room.share", "unit": "1", "description": "How full.", "gauge": {"dataPoints": point}}]);
    let answer = post(&script, JSON, gauge(&metrics)).await;
    assert_eq!(answer.expect(200).unwrap(), json!({}));
    let said =
        |kind: &str, help: &str, unit: &str| json!([{"type": kind, "help": help, "unit": unit}]);
    for (metric, expected) in [
        ("jobs_total", said("counter", "", "")),
        ("room_share_ratio", said("gauge", "How full.", "ratio")),
    ] {
        let told = metadata(&admin, &format!("metric={metric}")).await;
        assert_eq!(told[metric], expected);
    }
    server.kill().unwrap();
    server.start().await.unwrap();
    let found = series(&admin, "jobs_total").await;
    assert_eq!(found[0]["labels"], json!({"job": "shop", "queue": "mail"}));
    assert_eq!(found[0]["points"], json!([[t1, 2.0], [t2, 5.0]]));
    let found = series(&admin, "room_share_ratio").await;
    assert_eq!(found[0]["points"], json!([[t1, 0.25]]));
}

async fn what_is_refused_is_told_in_the_form_of_the_request() {
    let (server, admin) = start(TestServer::builder()).await;
    let t = format!("{}000000", ago(5));
    let metrics = json!([
        {"name": "good", "gauge": {"dataPoints": [{"timeUnixNano": t, "asInt": "7"}]}},
        {"name": "bad", "exponentialHistogram": {"dataPoints": [{}, {}]}},
    ]);
    let answer = post(&admin, JSON, gauge(&metrics)).await;
    let told = answer.expect(200).unwrap()["partialSuccess"].take();
    assert_eq!(told["rejectedDataPoints"], "2");
    assert!(
        told["errorMessage"]
            .as_str()
            .unwrap()
            .contains("exponential")
    );
    assert_eq!(series(&admin, "good").await.len(), 1);
    let late = post(&admin, PROTOBUF, delta(1, 1)).await;
    assert_eq!(late.status, 200);
    assert!(late.text.contains("30 days"), "{late:?}");
    let nobody = server.anonymous().unwrap();
    for (api, kind, body, status, code) in [
        (&admin, PROTOBUF, b"\x0A\xFF".to_vec(), 400, 3),
        (&admin, JSON, b"{".to_vec(), 400, 3),
        (&admin, JSON, b"{\"resourceMetrics\":7}".to_vec(), 400, 3),
        (&admin, "text/plain", Vec::new(), 415, 3),
        (&nobody, PROTOBUF, Vec::new(), 401, 16),
        (&nobody, JSON, Vec::new(), 401, 16),
    ] {
        let answer = post(api, kind, body).await;
        assert_eq!(answer.status, status, "{answer:?}");
        let (told, words) = status_of(&answer);
        assert!(told == code && !words.is_empty(), "{answer:?}");
    }
}

/// Code and words of a `google.rpc.Status` in either form.
fn status_of(answer: &Answer) -> (u64, String) {
    if answer.header("content-type") == JSON {
        let json = answer.json();
        let words = json["message"].as_str().unwrap_or_default();
        return (json["code"].as_u64().unwrap(), words.to_owned());
    }
    assert_eq!(answer.header("content-type"), PROTOBUF);
    let mut fields = Fields::of(answer.text.as_bytes());
    let code = fields.read().unwrap().unwrap().integer().unwrap();
    let words = fields.read().unwrap().unwrap();
    assert_eq!(words.number, 2);
    (code, words.text().unwrap().to_owned())
}

async fn what_has_no_room_now_is_to_be_sent_again() {
    let limit = "WATCHPOST_METRICS__MAX_SERIES_PER_SERVER";
    let (_server, admin) = start(TestServer::builder().with_env(limit, "5000")).await;
    let t = format!("{}000000", ago(5));
    let many = |name: &str, count: u32| {
        let point = |n: u32| {
            let attribute = json!({"key": "n", "value": {"intValue": n}});
            json!({"timeUnixNano": t, "asInt": 1, "attributes": [attribute]})
        };
        let points: Vec<_> = (0..count).map(point).collect();
        gauge(&json!([{"name": name, "gauge": {"dataPoints": points}}]))
    };
    assert_eq!(post(&admin, JSON, many("some", 3_000)).await.status, 200);
    let full = post(&admin, JSON, many("others", 3_000)).await;
    assert_eq!(
        (full.status, full.header("retry-after")),
        (503, "60"),
        "{full:?}"
    );
    let (code, words) = status_of(&full);
    assert!(
        code == 14 && words.contains("max_series_per_server"),
        "{full:?}"
    );
    let never = post(&admin, JSON, many("never", 5_001)).await;
    assert_eq!(
        (never.status, never.header("retry-after")),
        (400, ""),
        "{never:?}"
    );
}
