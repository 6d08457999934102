//! A push with a flaw is refused whole and told where the flaw is: nothing of it is stored.

use serde_json::{Value, json};
use tests::server::TestServer;

use crate::custom::{PUSH, push_text, series, start};

#[tokio::test]
async fn one_flaw_refuses_the_whole_push_and_is_told_by_its_place() {
    let (_server, admin) = start(TestServer::builder()).await;
    let good = json!({"metric": "whole", "value": 1});
    let with = |change: Value| {
        let mut sample = good.clone();
        for (field, value) in change.as_object().unwrap() {
            sample[field] = value.clone();
        }
        json!({"samples": [good, sample]}).to_string()
    };
    let long = "x".repeat(1024 * 1024);
    for (body, status, field) in [
        (with(json!({"metric": "a b"})), 422, "samples[1].metric"),
        (
            with(json!({"metric": "node_load1"})),
            422,
            "samples[1].metric",
        ),
        (with(json!({"value": "NaN"})), 422, "samples[1].value"),
        (with(json!({"value": null})), 422, "samples[1].value"),
        (
            with(json!({"value": 1})).replacen("1}", "1e999}", 2),
            422,
            "samples[0].value",
        ),
        (
            with(json!({"at": "1970-01-01T00:00:00Z"})),
            422,
            "samples[1].at",
        ),
        (
            with(json!({"at": "2100-01-01T00:00:00Z"})),
            422,
            "samples[1].at",
        ),
        (with(json!({"at": "noon"})), 422, "samples[1].at"),
        (
            with(json!({"labels": {"a-b": "c"}})),
            422,
            "samples[1].labels.a-b",
        ),
        (
            with(json!({"labels": {"a": long}})),
            422,
            "samples[1].labels.a",
        ),
        (
            with(json!({"labels": {"a": 1}})),
            422,
            "samples[1].labels.a",
        ),
        (with(json!({"colour": "red"})), 422, "samples[1].colour"),
        (json!({}).to_string(), 422, "samples"),
        (json!({"samples": [], "x": 1}).to_string(), 422, "x"),
        (json!([good]).to_string(), 422, ""),
        (with(json!({})).replace('}', ""), 400, "-"),
        (
            "{\"samples\":[{\"metric\":\"whole\",\"value\":NaN}]}".to_owned(),
            400,
            "-",
        ),
    ] {
        let request = admin.request(reqwest::Method::POST, PUSH);
        let request = request.header("Content-Type", "application/json");
        let shown: String = body.chars().take(200).collect();
        let refused = admin.send(request.body(body)).await.unwrap();
        let problem = refused
            .expect(status)
            .unwrap_or_else(|error| panic!("{shown}: {error}"));
        if field != "-" {
            assert_eq!(problem["errors"][0]["field"], field, "{shown}: {problem}");
        }
    }
    let bytes = [
        b"{\"samples\":[{\"metric\":\"whole\",\"value\":1,\"labels\":{\"a\":\"\xff\"}}]}"
            .as_slice(),
    ];
    for body in bytes {
        let request = admin.request(reqwest::Method::POST, PUSH);
        let request = request.header("Content-Type", "application/json");
        let refused = admin.send(request.body(body)).await.unwrap();
        refused.expect(400).unwrap();
    }
    for (text, lines) in [
        (
            b"whole 1\nwhole{a=\"b\"} x\n\nwhole 2 0\nwhole \xff\n".to_vec(),
            &["line 2", "line 4", "line 5"][..],
        ),
        (
            b"whole 1\nwhole NaN\nwhole +Inf\nwhole -Inf".to_vec(),
            &["line 2", "line 3", "line 4"],
        ),
        (
            b"whole 1\nwhole 2 0\nwhole 2 4102444800000".to_vec(),
            &["line 2", "line 3"],
        ),
        (
            format!("whole 1\nwhole{{a=\"{long}\"}} 2").into_bytes(),
            &["line 2"],
        ),
        (b"whole 1\nwhole{a=\"b\",a=\"c\"} 2".to_vec(), &["line 2"]),
    ] {
        let refused = push_text(&admin, PUSH, text).await.expect(422).unwrap();
        let errors = refused["errors"].as_array().unwrap();
        let found: Vec<_> = errors.iter().map(|one| one["field"].clone()).collect();
        assert_eq!(found, lines, "{refused}");
    }
    assert_eq!(series(&admin, "whole").await, [] as [Value; 0]);

    let request = admin.request(reqwest::Method::POST, PUSH);
    let request = request.header("Content-Type", "text/csv");
    let refused = admin.send(request.body("a,1")).await.unwrap();
    assert_eq!(refused.status, 415);
    let too_large = " ".repeat(32 * 1024 * 1024) + "a 1";
    let refused = push_text(&admin, PUSH, too_large).await;
    let refused = refused.expect(413).unwrap();
    assert!(
        refused["detail"].as_str().unwrap().contains("32 MiB"),
        "{refused}"
    );
    let large = " \n".repeat(15 * 1024 * 1024) + "large 1";
    push_text(&admin, PUSH, large).await.expect(200).unwrap();
}
