//! Remote write is stored whole or refused whole, with the code that makes its sender do the right thing.

use backend::protobuf::{put_bytes, put_double, put_integer};
use serde_json::{Value, json};
use tests::api::{Answer, Api};
use tests::peer::Peer;
use tests::server::TestServer;
use tests::wait;

use crate::custom::{ago, series, start};
use crate::keys::with_key;

crate::on_both!(
    what_was_answered_survives_a_crash,
    late_and_repeated_samples_are_taken,
    bad_requests_are_refused_whole_and_say_why,
    prometheus_writes_and_loses_nothing_while_the_server_is_away,
    what_has_no_room_now_is_taken_once_there_is,
    who_may_not_write_is_told_in_plain_text,
    what_senders_say_of_metrics_is_told,
    prometheus_says_what_its_metrics_are,
);

pub(crate) const WRITE: &str = "/api/v1/prom/api/v1/write";
const PROTOBUF: &str = "application/x-protobuf";

pub(crate) type Labels<'a> = &'a [(&'a str, &'a str)];

/// A series of a request.
pub(crate) fn written(labels: Labels<'_>, samples: &[(u64, f64)]) -> Vec<u8> {
    let (mut series, mut request) = (Vec::new(), Vec::new());
    for (name, value) in labels {
        let mut label = Vec::new();
        put_bytes(1, name.as_bytes(), &mut label);
        put_bytes(2, value.as_bytes(), &mut label);
        put_bytes(1, &label, &mut series);
    }
    for (at, value) in samples {
        let mut sample = Vec::new();
        put_double(1, *value, &mut sample);
        put_integer(2, i64::try_from(*at).unwrap(), &mut sample);
        put_bytes(2, &sample, &mut series);
    }
    put_bytes(1, &series, &mut request);
    request
}

/// What a sender says of a metric: the number of its kind, words about it, what it is counted in.
pub(crate) fn described(metric: &str, kind: i64, help: &str, unit: &str) -> Vec<u8> {
    let (mut said, mut request) = (Vec::new(), Vec::new());
    put_integer(1, kind, &mut said);
    for (number, text) in [(2, metric), (4, help), (5, unit)] {
        put_bytes(number, text.as_bytes(), &mut said);
    }
    put_bytes(3, &said, &mut request);
    request
}

/// What is told of metrics.
pub(crate) async fn metadata(api: &Api, parameters: &str) -> Value {
    let path = format!("/api/v1/prom/api/v1/metadata?{parameters}");
    api.get(&path).await.unwrap().expect(200).unwrap()["data"].take()
}

fn snappy(message: &[u8]) -> Vec<u8> {
    snap::raw::Encoder::new().compress_vec(message).unwrap()
}

async fn post(api: &Api, path: &str, kind: &str, encoding: &str, body: Vec<u8>) -> Answer {
    let request = api.request(reqwest::Method::POST, path);
    let request = request.header("Content-Type", kind);
    let request = request.header("Content-Encoding", encoding);
    api.send(request.body(body)).await.unwrap()
}

pub(crate) async fn write(api: &Api, message: &[u8]) -> Answer {
    post(api, WRITE, PROTOBUF, "snappy", snappy(message)).await
}

async fn what_was_answered_survives_a_crash() {
    let (mut server, admin) = start(TestServer::builder().with_user("viewer")).await;
    let (script, _) = with_key(&admin, &["metrics.write"]).await;
    let viewer = server.login("viewer").await.unwrap();
    let (t1, t2) = (ago(60), ago(45));
    let labels: Labels<'_> = &[
        ("__name__", "http_requests_total"),
        ("instance", "web:80"),
        ("job", "web"),
        ("server", "theirs"),
    ];
    let message = written(labels, &[(t1, 1.5), (t2, 2.0)]);
    for (api, status) in [(&viewer, 403), (&script, 204)] {
        let answer = write(api, &message).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
    server.kill().unwrap();
    server.start().await.unwrap();
    let found = series(&admin, "http_requests_total").await;
    assert_eq!(found.len(), 1, "{found:?}");
    let expected =
        serde_json::json!({"instance": "web:80", "job": "web", "exported_server": "theirs"});
    assert_eq!(found[0]["labels"], expected);
    assert_eq!(
        found[0]["points"],
        serde_json::json!([[t1, 1.5], [t2, 2.0]])
    );
}

