//! Receivers that hang, go, ask for time or lead elsewhere, addresses that turn out private, and templates that
//! harm: what the real server makes of them.

use std::time::{Duration, SystemTime};

use common::time::UnixMs;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tests::api::Api;
use tests::peer;
use tests::receiver::{Answer, Receiver};
use tests::server::TestServer;
use tests::wait;

use crate::alerts::{active, always};
use crate::channels::{CHANNELS, add, server};

crate::on_both!(
    each_fault_of_a_receiver_has_its_end,
    an_address_is_checked_again_at_each_attempt,
    a_name_that_leads_elsewhere_by_then_is_not_followed,
    a_template_that_harms_is_refused_with_its_line,
);

const DELIVERIES: &str = "/api/v1/notifications/deliveries";

/// The delivery to a channel with its attempts, once `fits`.
async fn delivery(api: &Api, channel: &Value, fits: impl Fn(&Value) -> bool) -> Value {
    let path = format!("{DELIVERIES}?channel={}", channel["id"].as_str().unwrap());
    wait::until("the delivery", async || {
        let list = api.get(&path).await?.expect(200)?;
        let Some(id) = list["items"][0]["id"].as_str() else {
            return Ok(None);
        };
        let one = api.get(&format!("{DELIVERIES}/{id}")).await?.expect(200)?;
        Ok(fits(&one).then_some(one))
    })
    .await
    .unwrap()
}

/// A rule that fires at once and tells these channels.
async fn tell(api: &Api, channels: &[&Value]) {
    let mut rule = always("Any memory");
    let ids: Vec<_> = channels.iter().map(|it| it["id"].clone()).collect();
    rule["channels"] = json!(ids);
    let rule = api.post("/api/v1/alerts/rules", &rule).await.unwrap();
    rule.expect(201).unwrap();
}

async fn each_fault_of_a_receiver_has_its_end() {
    let receiver = Receiver::start().unwrap();
    receiver.answer(|request, before| match (request.path.as_str(), before) {
        ("/hangs", 0) => Answer::Hang,
        ("/gone", _) => Answer::Status(410, String::new(), "moved away".to_owned()),
        ("/later", 0) => Answer::Status(429, "retry-after: 2\r\n".to_owned(), String::new()),
        ("/broken", 0 | 1) => Answer::status(500),
        ("/elsewhere", _) => Answer::Status(
            302,
            "location: http://169.254.169.254/\r\n".to_owned(),
            String::new(),
        ),
        _ => Answer::status(200),
    });
    let server = server().await;
    let api = server.login("manager").await.unwrap();
    let mut channels = Vec::new();
    for name in ["hangs", "gone", "later", "broken", "elsewhere"] {
        let config = json!({ "url": format!("{}/{name}", receiver.base) });
        channels.push(add(&api, name, "webhook", &config).await);
    }
    tell(&api, &channels.iter().collect::<Vec<_>>()).await;
    let [hangs, gone, later, broken, elsewhere] = channels.try_into().unwrap();

    let delivered = |it: &Value| it["state"] == "delivered";
    let told = delivery(&api, &broken, delivered).await;
    assert_eq!(told["attempts"], 3, "{told}");
    let told = delivery(&api, &later, delivered).await;
    let at = |n: usize| serde_json::from_value::<UnixMs>(told["log"][n]["at"].clone()).unwrap();
    assert!(
        at(1).since_ms(at(0)) >= 2_000,
        "it was asked to wait: {told}"
    );
    let told = delivery(&api, &gone, |it| it["state"] == "dead").await;
    assert_eq!(told["reason"], "gone with status 410: moved away");
    let channel = api
        .get(&format!("{CHANNELS}/{}", gone["id"].as_str().unwrap()))
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    assert_eq!(channel["enabled"], false, "{channel}");
    assert!(
        channel["disabled_because"]
            .as_str()
            .unwrap()
            .contains("wants no more messages")
    );
    let told = delivery(&api, &elsewhere, |it| it["state"] == "dead").await;
    assert_eq!(told["reason"], "refused with status 302");
    // Nobody waited for who hangs, and it is asked again.
    let told = delivery(&api, &hangs, delivered).await;
    assert_eq!(told["log"][0]["outcome"], "failed", "{told}");
    assert_eq!(told["log"][0]["status"], Value::Null, "{told}");

    // Why says it of each channel, without the words of who answered.
    let alert = active(&api, "Any memory").await;
    let why = format!("/api/v1/alerts/{}/explain", alert["id"].as_str().unwrap());
    let why = api.get(&why).await.unwrap().expect(200).unwrap();
    let lines = why["trace"].as_array().unwrap().iter();
    let lines = lines.filter(|it| it["kind"] == "answered");
    let mut lines: Vec<_> = lines.map(|it| it["text"].as_str().unwrap()).collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "“broken” took it at attempt 3 (status 200).",
            "“elsewhere” did not take it (status 302): it is given up.",
            "“gone” did not take it (status 410): it is given up.",
            "“hangs” took it at attempt 2 (status 200).",
            "“later” took it at attempt 2 (status 200).",
        ]
    );

    // All dead letters of a channel are tried again at once, those of others stay.
    receiver.answer(|_, _| Answer::status(200));
    let path = format!("{DELIVERIES}/resend");
    let which = json!({ "channel": elsewhere["id"] });
    let resent = api.post(&path, &which).await.unwrap();
    assert_eq!(
        resent.expect(200).unwrap(),
        json!({ "resent": 1, "more": false })
    );
    let told = delivery(&api, &elsewhere, delivered).await;
    assert_eq!(told["attempts"], 2, "{told}");
    let told = delivery(&api, &gone, |_| true).await;
    assert_eq!(told["state"], "dead", "{told}");
    let all = api.get("/api/v1/notifications/statistics").await.unwrap();
    let all = all.expect(200).unwrap()["items"].clone();
    let mut all = all.as_array().unwrap().iter();
    let one = all.find(|it| it["channel"] == elsewhere["id"]).unwrap();
    assert_eq!((&one["delivered"], &one["failed"]), (&json!(1), &json!(0)));
    assert_eq!(one["last"]["status"], 200, "{one}");
}

