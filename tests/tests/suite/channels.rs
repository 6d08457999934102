//! Channels over the API: what is refused, what nobody reads, and what a test shows; never what a kind sends.

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::receiver::{Answer, Receiver};
use tests::server::TestServer;
use uuid::Uuid;

crate::on_both!(
    secrets_go_in_and_never_come_out,
    what_makes_no_sense_is_refused_by_its_field,
    a_test_shows_what_the_provider_answered,
);

pub(crate) const CHANNELS: &str = "/api/v1/notifications/channels";
const PUBLIC_URL: &str = "https://watch.example.org";

/// A server whose messages may go to this machine.
pub(crate) async fn server() -> TestServer {
    TestServer::builder()
        .with_user("manager")
        .with_env("WATCHPOST_EGRESS__ALLOW_PRIVATE", "true")
        .with_env("WATCHPOST_SERVER__PUBLIC_URL", PUBLIC_URL)
        .start()
        .await
        .unwrap()
}

/// Adds a channel.
pub(crate) async fn add(api: &Api, name: &str, kind: &str, config: &Value) -> Value {
    let channel = json!({ "name": name, "kind": kind, "config": config });
    let added = api.post(CHANNELS, &channel).await.unwrap();
    added.expect(201).unwrap()
}

async fn secrets_go_in_and_never_come_out() {
    let receiver = Receiver::start().unwrap();
    let mut server = server().await;
    let api = server.login("manager").await.unwrap();
    let config =
        json!({ "url": receiver.base, "secret": "h1dden", "authorization": "Token h2dden" });
    let channel = add(&api, "hook", "webhook", &config).await;
    assert_eq!(channel["secrets"], json!(["authorization", "secret"]));
    assert_eq!(channel["config"], json!({ "url": receiver.base }));
    let path = format!("{CHANNELS}/{}", channel["id"].as_str().unwrap());
    let list = api.get(CHANNELS).await.unwrap();
    let one = api.get(&path).await.unwrap();
    for answer in [&list, &one] {
        assert!(!answer.text.contains("dden"), "{}", answer.text);
    }
    let test = async |api: &Api| {
        let tested = api.post(&format!("{path}/test"), &json!({})).await.unwrap();
        tested.expect(200).unwrap();
        receiver.received().pop().unwrap()
    };
    let change = json!({ "config": { "url": receiver.base, "secret": null } });
    let changed = api.call(Method::PATCH, &path, &change).await.unwrap();
    let changed = changed.expect(200).unwrap();
    assert_eq!(changed["secrets"], json!(["authorization"]), "{changed}");
    let request = test(&api).await;
    assert_eq!(request.header("authorization"), "Token h2dden");
    assert_eq!(request.header("watchpost-signature"), "");
    // Nothing of it lies in the files either, and it opens after a restart.
    for name in ["state.db", "state.db-wal"] {
        let bytes = std::fs::read(server.data_dir().join(name)).unwrap_or_default();
        assert!(!bytes.windows(6).any(|it| it == b"h2dden"), "{name}");
    }
    server.kill().unwrap();
    server.start().await.unwrap();
    let api = server.login("manager").await.unwrap();
    assert_eq!(test(&api).await.header("authorization"), "Token h2dden");
    assert!(!server.log().contains("dden"));
}