async fn late_and_repeated_samples_are_taken() {
    let (_server, admin) = start(TestServer::builder()).await;
    let labels: Labels<'_> = &[("__name__", "late")];
    let times = [ago(10), ago(1_000), ago(10), ago(600)];
    for (turn, at) in times.into_iter().enumerate() {
        let value = f64::from(u32::try_from(turn).unwrap());
        let message = written(labels, &[(at, value)]);
        for _ in 0..2 {
            assert_eq!(write(&admin, &message).await.status, 204);
        }
    }
    let found = series(&admin, "late").await;
    let expected = serde_json::json!([[times[1], 1.0], [times[3], 3.0], [times[2], 2.0]]);
    let same_moment = times[0] == times[2];
    let points = found[0]["points"].as_array().unwrap();
    if same_moment {
        assert_eq!(found[0]["points"], expected);
    } else {
        assert_eq!(points.len(), 4);
    }
}

async fn bad_requests_are_refused_whole_and_say_why() {
    let limit = "WATCHPOST_METRICS__MAX_SERIES_PER_SERVER";
    let (_server, admin) = start(TestServer::builder().with_env(limit, "5000")).await;
    let good = written(&[("__name__", "good")], &[(ago(5), 1.0)]);
    let with = |labels: Labels<'_>, at: u64| [good.clone(), written(labels, &[(at, 1.0)])].concat();
    let up = ("__name__", "up");
    let many: Vec<u8> = (0..5_001)
        .flat_map(|at| written(&[up, ("at", &at.to_string())], &[(ago(5), 1.0)]))
        .collect();
    let cut = snappy(&good)[..10].to_vec();
    // Says that it becomes 4 GiB less a byte, and 65 MiB: nothing of it is unpacked.
    let bombs = [
        vec![0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0],
        vec![0x80, 0x80, 0xA0, 0x20, 0],
    ];
    let as_it_is = |message: Vec<u8>| snappy(&message);
    for (body, status, words) in [
        (b"nonsense".to_vec(), 400, "snappy"),
        (Vec::new(), 400, "snappy"),
        (cut, 400, "snappy"),
        (bombs[0].clone(), 413, "64 MiB"),
        (bombs[1].clone(), 413, "64 MiB"),
        (vec![0; 33 << 20], 413, "32 MiB"),
        (snappy(b"\x0A\xFF"), 400, "cut off"),
        (as_it_is(with(&[("a", "b")], ago(5))), 400, "`__name__`"),
        (
            as_it_is(with(&[up, ("b", ""), ("a", "")], ago(5))),
            400,
            "not sorted",
        ),
        (
            as_it_is(with(&[up, ("a", ""), ("a", "")], ago(5))),
            400,
            "twice",
        ),
        (as_it_is(with(&[up, ("a b", "")], ago(5))), 400, "`a b`"),
        (as_it_is(with(&[up], ago(40 * 86_400))), 400, "30 days"),
        (as_it_is(with(&[up], ago(0) + 700_000)), 400, "10 minutes"),
        (
            as_it_is(with(&[("__name__", "node_load1")], ago(5))),
            400,
            "itself",
        ),
        (
            as_it_is([good.clone(), many].concat()),
            400,
            "max_series_per_server",
        ),
    ] {
        let answer = post(&admin, WRITE, PROTOBUF, "snappy", body).await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(answer.text.contains(words), "{answer:?}");
        assert!(answer.header("content-type").starts_with("text/plain"));
        assert!(!answer.text.contains('\n'));
    }
    let second = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    let elsewhere = format!("{WRITE}?server=00000000-0000-7000-8000-000000000000");
    for (path, kind, encoding, status) in [
        (WRITE, second, "snappy", 415),
        (WRITE, "application/json", "snappy", 415),
        (WRITE, PROTOBUF, "gzip", 415),
        (elsewhere.as_str(), PROTOBUF, "snappy", 404),
    ] {
        let answer = post(&admin, path, kind, encoding, snappy(&good)).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
    assert_eq!(series(&admin, "good").await, [] as [Value; 0]);
    assert_eq!(write(&admin, &good).await.status, 204);
    assert_eq!(series(&admin, "good").await.len(), 1);
}

/// Debian's Prometheus, which scrapes itself and writes all of it to an address.
fn prometheus(write_to: &str, key: &str) -> Peer {
    Peer::start("usr/bin/prometheus", |address, directory| {
        let config = directory.join("prometheus.yml");
        let text = format!(
            "global: {{scrape_interval: 200ms, scrape_timeout: 200ms}}\n\
             scrape_configs: [{{job_name: self, static_configs: [{{targets: ['{address}']}}]}}]\n\
             remote_write: [{{url: '{write_to}', metadata_config: {{send_interval: 300ms}}, authorization: {{credentials: '{key}'}}, \
             queue_config: {{batch_send_deadline: 200ms, max_backoff: 300ms}}}}]\n"
        );
        std::fs::write(&config, text).unwrap();
        vec![
            format!("--config.file={}", config.display()),
            format!("--storage.tsdb.path={}", directory.join("data").display()),
            format!("--web.listen-address={address}"),
        ]
    })
    .unwrap()
}

/// Samples of a series as Prometheus itself has them, in milliseconds.
async fn of_prometheus(peer: &Peer, series: &str) -> Vec<(u64, f64)> {
    let api = Api::anonymous(&format!("http://{}", peer.address)).unwrap();
    let path = format!("/api/v1/query?query={series}[10m]");
    // It may not be ready yet.
    let answer = api.get(&path).await.unwrap().json();
    let values = answer["data"]["result"][0]["values"].as_array();
    let values = values.into_iter().flatten().map(|pair| {
        let at = (pair[0].as_f64().unwrap() * 1_000.0).round();
        let value: f64 = pair[1].as_str().unwrap().parse().unwrap();
        (format!("{at}").parse().unwrap(), value)
    });
    values.collect()
}

async fn of_ours(admin: &Api, metric: &str) -> Vec<(u64, f64)> {
    let found = series(admin, metric).await;
    let points = found.first().map(|one| one["points"].clone());
    let points = points.unwrap_or_default();
    let points = points.as_array().into_iter().flatten();
    points
        .map(|pair| (pair[0].as_u64().unwrap(), pair[1].as_f64().unwrap()))
        .collect()
}

async fn prometheus_writes_and_loses_nothing_while_the_server_is_away() {
    const SERIES: &str = "go_memstats_alloc_bytes_total";
    let (mut server, admin) = start(TestServer::builder()).await;
    let (_, key) = with_key(&admin, &["metrics.write"]).await;
    let secret = key["secret"].as_str().unwrap();
    let peer = prometheus(&format!("{}{WRITE}", server.base()), secret);
    let arrives = async |so_far: usize| {
        wait::until("samples of Prometheus", async || {
            let theirs = of_prometheus(&peer, SERIES).await;
            let ours = of_ours(&admin, SERIES).await;
            let has_all = theirs.len() > so_far && theirs.iter().all(|one| ours.contains(one));
            Ok(has_all.then_some(theirs.len()))
        })
        .await
        .unwrap()
    };
    let before = arrives(3).await;
    server.kill().unwrap();
    wait::until("samples while the server is away", async || {
        let theirs = of_prometheus(&peer, SERIES).await.len();
        Ok((theirs > before + 5).then_some(()))
    })
    .await
    .unwrap();
    server.start().await.unwrap();
    arrives(before + 5).await;
    let found = series(&admin, SERIES).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["labels"]["job"], "self");
    assert_eq!(found[0]["labels"]["instance"], peer.address.as_str());
}

