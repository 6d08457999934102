//! What is stored goes on to receivers of remote writes: each sample once, whoever dies in between.

use serde_json::{Value, json};
use tests::api::Api;
use tests::peer::Peer;
use tests::server::{Builder, TestServer};
use tests::wait;

use crate::custom::{ago, start};
use crate::keys::with_key;
use crate::remote_write::{WRITE, described, metadata, write, written};

crate::on_both!(
    prometheus_gets_each_sample_once,
    victoria_metrics_gets_each_sample_once,
    what_a_receiver_refuses_is_told_and_takes_nothing_else_with_it,
    a_receiver_is_told_what_the_metrics_are,
);

type Samples = Vec<(u64, f64)>;

pub(crate) fn prometheus() -> Peer {
    Peer::start("usr/bin/prometheus", |address, directory| {
        let config = directory.join("prometheus.yml");
        std::fs::write(&config, "").unwrap();
        vec![
            format!("--config.file={}", config.display()),
            format!("--storage.tsdb.path={}", directory.join("data").display()),
            format!("--web.listen-address={address}"),
            "--web.enable-remote-write-receiver".to_owned(),
        ]
    })
    .unwrap()
}

fn victoria_metrics() -> Peer {
    Peer::start("usr/bin/victoria-metrics", |address, directory| {
        vec![
            format!("-storageDataPath={}", directory.join("data").display()),
            format!("-httpListenAddr={address}"),
            "-search.latencyOffset=0s".to_owned(),
        ]
    })
    .unwrap()
}

fn with_receiver(peer: &Peer) -> Builder {
    let receiver = format!(
        "[{{name=\"peer\",url=\"http://{}/api/v1/write\",external_labels={{dc=\"1\"}},\
         send=[\"orders_total\",\"node_load1\"]}}]",
        peer.address
    );
    TestServer::builder()
        .with_env("WATCHPOST_REMOTE_WRITE", &receiver)
        .with_env("WATCHPOST_EGRESS__TARGETS_ALLOW", "[\"127.0.0.1\"]")
}

/// All samples of a metric that Prometheus has, with the labels of its first series.
async fn in_prometheus(peer: &Peer, metric: &str) -> (Value, Samples) {
    let api = Api::anonymous(&format!("http://{}", peer.address)).unwrap();
    let Ok(answer) = api.get(&format!("/api/v1/query?query={metric}[1h]")).await else {
        return (Value::Null, Vec::new());
    };
    let first = answer.json()["data"]["result"].get(0).cloned();
    let first = first.unwrap_or_default();
    let values = first["values"].as_array().into_iter().flatten();
    let samples = values.map(|pair| {
        let at = (pair[0].as_f64().unwrap() * 1_000.0).round();
        let value = pair[1].as_str().unwrap().parse().unwrap();
        (format!("{at}").parse().unwrap(), value)
    });
    (first["metric"].clone(), samples.collect())
}

/// All samples of a metric that `VictoriaMetrics` has, those that it has twice twice.
async fn in_victoria(peer: &Peer, metric: &str) -> (Value, Samples) {
    let api = Api::anonymous(&format!("http://{}", peer.address)).unwrap();
    drop(api.get("/internal/force_flush").await);
    let path = format!("/api/v1/export?match[]={metric}");
    let Ok(answer) = api.get(&path).await else {
        return (Value::Null, Vec::new());
    };
    let first = answer.text.lines().next().unwrap_or_default();
    let first: Value = serde_json::from_str(first).unwrap_or_default();
    let list = |name: &str| first[name].as_array().cloned().unwrap_or_default();
    let pairs = list("timestamps").into_iter().zip(list("values"));
    let samples = pairs.map(|(at, value)| (at.as_u64().unwrap(), value.as_f64().unwrap()));
    (first["metric"].clone(), samples.collect())
}

async fn prometheus_gets_each_sample_once() {
    each_sample_once(prometheus(), Peer::kill, in_prometheus).await;
}

async fn victoria_metrics_gets_each_sample_once() {
    // It answers before it has written: killed it would lose what it took.
    each_sample_once(victoria_metrics(), Peer::stop, in_victoria).await;
}

/// Stores one sample more, a second after the last.
async fn order(admin: &Api, sent: &mut Samples) {
    let at = sent.last().map_or(ago(60), |(last, _)| last + 1_000);
    let value = f64::from(u32::try_from(sent.len()).unwrap()) + 0.1;
    let labels = [("__name__", "orders_total"), ("job", "shop")];
    let answer = write(admin, &written(&labels, &[(at, value)])).await;
    assert_eq!(answer.status, 204, "{answer:?}");
    sent.push((at, value));
}

async fn receiver(admin: &Api) -> Value {
    let answer = admin.get("/api/v1/remote-write").await.unwrap();
    answer.expect(200).unwrap()["items"][0].take()
}