/// The settings may be others by then: those count at the attempt.
async fn an_address_is_checked_again_at_each_attempt() {
    let receiver = Receiver::start().unwrap();
    let mut server = server().await;
    let api = server.login("manager").await.unwrap();
    let by_name = receiver.base.replace("127.0.0.1", "localhost");
    let named = add(&api, "named", "webhook", &json!({ "url": by_name })).await;
    let plain = add(&api, "plain", "webhook", &json!({ "url": receiver.base })).await;
    server.set_env("WATCHPOST_EGRESS__ALLOW_PRIVATE", "false");
    server.kill().unwrap();
    server.start().await.unwrap();
    let api = server.login("manager").await.unwrap();
    tell(&api, &[&named, &plain]).await;
    for channel in [&named, &plain] {
        let told = delivery(&api, channel, |it| it["state"] == "dead").await;
        let answer = told["log"][0]["answer"].as_str().unwrap();
        assert!(answer.contains("egress.allow"), "{told}");
        let test = format!("{CHANNELS}/{}/test", channel["id"].as_str().unwrap());
        let test = api.post(&test, &json!({})).await.unwrap();
        let test = test.expect(200).unwrap();
        assert_eq!(
            (&test["ok"], &test["status"]),
            (&json!(false), &json!(null))
        );
    }
    assert!(receiver.received().is_empty(), "nothing was connected to");
}

/// The library that answers the server's questions for addresses from a file.
fn name_wrapper() -> String {
    let path = peer::root().join("usr/lib/x86_64-linux-gnu/libnss_wrapper.so");
    assert!(
        path.is_file(),
        "{}: cargo xtask test unpacks it",
        path.display()
    );
    path.display().to_string()
}

async fn a_name_that_leads_elsewhere_by_then_is_not_followed() {
    let receiver = Receiver::start().unwrap();
    let names = NamedTempFile::new().unwrap();
    // The library reads the file again when its time is another, in whole seconds.
    let mut changed = SystemTime::UNIX_EPOCH;
    let mut lead = |to: &str| {
        std::fs::write(names.path(), format!("{to} hook.example.org\n")).unwrap();
        changed += Duration::from_secs(1);
        names.as_file().set_modified(changed).unwrap();
    };
    lead("93.184.215.14");
    let server = TestServer::builder()
        .with_user("manager")
        .with_env("LD_PRELOAD", &name_wrapper())
        .with_env("NSS_WRAPPER_HOSTS", names.path().to_str().unwrap());
    let server = server.start().await.unwrap();
    let api = server.login("manager").await.unwrap();
    let hook = json!({ "url": receiver.base.replace("127.0.0.1", "hook.example.org") });
    let public = add(&api, "public", "webhook", &hook).await;
    for private in ["127.0.0.1", "10.1.2.3", "169.254.169.254"] {
        lead(private);
        let test = format!("{CHANNELS}/{}/test", public["id"].as_str().unwrap());
        let test = api.post(&test, &json!({})).await.unwrap();
        let test = test.expect(200).unwrap();
        let answer = test["answer"].as_str().unwrap();
        assert!(
            answer.contains(private) && answer.contains("egress.allow"),
            "{test}"
        );
    }
    lead("127.0.0.1");
    tell(&api, &[&public]).await;
    let told = delivery(&api, &public, |it| it["state"] == "dead").await;
    let answer = told["log"][0]["answer"].as_str().unwrap();
    assert!(answer.contains("egress.allow"), "{told}");
    assert!(receiver.received().is_empty(), "nothing was connected to");
}

async fn a_template_that_harms_is_refused_with_its_line() {
    let server = TestServer::builder().with_user("manager").start();
    let server = server.await.unwrap();
    let api = server.login("manager").await.unwrap();
    let endless = "{% for a in title %}".repeat(8) + "x" + &"{% endfor %}".repeat(8);
    let long = "{{ text }}".repeat(60_000);
    for (part, source) in [
        ("text", "a\n{% for one in alerts %}"),
        ("text", "{{ 1 + }}"),
        ("title", "{% if %}"),
        ("text", endless.as_str()),
        ("text", long.as_str()),
        ("text", "{% include '/etc/passwd' %}"),
        ("text", "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}"),
        ("text", "{{ alerts }}"),
    ] {
        let template = json!({ "name": "t", "kind": "webhook", "parts": { part: source } });
        let preview = json!({ "kind": "webhook", "parts": { part: source } });
        for (path, body) in [
            ("/api/v1/notifications/templates", &template),
            ("/api/v1/notifications/templates/preview", &preview),
        ] {
            let refused = api.post(path, body).await.unwrap().expect(422).unwrap();
            let wrong = &refused["errors"][0];
            assert_eq!(wrong["field"], format!("parts.{part}"), "{source:.60}");
            assert!(!wrong["message"].as_str().unwrap().is_empty());
        }
    }
    let list = api.send(api.request(Method::GET, "/api/v1/notifications/templates"));
    let list = list.await.unwrap().expect(200).unwrap();
    assert_eq!(list["items"], json!([]), "none of them is kept");
}