async fn what_senders_say_of_metrics_is_told() {
    let (_server, admin) = start(TestServer::builder()).await;
    let message = [
        described("calls", 1, "Calls so far.", "calls"),
        described("calls", 2, "Calls now.", ""),
        described("no metric", 1, "", ""),
        described("naps_seconds", 3, "", "seconds"),
    ];
    assert_eq!(write(&admin, &message.concat()).await.status, 204);
    let calls = json!([
        {"type": "counter", "help": "Calls so far.", "unit": "calls"},
        {"type": "gauge", "help": "Calls now.", "unit": ""},
    ]);
    let naps = json!([{"type": "histogram", "help": "", "unit": "seconds"}]);
    for (parameters, expected) in [
        ("metric=calls", json!({"calls": calls})),
        (
            "metric=calls&limit_per_metric=1",
            json!({"calls": [calls[0]]}),
        ),
        ("metric=calls&limit_per_metric=0", json!({"calls": calls})),
        ("metric=naps_seconds&limit=1", json!({"naps_seconds": naps})),
        ("limit=1", json!({"calls": calls})),
        ("limit=0", json!({})),
        ("metric=no+metric", json!({})),
    ] {
        assert_eq!(metadata(&admin, parameters).await, expected, "{parameters}");
    }
    for name in ["limit", "limit_per_metric"] {
        let path = format!("/api/v1/prom/api/v1/metadata?{name}=many");
        let answer = admin.get(&path).await.unwrap().expect(400).unwrap();
        assert_eq!(answer["error"], format!("{name} must be a number"));
    }
    let cut = [described("calls", 1, "", ""), b"\x1A\x03\x12\x05a".to_vec()];
    let answer = write(&admin, &cut.concat()).await;
    assert!(
        answer.status == 400 && answer.text.contains("cut off"),
        "{answer:?}"
    );
}