async fn until_state(admin: &Api, state: &str) {
    wait::until(state, async || {
        let receiver = receiver(admin).await;
        Ok((receiver["state"] == state).then_some(()))
    })
    .await
    .unwrap();
}

async fn each_sample_once(
    mut peer: Peer,
    end: fn(&mut Peer) -> anyhow::Result<()>,
    ask: impl AsyncFn(&Peer, &str) -> (Value, Samples),
) {
    let (mut server, admin) = start(with_receiver(&peer)).await;
    let arrives = async |peer: &Peer, sent: &Samples| {
        wait::until("all samples at the receiver", async || {
            let (labels, found) = ask(peer, "orders_total").await;
            Ok((found.len() >= sent.len()).then_some((labels, found)))
        })
        .await
        .unwrap()
    };
    let mut sent = Samples::new();
    for _ in 0..3 {
        order(&admin, &mut sent).await;
    }
    let (labels, found) = arrives(&peer, &sent).await;
    let name = labels["instance"].clone();
    let expected = json!({"__name__": "orders_total", "dc": "1", "instance": name, "job": "shop"});
    assert_eq!((labels, &found), (expected, &sent));

    end(&mut peer).unwrap();
    for _ in 0..3 {
        order(&admin, &mut sent).await;
    }
    until_state(&admin, "retrying").await;
    assert!(receiver(&admin).await["last_error"].is_string());
    server.kill().unwrap();
    server.start().await.unwrap();
    order(&admin, &mut sent).await;
    peer.start_again().unwrap();
    assert_eq!(arrives(&peer, &sent).await.1, sent);

    server.kill().unwrap();
    server.start().await.unwrap();
    for _ in 0..2 {
        order(&admin, &mut sent).await;
    }
    assert_eq!(arrives(&peer, &sent).await.1, sent);
    let told = receiver(&admin).await;
    assert_eq!(told["dropped_samples"], 0, "{told}");
    let own = wait::until("samples of the host itself", async || {
        let (labels, found) = ask(&peer, "node_load1").await;
        Ok((found.len() > 2).then_some(labels))
    });
    let own = own.await.unwrap();
    assert_eq!((&own["instance"], &own["job"]), (&name, &json!("node")));
}

async fn what_a_receiver_refuses_is_told_and_takes_nothing_else_with_it() {
    let peer = prometheus();
    let (_server, admin) = start(with_receiver(&peer)).await;
    let mut sent = Samples::new();
    order(&admin, &mut sent).await;
    wait::until("the first sample", async || {
        Ok((in_prometheus(&peer, "orders_total").await.1 == sent).then_some(()))
    })
    .await
    .unwrap();
    // Prometheus takes none that is older than what it has; those beside it are good.
    let labels = [("__name__", "orders_total"), ("job", "shop")];
    let late = written(
        &labels,
        &[(sent[0].0 - 5_000, 9.0), (sent[0].0 + 1_000, 2.0)],
    );
    assert_eq!(write(&admin, &late).await.status, 204);
    sent.push((sent[0].0 + 1_000, 2.0));
    order(&admin, &mut sent).await;
    wait::until("the good samples", async || {
        Ok((in_prometheus(&peer, "orders_total").await.1 == sent).then_some(()))
    })
    .await
    .unwrap();
    let told = receiver(&admin).await;
    assert!(told["refused_samples"].as_u64().unwrap() >= 1, "{told}");
    let words = told["last_error"].as_str().unwrap();
    assert!(words.contains("out of order"), "{told}");
}

async fn a_receiver_is_told_what_the_metrics_are() {
    let (other, theirs) = start(TestServer::builder()).await;
    let (_, key) = with_key(&theirs, &["metrics.write"]).await;
    let setting = format!(
        "[{{name=\"other\",url=\"{}{WRITE}\",bearer_token={},send=[\"orders_total\"]}}]",
        other.base(),
        key["secret"]
    );
    let builder = TestServer::builder()
        .with_env("WATCHPOST_REMOTE_WRITE", &setting)
        .with_env("WATCHPOST_EGRESS__TARGETS_ALLOW", "[\"127.0.0.1\"]");
    let (_server, admin) = start(builder).await;
    let said = [
        described("orders_total", 1, "Orders so far.", "orders"),
        described("kept_here", 2, "Of nobody's concern.", ""),
    ];
    for message in [
        said.concat(),
        written(&[("__name__", "orders_total")], &[(ago(5), 1.0)]),
    ] {
        assert_eq!(write(&admin, &message).await.status, 204);
    }
    let told = wait::until("metadata at the receiver", async || {
        let told = metadata(&theirs, "metric=orders_total").await;
        Ok(told.get("orders_total").cloned())
    });
    let expected = json!([{"type": "counter", "help": "Orders so far.", "unit": "orders"}]);
    assert_eq!(told.await.unwrap(), expected);
    assert_eq!(metadata(&theirs, "metric=kept_here").await, json!({}));
    let told = receiver(&admin).await;
    assert_eq!(told["failed_requests"], 0, "{told}");
}
