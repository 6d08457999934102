//! What points become, and which of them are refused.

use common::ids::ServerId;
use common::series::Labels;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

const NOW: i64 = 1_760_000_000_000;

fn accepts() -> Accepts {
    Accepts {
        server: ServerId(Uuid::nil()),
        now: UnixMs(NOW),
        most_series: 10,
        retention_days: 30,
        is_sampled: true,
    }
}

fn at(ms: i64) -> String {
    format!("{ms}000000")
}

fn flat(request: &Value, sums: &mut Sums) -> Flat {
    let (body, mut pending) = (request.to_string(), Pending::default());
    let flat = read(
        body.as_bytes(),
        Encoding::Json,
        &accepts(),
        sums,
        &mut pending,
    );
    sums.commit(pending);
    flat.unwrap()
}

fn lines(flat: &Flat) -> Vec<String> {
    let samples = flat.samples.iter();
    let lines = samples
        .map(|((metric, labels), at, value)| format!("{metric}{{{labels}}} {value} {}", at - NOW));
    lines.collect()
}

fn of_metrics(metrics: &Value) -> Value {
    json!({"resourceMetrics": [{
        "resource": {"attributes": [
            {"key": "service.name", "value": {"stringValue": "shop"}},
            {"key": "service.namespace", "value": {"stringValue": "eu"}},
            {"key": "service.instance.id", "value": {"stringValue": "i-1"}},
        ]},
        "scopeMetrics": [{"metrics": metrics}],
    }]})
}