async fn prometheus_says_what_its_metrics_are() {
    const METRIC: &str = "prometheus_http_requests_total";
    let (server, admin) = start(TestServer::builder()).await;
    let (_, key) = with_key(&admin, &["metrics.write"]).await;
    let secret = key["secret"].as_str().unwrap();
    let _peer = prometheus(&format!("{}{WRITE}", server.base()), secret);
    let told = wait::until("metadata of Prometheus", async || {
        let told = metadata(&admin, &format!("metric={METRIC}")).await;
        Ok(told[METRIC].get(0).cloned())
    });
    let told = told.await.unwrap();
    assert_eq!(told["type"], "counter");
    assert_eq!(told["help"], "Counter of HTTP requests.");
}

async fn what_has_no_room_now_is_taken_once_there_is() {
    const LIMIT: &str = "WATCHPOST_METRICS__MAX_SERIES_PER_SERVER";
    let (mut server, admin) = start(TestServer::builder().with_env(LIMIT, "5000")).await;
    let at = ago(5);
    let many = |name: &str, count: u32| -> Vec<u8> {
        let one = |n: u32| {
            written(
                &[("__name__", name), ("n", &format!("{n:05}"))],
                &[(at, 1.0)],
            )
        };
        (0..count).flat_map(one).collect()
    };
    let (some, others) = (many("some", 3_000), many("others", 3_000));
    assert_eq!(write(&admin, &some).await.status, 204);
    let full = write(&admin, &others).await;
    assert_eq!(full.status, 503, "{full:?}");
    assert_eq!(full.header("retry-after"), "60");
    assert!(full.header("content-type").starts_with("text/plain"));
    for words in ["would add 3000", "max_series_per_server", "tried again"] {
        assert!(full.text.contains(words), "{full:?}");
    }
    assert_eq!(write(&admin, &some).await.status, 204);
    let never = write(&admin, &many("never", 5_001)).await;
    assert_eq!(never.status, 400, "{never:?}");

    server.stop().unwrap();
    server.set_env(LIMIT, "8000");
    server.start().await.unwrap();
    assert_eq!(write(&admin, &others).await.status, 204);
    assert_eq!(series(&admin, "others").await.len(), 3_000);
}

async fn who_may_not_write_is_told_in_plain_text() {
    let (server, _) = start(TestServer::builder().with_user("viewer")).await;
    let nobody = server.anonymous().unwrap();
    let viewer = server.login("viewer").await.unwrap();
    let message = written(&[("__name__", "up")], &[(ago(5), 1.0)]);
    for (api, status, words) in [
        (&nobody, 401, "access token"),
        (&viewer, 403, "metrics.write"),
    ] {
        let answer = write(api, &message).await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(answer.header("content-type").starts_with("text/plain"));
        assert!(
            answer.text.contains(words) && !answer.text.contains('{'),
            "{answer:?}"
        );
    }
    let answer = viewer.get(WRITE).await.unwrap();
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    assert!(answer.header("content-type").starts_with("text/plain"));
}
