//! Pushed metrics are stored whole or refused whole, survive a crash, and are seen like the host's own.

use std::io::Write;
use std::time::SystemTime;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tests::api::{Answer, Api};
use tests::server::{Builder, TestServer};
use tests::wait;

use crate::keys::with_key;

const PUSH: &str = "/api/v1/metrics/custom";

/// Milliseconds since 1970, that many seconds ago.
fn ago(seconds: u64) -> u64 {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
    u64::try_from(now).unwrap() - seconds * 1_000
}

async fn push_text(api: &Api, path: &str, text: impl Into<reqwest::Body>) -> Answer {
    let request = api.request(reqwest::Method::POST, path);
    let request = request.header("Content-Type", "text/plain; version=0.0.4");
    api.send(request.body(text)).await.unwrap()
}

/// The series of a metric, with raw points of the last hour.
async fn series(api: &Api, metric: &str) -> Vec<Value> {
    let (from, to) = (ago(3_600), ago(0) + 700_000);
    let path = format!("/api/v1/metrics/query?metric={metric}&from={from}&to={to}");
    let answer = api.get(&path).await.unwrap().expect(200).unwrap();
    answer["series"].as_array().unwrap().clone()
}

async fn start(builder: Builder) -> (TestServer, Api) {
    let server = builder.start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    (server, admin)
}

#[tokio::test]
async fn a_script_pushes_with_its_key_and_a_crash_loses_nothing() {
    let (mut server, admin) = start(TestServer::builder().with_user("viewer")).await;
    let (script, _) = with_key(&admin, &["metrics.write"]).await;
    let (reader, _) = with_key(&admin, &["metrics.read"]).await;
    let viewer = server.login("viewer").await.unwrap();
    let (t1, t2, t3) = (ago(120), ago(60), ago(50));
    let samples = json!({"samples": [
        {"metric": "backlog", "labels": {"queue": "mail"}, "value": 3, "at": t1},
        {"metric": "backlog", "labels": {"queue": "mail"}, "value": 4.5, "at": t2},
    ]});
    for (api, status) in [(&reader, 403), (&viewer, 403), (&script, 200)] {
        let pushed = api.post(PUSH, &samples).await.unwrap();
        assert_eq!(pushed.status, status, "{pushed:?}");
    }
    let text = format!(
        "# TYPE backlog gauge\nbacklog{{queue=\"mail\",said=\"a \\\"b\\\"\\n\"}} 7 {t3}\nbacklog 9\n"
    );
    let pushed = push_text(&script, PUSH, text).await.expect(200).unwrap();
    assert_eq!(pushed, json!({"samples": 2, "series": 2}));

    server.kill().unwrap();
    server.start().await.unwrap();
    let found = series(&reader, "backlog").await;
    assert_eq!(found.len(), 3, "{found:?}");
    let of = |labels: Value| {
        let one = found.iter().find(|one| one["labels"] == labels);
        one.unwrap_or_else(|| panic!("{labels} in {found:?}"))["points"].clone()
    };
    assert_eq!(of(json!({"queue": "mail"})), json!([[t1, 3.0], [t2, 4.5]]));
    let said = json!({"queue": "mail", "said": "a \"b\"\n"});
    assert_eq!(of(said), json!([[t3, 7.0]]));
    assert_eq!(of(json!({}))[0][1], 9.0);
}

#[tokio::test]
async fn the_same_time_again_replaces_the_value() {
    let (_server, admin) = start(TestServer::builder()).await;
    let (t1, t2) = (ago(1_000), ago(2_000));
    for (at, value) in [(t1, 1), (t2, 2), (t1, 1), (t1, 5)] {
        let text = format!("replaced {value} {at}");
        push_text(&admin, PUSH, text).await.expect(200).unwrap();
    }
    let found = series(&admin, "replaced").await;
    assert_eq!(found[0]["points"], json!([[t2, 2.0], [t1, 5.0]]));
    let unknown = format!("{PUSH}?server={}", uuid::Uuid::nil());
    push_text(&admin, &unknown, "a 1")
        .await
        .expect(404)
        .unwrap();
    let servers = admin
        .get("/api/v1/servers")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let local = servers["items"][0]["id"].as_str().unwrap();
    let named = format!("{PUSH}?server={local}");
    push_text(&admin, &named, "named 1")
        .await
        .expect(200)
        .unwrap();
    let found = series(&admin, "named").await;
    assert_eq!(found[0]["server_id"], local);
    let stop = format!("/api/v1/servers/{local}/monitor/stop");
    admin
        .post(&stop, &json!({}))
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    push_text(&admin, &named, "named 2")
        .await
        .expect(409)
        .unwrap();
}

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
    let text = b"whole 1\nwhole{a=\"b\"} x\n\nwhole 2 0\nwhole \xff\n".to_vec();
    let refused = push_text(&admin, PUSH, text).await.expect(422).unwrap();
    let errors = refused["errors"].as_array().unwrap();
    let lines: Vec<_> = errors.iter().map(|one| one["field"].clone()).collect();
    assert_eq!(lines, ["line 2", "line 4", "line 5"], "{refused}");
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