async fn what_makes_no_sense_is_refused_by_its_field() {
    let server = TestServer::builder().with_user("manager").start();
    let server = server.await.unwrap();
    let api = server.login("manager").await.unwrap();
    let hook = |url: &str| json!({ "name": "a", "kind": "webhook", "config": { "url": url } });
    let nobody = Uuid::nil();
    for (channel, field) in [
        (hook("http://127.0.0.1:9/"), "config.url"),
        (hook("http://localhost:9/"), "config.url"),
        (hook("http://[::ffff:10.0.0.1]/"), "config.url"),
        (hook("http://169.254.169.254/latest"), "config.url"),
        (hook("https://192.168.1.1/"), "config.url"),
        (hook("ftp://example.org/"), "config.url"),
        (hook("no url"), "config.url"),
        (
            json!({ "name": "a", "kind": "webhook", "config": {} }),
            "config.url",
        ),
        (
            json!({ "name": "a", "kind": "webhook", "config": { "url": "https://example.org", "x": 1 } }),
            "config.x",
        ),
        (
            json!({ "name": "a", "kind": "pigeon", "config": {} }),
            "kind",
        ),
        (
            json!({ "name": " ", "kind": "ntfy", "config": { "topic": "a", "url": "https://1.1.1.1" } }),
            "name",
        ),
        (
            json!({ "name": "a", "kind": "ntfy", "fallback": nobody,
                "config": { "topic": "a", "url": "https://1.1.1.1" } }),
            "fallback",
        ),
        (
            json!({ "name": "a", "kind": "ntfy", "template": nobody,
                "config": { "topic": "a", "url": "https://1.1.1.1" } }),
            "template",
        ),
        (
            json!({ "name": "a", "kind": "email",
                "config": { "host": "1.1.1.1", "from": "nobody", "to": ["a@example.org"] } }),
            "config.from",
        ),
        (
            json!({ "name": "a", "kind": "email",
                "config": { "host": "1.1.1.1", "from": "a@example.org", "to": [] } }),
            "config.to",
        ),
        (
            json!({ "name": "a", "kind": "email",
                "config": { "host": "127.0.0.1", "from": "a@example.org", "to": ["a@example.org"] } }),
            "config.host",
        ),
    ] {
        let refused = api.post(CHANNELS, &channel).await.unwrap();
        let refused = refused.expect(422).unwrap();
        assert_eq!(refused["errors"][0]["field"], field, "{channel}: {refused}");
    }
    let rule = json!({ "name": "r", "metric": "m", "comparison": ">", "warning": 1, "channels": [nobody] });
    let refused = api.post("/api/v1/alerts/rules", &rule).await.unwrap();
    let refused = refused.expect(422).unwrap();
    assert_eq!(refused["errors"][0]["field"], "channels[0]");
}

async fn a_test_shows_what_the_provider_answered() {
    let receiver = Receiver::start().unwrap();
    receiver.answer(|request, _| match request.path.as_str() {
        "/wrong" => Answer::Status(404, String::new(), "no_service \n\u{7} here".to_owned()),
        "/moved" => Answer::Status(
            307,
            "location: http://169.254.169.254/\r\n".to_owned(),
            String::new(),
        ),
        "/reset" => Answer::Reset,
        _ => Answer::Status(200, String::new(), "x".repeat(100_000)),
    });
    let server = server().await;
    let api = server.login("manager").await.unwrap();
    for (path, ok, outcome, status, said) in [
        ("wrong", false, "refused", json!(404), "no_service here"),
        ("moved", false, "refused", json!(307), ""),
        ("reset", false, "failed", json!(null), "127.0.0.1"),
        ("fine", true, "delivered", json!(200), "xxx"),
    ] {
        let config = json!({ "url": format!("{}/{path}", receiver.base) });
        let channel = add(&api, path, "webhook", &config).await;
        let test = format!("{CHANNELS}/{}/test", channel["id"].as_str().unwrap());
        let answer = api.post(&test, &json!({})).await.unwrap();
        let answer = answer.expect(200).unwrap();
        assert_eq!(
            (&answer["ok"], &answer["outcome"]),
            (&json!(ok), &json!(outcome))
        );
        assert_eq!(answer["status"], status, "{answer}");
        assert!(
            answer["answer"].as_str().unwrap().contains(said),
            "{answer}"
        );
        assert!(answer["answer"].as_str().unwrap().len() < 600);
    }
    let paths: Vec<_> = receiver.received().into_iter().map(|it| it.path).collect();
    assert_eq!(paths.len(), 4, "no redirect is followed: {paths:?}");
}
