//! Metrics of OpenTelemetry are durable when answered; points without a place are refused alone.

use std::io::Write;

use backend::protobuf::{put_bytes, put_integer};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tests::api::{Answer, Api};
use tests::server::TestServer;

use crate::custom::{ago, series, start};
use crate::keys::with_key;

crate::on_both!(
    both_forms_are_taken_and_survive_a_crash,
    what_is_refused_is_told_in_the_form_of_the_request,
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
    let metrics = json!([{"name": "room.share", "unit": "1", "gauge": {"dataPoints": point}}]);
    let answer = post(&script, JSON, gauge(&metrics)).await;
    assert_eq!(answer.expect(200).unwrap(), json!({}));
    server.kill().unwrap();
    server.start().await.unwrap();
    let found = series(&admin, "jobs_total").await;
    assert_eq!(found[0]["labels"], json!({"job": "shop", "queue": "mail"}));
    assert_eq!(found[0]["points"], json!([[t1, 2.0], [t2, 5.0]]));
    let found = series(&admin, "room_share_ratio").await;
    assert_eq!(found[0]["points"], json!([[t1, 0.25]]));
}

async fn what_is_refused_is_told_in_the_form_of_the_request() {
    let (_server, admin) = start(TestServer::builder()).await;
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
    for (kind, body, status) in [
        (PROTOBUF, b"\x0A\xFF".to_vec(), 400),
        (JSON, b"{".to_vec(), 400),
        (JSON, b"{\"resourceMetrics\":7}".to_vec(), 400),
        ("text/plain", Vec::new(), 415),
    ] {
        let answer = post(&admin, kind, body).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
}