#[tokio::test]
async fn a_push_may_be_packed_but_not_burst() {
    let (_server, admin) = start(TestServer::builder()).await;
    let packed = |text: &str| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(text.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    let blanks = |mebibytes: usize| " \n".repeat(mebibytes * 512 * 1024);
    for (encoding, body, status, says) in [
        ("gzip", packed("packed 1\n"), 200, "\"samples\":1"),
        (
            "gzip",
            packed(&(blanks(60) + "packed 2\n")),
            200,
            "\"samples\":1",
        ),
        ("gzip", packed(&blanks(65)), 413, "64 MiB"),
        ("gzip", b"packed 3\n".to_vec(), 400, "arrive whole"),
        ("br", b"packed 4\n".to_vec(), 415, "gzip"),
    ] {
        let request = admin.request(reqwest::Method::POST, PUSH);
        let request = request
            .header("Content-Type", "text/plain")
            .header("Content-Encoding", encoding);
        let answer = admin.send(request.body(body)).await.unwrap();
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(answer.text.contains(says), "{answer:?}");
    }
    let found = series(&admin, "packed").await;
    assert_eq!(found[0]["points"].as_array().unwrap().len(), 2, "{found:?}");
}

#[tokio::test]
async fn a_server_has_no_more_series_than_its_limit() {
    let limit = ("WATCHPOST_METRICS__MAX_SERIES_PER_SERVER", "5000");
    let (server, admin) = start(TestServer::builder().with_env(limit.0, limit.1)).await;
    let many = |count: usize, name: &str| {
        let lines: Vec<_> = (0..count)
            .map(|n| format!("{name}{{n=\"{n}\"}} 1\n"))
            .collect();
        lines.concat()
    };
    let before = resident_kib(&server);
    for _ in 0..3 {
        let refused = push_text(&admin, PUSH, many(1_000_000, "flood")).await;
        let refused = refused.expect(422).unwrap();
        let said = refused["detail"].as_str().unwrap();
        assert!(
            said.contains("5000") && said.contains("max_series_per_server"),
            "{said}"
        );
    }
    let grown = resident_kib(&server).saturating_sub(before);
    assert!(grown < 150 * 1024, "{grown} KiB more after refused series");
    push_text(&admin, PUSH, many(3_000, "some"))
        .await
        .expect(200)
        .unwrap();
    let refused = push_text(&admin, PUSH, many(3_000, "others")).await;
    let refused = refused.expect(422).unwrap();
    let said = refused["detail"].as_str().unwrap();
    assert!(said.contains("would add 3000"), "{said}");
    assert_eq!(series(&admin, "others").await, [] as [Value; 0]);
    let known = push_text(&admin, PUSH, many(3_000, "some")).await;
    known.expect(200).unwrap();
}

/// Resident memory of the server.
fn resident_kib(server: &TestServer) -> u64 {
    let path = format!("/proc/{}/status", server.pid().unwrap());
    let status = std::fs::read_to_string(path).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let words = line.unwrap().split_whitespace().next();
    words.unwrap().parse().unwrap()
}

#[tokio::test]
async fn rules_see_pushed_values_but_not_old_ones() {
    let (_server, admin) = start(TestServer::builder()).await;
    let rule = json!({
        "name": "Backlog", "metric": "backlog", "comparison": ">=", "warning": 10, "critical": 100,
        "cooldown_seconds": 0,
    });
    admin
        .post("/api/v1/alerts/rules", &rule)
        .await
        .unwrap()
        .expect(201)
        .unwrap();
    let old = format!("backlog{{queue=\"old\"}} 500 {}\n", ago(70));
    push_text(&admin, PUSH, old + "backlog{queue=\"new\"} 50")
        .await
        .expect(200)
        .unwrap();
    let fired = async |severity: &str| {
        wait::until(severity, async || {
            let alerts = admin.get("/api/v1/alerts").await?.expect(200)?;
            let alerts = alerts["items"].as_array().cloned().unwrap_or_default();
            let mut ours = alerts.into_iter().filter(|one| one["rule"] == "Backlog");
            Ok(ours.find(|one| one["severity"] == severity))
        })
        .await
        .unwrap()
    };
    let warning = fired("warning").await;
    assert_eq!(
        (&warning["labels"]["queue"], &warning["value"]),
        (&json!("new"), &json!(50.0))
    );
    push_text(&admin, PUSH, "backlog{queue=\"new\"} 200")
        .await
        .expect(200)
        .unwrap();
    let critical = fired("critical").await;
    assert_eq!(critical["id"], warning["id"]);
    push_text(&admin, PUSH, "backlog{queue=\"new\"} 1")
        .await
        .expect(200)
        .unwrap();
    wait::until("the alert to resolve", async || {
        let history = admin.get("/api/v1/alerts/history").await?.expect(200)?;
        let ours = history["items"].as_array().cloned().unwrap_or_default();
        let ours: Vec<_> = ours.iter().filter(|one| one["rule"] == "Backlog").collect();
        assert_eq!(ours.len(), 1, "an old value fired: {ours:?}");
        Ok((ours[0]["state"] == "resolved").then_some(()))
    })
    .await
    .unwrap();
}
