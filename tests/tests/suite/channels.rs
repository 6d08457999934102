//! Channels over the API: what each kind sends, what is refused, and what nobody reads.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::multipart;
use tests::receiver::{Answer, Received, Receiver};
use tests::server::TestServer;
use tests::{shape, wait};
use uuid::Uuid;

use crate::alerts::always;

crate::on_both!(
    a_picture_that_is_refused_is_left_out,
    every_kind_says_what_its_provider_documents,
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

fn cases() -> Vec<Value> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/channels/providers.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// The configuration of a case, with the receiver in place of the provider.
fn config(case: &Value, receiver: &Receiver) -> Value {
    let text = case["config"].to_string().replace("{base}", &receiver.base);
    serde_json::from_str(&text).unwrap()
}

async fn every_kind_says_what_its_provider_documents() {
    let server = server().await;
    let api = server.login("manager").await.unwrap();
    let mut receivers = Vec::new();
    for case in cases() {
        let receiver = Receiver::start().unwrap();
        if let Some(answer) = case.get("answer") {
            let status = u16::try_from(answer["status"].as_u64().unwrap()).unwrap();
            let body = answer["body"].as_str().unwrap().to_owned();
            receiver.answer(move |_, _| Answer::Status(status, String::new(), body.clone()));
        }
        let kind = case["kind"].as_str().unwrap();
        let channel = add(&api, kind, kind, &config(&case, &receiver)).await;
        let test = format!("{CHANNELS}/{}/test", channel["id"].as_str().unwrap());
        let answer = api.post(&test, &json!({})).await.unwrap();
        let answer = answer.expect(200).unwrap();
        assert_eq!(answer["ok"], true, "{kind}: {answer}");
        receivers.push((case, receiver));
    }
    let rule = always("Any <memory> & more");
    let rule = api.post("/api/v1/alerts/rules", &rule).await.unwrap();
    let rule = rule.expect(201).unwrap();
    for (_, receiver) in &receivers {
        receiver.until(2, |_| true).await.unwrap();
    }
    let path = format!("/api/v1/alerts/rules/{}", rule["id"].as_str().unwrap());
    let removed = api.send(api.request(Method::DELETE, &path)).await.unwrap();
    assert_eq!(removed.status, 204);
    let mut in_pictures = 0;
    for (case, receiver) in &receivers {
        let came = receiver.until(3, |_| true).await.unwrap();
        let found: Vec<_> = came.iter().map(|request| check(case, request)).collect();
        // A test has no picture. What an alert says has one where the provider takes it, unless drawing
        // took so long that the message did not wait for it.
        let pictured = case["expect"].as_array().unwrap().len() - 1;
        let is_expected = |at: &usize| [0, pictured].contains(at);
        assert!(
            found[0] == 0 && found.iter().all(is_expected),
            "{}: {found:?}",
            case["kind"]
        );
        in_pictures += found.iter().filter(|at| **at > 0).count();
    }
    assert!(in_pictures > 0, "no message had a picture");
}

async fn a_picture_that_is_refused_is_left_out() {
    let receiver = Receiver::start().unwrap();
    receiver.answer(|request, _| {
        let is_form = request.header("content-type").starts_with("multipart/");
        Answer::status(if is_form { 413 } else { 204 })
    });
    let server = server().await;
    let api = server.login("manager").await.unwrap();
    let config = json!({ "url": format!("{}/api/webhooks/1/x", receiver.base) });
    let channel = add(&api, "discord", "discord", &config).await;
    let mut rule = always("Any memory");
    rule["channels"] = json!([channel["id"]]);
    let rule = api.post("/api/v1/alerts/rules", &rule).await.unwrap();
    rule.expect(201).unwrap();
    let came = receiver.until(2, |_| true).await.unwrap();
    assert!(came[1].json()["embeds"][0].get("image").is_none());
    let list = "/api/v1/notifications/deliveries?state=delivered";
    let list = wait::until("the delivery", async || {
        let list = api.get(list).await?.expect(200)?;
        let mut items = list["items"]
            .as_array()
            .cloned()
            .unwrap_or_default()
            .into_iter();
        Ok(items.find(|it| it["channel"] == channel["id"]))
    });
    let path = format!(
        "/api/v1/notifications/deliveries/{}",
        list.await.unwrap()["id"].as_str().unwrap()
    );
    let delivery = api.get(&path).await.unwrap().expect(200).unwrap();
    assert_eq!(delivery["attempts"], 1, "it is one attempt: {delivery}");
    let note = delivery["log"][0]["note"].as_str().unwrap();
    assert_eq!(note, "sent without its picture: refused with status 413");
}

/// Whether a request is one of those that the case expects; the number of that one.
fn check(case: &Value, request: &Received) -> usize {
    let (kind, mut all) = (&case["kind"], Vec::new());
    for (number, expected) in case["expect"].as_array().unwrap().iter().enumerate() {
        let wrong = differences(kind, expected, request);
        if wrong.is_empty() {
            return number;
        }
        all.push(wrong);
    }
    let body = String::from_utf8_lossy(&request.body);
    panic!(
        "{kind}: {all:#?}\n{} {}\n{body}",
        request.method, request.path
    );
}

/// Where a request is not as expected.
fn differences(kind: &Value, expected: &Value, request: &Received) -> Vec<String> {
    let mut wrong = Vec::new();
    let (method, path) = (&expected["method"], expected["path"].as_str().unwrap());
    let is_there = match path.strip_suffix("$uuid") {
        None => path == request.path,
        Some(start) => {
            let key = request.path.strip_prefix(start);
            key.is_some_and(|key| Uuid::parse_str(key).is_ok())
        }
    };
    if *method != request.method || !is_there {
        wrong.push(format!("not {method} {path}"));
    }
    for (name, value) in expected["headers"].as_object().unwrap() {
        let (value, found) = (value.as_str().unwrap(), request.header(name));
        if !fits(value, found, request) {
            wrong.push(format!("{name}: {found} instead of {value}"));
        }
    }
    if let Some(shape) = expected.get("json") {
        let mut shape = shape.clone();
        if kind == "webhook" {
            shape["event"] = json!("$one:fired,resolved,test");
            let (known, found) = (alert(), &request.json()["alert"]);
            for (name, shape) in known.as_object().unwrap() {
                if !shape::fits(shape.as_str().unwrap(), &found[name]) {
                    wrong.push(format!("alert.{name}: {found}"));
                }
            }
            shape["alert"] = json!("$any");
        }
        wrong.extend(shape::differences(&shape, &request.json()));
    }
    if let Some(form) = expected.get("form") {
        let found: BTreeMap<_, _> = url::form_urlencoded::parse(&request.body)
            .into_owned()
            .collect();
        wrong.extend(shape::differences(form, &json!(found)));
    }
    if let Some(form) = expected.get("multipart") {
        match multipart::fields(request) {
            Ok(found) => wrong.extend(shape::differences(form, &found)),
            Err(error) => wrong.push(format!("{error:#}")),
        }
    }
    wrong
}

/// What an alert has at least.
fn alert() -> Value {
    let mut alert = json!({});
    for (names, shape) in [
        ("id rule_id server_id", "$uuid"),
        ("rule server message", "$text:500"),
        ("started_at", "$time"),
        ("severity", "$one:warning,critical"),
        ("state", "$one:firing,resolved"),
        ("rule_version labels value threshold flapping", "$any"),
        (
            "acknowledged_at acknowledged_by assignee resolved_at resolved_by",
            "$any",
        ),
    ] {
        for name in names.split(' ') {
            alert[name] = json!(shape);
        }
    }
    alert
}

fn fits(pattern: &str, found: &str, request: &Received) -> bool {
    match pattern {
        "$signature" => found == signature(found, &request.body),
        "$basic-time" => found.len() == 16 && found.ends_with('Z'),
        "$sigv4" => {
            found.starts_with("AWS4-HMAC-SHA256 Credential=AKID/")
                && found
                    .contains("/eu-central-1/ses/aws4_request, SignedHeaders=content-type;host;")
        }
        pattern if pattern.starts_with('$') => shape::fits(pattern, &json!(found)),
        text => text == found,
    }
}

/// What the header has to be, by the time that it names.
fn signature(found: &str, body: &[u8]) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let time = found.split(['=', ',']).nth(1).unwrap_or_default();
    let mac = Hmac::<sha2::Sha256>::new_from_slice(b"s3cret").unwrap();
    let mac = mac.chain_update(format!("{time}.")).chain_update(body);
    let code = mac.finalize().into_bytes();
    let hex = code.iter().map(|byte| format!("{byte:02x}"));
    format!("t={time},v1={}", hex.collect::<Vec<_>>().concat())
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
