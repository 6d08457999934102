//! What each kind of channel asks of its provider, with and without a picture; never how channels are kept.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};
use tests::multipart;
use tests::receiver::{Answer, Received, Receiver};
use tests::{shape, wait};
use uuid::Uuid;

use crate::alerts::always;
use crate::channels::{CHANNELS, add, server};

crate::on_both!(
    a_picture_that_is_refused_is_left_out,
    every_kind_says_what_its_provider_documents,
);

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
        let is_message = |request: &Received| !follows(case, check(case, request));
        receiver.until(3, is_message).await.unwrap();
        let came = receiver.received();
        let found: Vec<_> = came.iter().map(|request| check(case, request)).collect();
        // A test has no picture. What an alert says has one where the provider takes it, unless drawing
        // took so long that the message did not wait for it.
        let most = case["expect"].as_array().unwrap().len();
        let pictured = (0..most).rev().find(|at| !follows(case, *at));
        let is_expected = |at: &usize| *at == 0 || Some(*at) == pictured || follows(case, *at);
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
        let kind = request.header("content-type");
        let has_picture = kind.starts_with("multipart/") || kind == "image/png";
        Answer::status(if has_picture { 413 } else { 204 })
    });
    let server = server().await;
    let api = server.login("manager").await.unwrap();
    let base = &receiver.base;
    let mut channels = Vec::new();
    for (kind, config) in [
        ("discord", json!({ "url": format!("{base}/discord") })),
        (
            "ntfy",
            json!({ "url": format!("{base}/ntfy"), "topic": "ops" }),
        ),
        (
            "matrix",
            json!({ "url": format!("{base}/matrix"), "room_id": "!a:b", "access_token": "c" }),
        ),
    ] {
        let channel = add(&api, kind, kind, &config).await;
        channels.push((kind, channel["id"].clone()));
    }
    let mut rule = always("Any memory");
    let ids: Vec<_> = channels.iter().map(|(_, id)| id).collect();
    rule["channels"] = json!(ids);
    let rule = api.post("/api/v1/alerts/rules", &rule).await.unwrap();
    rule.expect(201).unwrap();
    for (kind, id) in &channels {
        let path = format!("/{kind}");
        let came = receiver.until(2, |it| it.path.starts_with(&path));
        let came = came.await.unwrap();
        // Matrix gets the picture after the message, the others the message again.
        let is_bare = |it: &Received| it.header("content-type") == "application/json";
        let without: Vec<_> = came.iter().map(is_bare).collect();
        let expected = [*kind == "matrix", *kind != "matrix"];
        assert_eq!(without, expected, "{kind}");
        assert!(came[1].json()["embeds"][0].get("image").is_none());
        let list = "/api/v1/notifications/deliveries?state=delivered";
        let one = wait::until("the delivery", async || {
            let list = api.get(list).await?.expect(200)?;
            let items = list["items"].as_array().cloned().unwrap_or_default();
            Ok(items.into_iter().find(|it| it["channel"] == *id))
        });
        let one = one.await.unwrap();
        let path = format!(
            "/api/v1/notifications/deliveries/{}",
            one["id"].as_str().unwrap()
        );
        let delivery = api.get(&path).await.unwrap().expect(200).unwrap();
        assert_eq!(delivery["attempts"], 1, "it is one attempt: {delivery}");
        let note = delivery["log"][0]["note"].as_str().unwrap();
        let expected = "sent without its picture: refused with status 413";
        assert_eq!(note, expected, "{kind}");
    }
}

/// Whether that request of a case only follows a message.
fn follows(case: &Value, number: usize) -> bool {
    case["expect"][number]["follows"] == true
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
    let is_there = match path.split_once("$uuid") {
        None => path == request.path,
        Some((start, end)) => {
            let key = request.path.strip_prefix(start);
            let key = key.and_then(|rest| rest.strip_suffix(end));
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
    if expected["body"] == "$png" && !request.body.starts_with(b"\x89PNG\r\n\x1a\n") {
        wrong.push("no PNG".to_owned());
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
        "$words" => words(found).is_some_and(|text| shape::fits("$text:1000", &json!(text))),
        "$actions" => {
            let known = json!([{ "action": "view", "label": "Take it", "url": "$url" }]);
            let found =
                serde_json::from_str(found).map(|it: Value| shape::differences(&known, &it));
            // What ended cannot be taken.
            request.header("actions").is_empty() || found.is_ok_and(|wrong| wrong.is_empty())
        }
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

/// A header's text, which may be a word of RFC 2047.
fn words(found: &str) -> Option<String> {
    let Some(word) = found.strip_prefix("=?UTF-8?B?") else {
        return Some(found.to_owned());
    };
    let bytes = STANDARD.decode(word.strip_suffix("?=")?).ok()?;
    String::from_utf8(bytes).ok()
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
