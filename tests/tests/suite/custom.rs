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

crate::on_both!(
    a_script_pushes_with_its_key_and_a_crash_loses_nothing,
    the_same_time_again_replaces_the_value,
    of_one_series_and_time_twice_in_a_push_the_last_counts,
    numbers_come_back_bit_for_bit,
    a_push_may_be_packed_but_not_burst,
    a_server_has_no_more_series_than_its_limit,
    rules_see_pushed_values_but_not_old_ones,
);

pub(crate) const PUSH: &str = "/api/v1/metrics/custom";

/// Milliseconds since 1970, that many seconds ago.
pub(crate) fn ago(seconds: u64) -> u64 {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
    u64::try_from(now).unwrap() - seconds * 1_000
}

pub(crate) async fn push_text(api: &Api, path: &str, text: impl Into<reqwest::Body>) -> Answer {
    let request = api.request(reqwest::Method::POST, path);
    let request = request.header("Content-Type", "text/plain; version=0.0.4");
    api.send(request.body(text)).await.unwrap()
}

/// The series of a metric, with raw points of the last hour.
pub(crate) async fn series(api: &Api, metric: &str) -> Vec<Value> {
    let (from, to) = (ago(3_600), ago(0) + 700_000);
    let path = format!("/api/v1/metrics/query?metric={metric}&from={from}&to={to}");
    let answer = api.get(&path).await.unwrap().expect(200).unwrap();
    answer["series"].as_array().unwrap().clone()
}

pub(crate) async fn start(builder: Builder) -> (TestServer, Api) {
    let server = builder.start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    (server, admin)
}

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

async fn of_one_series_and_time_twice_in_a_push_the_last_counts() {
    let (_server, admin) = start(TestServer::builder()).await;
    let at = ago(100);
    let text = format!("twice 1 {at}\ntwice 3 {}\ntwice 2 {at}\n", at + 1);
    push_text(&admin, PUSH, text).await.expect(200).unwrap();
    let found = series(&admin, "twice").await;
    assert_eq!(found[0]["points"], json!([[at, 2.0], [at + 1, 3.0]]));
}

async fn numbers_come_back_bit_for_bit() {
    let (_server, admin) = start(TestServer::builder()).await;
    let values = [
        0.1 + 0.2,
        1.0 / 3.0,
        1.618_033_988_749_895,
        -0.0,
        f64::MIN_POSITIVE,
        5e-324,
        f64::MAX,
        9_007_199_254_740_993.0,
        1.463_990_460_397_5e-287,
        8_456_786_723_867_854.0 / 1e17,
    ];
    let noise = (1_u64..300).map(|n| {
        let mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 12;
        f64::from_bits(0x3FF0_0000_0000_0000 | mixed)
    });
    let values: Vec<f64> = values.into_iter().chain(noise).collect();
    let from = ago(1_000);
    let at = |n: usize| from + u64::try_from(n).unwrap();
    let samples: Vec<_> = values
        .iter()
        .enumerate()
        .map(|(n, value)| json!({"metric": "exact", "value": value, "at": at(n)}))
        .collect();
    let pushed = admin
        .post(PUSH, &json!({"samples": samples}))
        .await
        .unwrap();
    pushed.expect(200).unwrap();
    let found = series(&admin, "exact").await;
    for (n, value) in values.iter().enumerate() {
        let point = &found[0]["points"][n];
        assert_eq!(point[0], at(n));
        let read = point[1].as_f64().unwrap();
        assert_eq!(
            read.to_bits(),
            value.to_bits(),
            "{value:e} came back as {read:e}"
        );
    }
}

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