#[test]
fn points_become_samples_under_the_names_of_prometheus() {
    let t = at(NOW);
    for (metric, expected) in [
        (
            json!({"name": "queue.length", "gauge": {"dataPoints": [
                {"timeUnixNano": t, "asInt": "3", "attributes": [{"key": "a.b", "value": {"intValue": "7"}},
                    {"key": "a-b", "value": {"boolValue": true}}]}]}}),
            vec![r#"queue_length{a_b="true;7",instance="i-1",job="eu/shop"} 3 0"#],
        ),
        (
            json!({"name": "io", "unit": "By", "sum": {"isMonotonic": true, "aggregationTemporality": 2,
                "dataPoints": [{"timeUnixNano": t, "asDouble": 1.5}]}}),
            vec![r#"io_bytes_total{instance="i-1",job="eu/shop"} 1.5 0"#],
        ),
        (
            json!({"name": "d", "unit": "s", "histogram": {"aggregationTemporality": 2, "dataPoints": [
                {"timeUnixNano": t, "count": "6", "sum": 4.5, "bucketCounts": ["1", 2, "3"],
                 "explicitBounds": [0.5, 1]}]}}),
            vec![
                r#"d_seconds_bucket{instance="i-1",job="eu/shop",le="0.5"} 1 0"#,
                r#"d_seconds_bucket{instance="i-1",job="eu/shop",le="1"} 3 0"#,
                r#"d_seconds_bucket{instance="i-1",job="eu/shop",le="+Inf"} 6 0"#,
                r#"d_seconds_sum{instance="i-1",job="eu/shop"} 4.5 0"#,
                r#"d_seconds_count{instance="i-1",job="eu/shop"} 6 0"#,
            ],
        ),
        (
            json!({"name": "s", "summary": {"dataPoints": [{"timeUnixNano": t, "count": 2, "sum": 3,
                "quantileValues": [{"quantile": 0.5, "value": 1}]}]}}),
            vec![
                r#"s{instance="i-1",job="eu/shop",quantile="0.5"} 1 0"#,
                r#"s_sum{instance="i-1",job="eu/shop"} 3 0"#,
                r#"s_count{instance="i-1",job="eu/shop"} 2 0"#,
            ],
        ),
    ] {
        let flat = flat(&of_metrics(&json!([metric])), &mut Sums::default());
        assert_eq!(
            (lines(&flat), flat.rejected),
            (expected.iter().map(|it| (*it).to_owned()).collect(), 0)
        );
    }
}

#[test]
fn deltas_add_up_and_late_ones_are_refused() {
    let mut sums = Sums::default();
    for (time, delta, expected) in [
        (NOW - 3_000, 2, Some("2 -3000")),
        (NOW - 2_000, 3, Some("5 -2000")),
        (NOW - 2_000, 9, None),
        (NOW - 1_000, 1, Some("6 -1000")),
    ] {
        let request = of_metrics(&json!([{"name": "n", "sum": {"isMonotonic": true,
            "aggregationTemporality": 1, "dataPoints": [{"timeUnixNano": at(time), "asInt": delta}]}}]));
        let flat = flat(&request, &mut sums);
        let line = expected.map(|end| format!(r#"n_total{{instance="i-1",job="eu/shop"}} {end}"#));
        assert_eq!(lines(&flat), Vec::from_iter(line));
        assert_eq!(flat.rejected, usize::from(expected.is_none()));
    }
}

#[test]
fn what_has_no_place_is_refused_alone() {
    let good =
        json!({"name": "good", "gauge": {"dataPoints": [{"timeUnixNano": at(NOW), "asInt": 1}]}});
    for (bad, words) in [
        (
            json!({"name": "e", "exponentialHistogram": {"dataPoints": [{"scale": 3}]}}),
            "exponential",
        ),
        (
            json!({"name": "n", "gauge": {"dataPoints": [{"timeUnixNano": at(NOW)}]}}),
            "without a value",
        ),
        (
            json!({"name": "o", "gauge": {"dataPoints": [{"timeUnixNano": "1", "asInt": 1}]}}),
            "30 days",
        ),
        (
            json!({"name": "", "gauge": {"dataPoints": [{"timeUnixNano": at(NOW), "asInt": 1}]}}),
            "__name__",
        ),
        (
            json!({"name": "t", "sum": {"dataPoints": [{"timeUnixNano": at(NOW), "asInt": 1}]}}),
            "temporality",
        ),
        (
            json!({"name": "h", "histogram": {"aggregationTemporality": 2, "dataPoints": [
                {"timeUnixNano": at(NOW), "bucketCounts": [1], "explicitBounds": [1, 2]}]}}),
            "do not fit",
        ),
    ] {
        let flat = flat(&of_metrics(&json!([good, bad])), &mut Sums::default());
        assert_eq!((flat.samples.len(), flat.rejected), (1, 1), "{bad}");
        assert!(flat.why.unwrap().contains(words));
    }
}

#[test]
fn a_resource_says_more_in_target_info() {
    let request = json!({"resourceMetrics": [{
        "resource": {"attributes": [
            {"key": "service.name", "value": {"stringValue": "shop"}},
            {"key": "host.arch", "value": {"arrayValue": {"values": [{"stringValue": "arm"}]}}},
        ]},
        "scopeMetrics": [{"scope": {"name": "lib", "version": "1"}, "metrics": [
            {"name": "good", "gauge": {"dataPoints": [{"timeUnixNano": at(NOW), "flags": 1}]}}]}],
    }]});
    let flat = flat(&request, &mut Sums::default());
    let ((metric, labels), _, value) = &flat.samples[0];
    let expected = [
        ("job", "shop"),
        ("otel_scope_name", "lib"),
        ("otel_scope_version", "1"),
    ];
    assert_eq!((metric.as_str(), labels), ("good", &Labels::of(&expected)));
    assert_eq!(value.to_bits(), 0x7FF0_0000_0000_0002);
    let ((metric, labels), _, _) = &flat.samples[1];
    let expected = Labels::of(&[("job", "shop"), ("host_arch", r#"["arm"]"#)]);
    assert_eq!((metric.as_str(), labels), ("target_info", &expected));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let mut nested = bytes.clone();
        for _ in 0..4 {
            let mut outer = Vec::new();
            crate::protobuf::put_bytes(1, &nested, &mut outer);
            crate::protobuf::put_bytes(2, &nested, &mut outer);
            nested = outer;
        }
        for body in [&bytes, &nested] {
            for encoding in [Encoding::Protobuf, Encoding::Json] {
                drop(read(body, encoding, &accepts(), &Sums::default(), &mut Pending::default()));
            }
        }
    }
}
