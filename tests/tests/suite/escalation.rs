//! Steps of escalations over `kill -9`, and wishes of a person, by what receivers of messages got.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::{Duration, SystemTime};

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::dice::Dice;
use tests::receiver::{Received, Receiver};
use tests::wait;

use crate::alerts::{active, always};
use crate::channels::{add, server};

crate::on_both!(
    no_step_is_lost_or_repeated_wherever_the_kill_strikes,
    a_person_is_told_by_day_what_was_no_haste_by_night,
);

const KILLS: usize = 8;
const STEPS: usize = 4;
const ALERTS: usize = 10;

/// The messages by alert and step: their keys.
type Keys = BTreeMap<(String, String), BTreeSet<String>>;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Keys of the messages with that event, by alert and path; a message that came again has its key.
fn keys(received: &[Received], event: &str) -> Keys {
    let mut keys = Keys::new();
    for request in received {
        let body = request.json();
        if body["event"] == event {
            let place = (text(&body["alert"]["id"]), request.path.clone());
            let key = request.header("idempotency-key").to_owned();
            keys.entry(place).or_default().insert(key);
        }
    }
    keys
}

async fn post(api: &Api, path: &str, body: &Value) -> Value {
    let answer = api.post(path, body).await.unwrap();
    answer.expect(201).unwrap()
}

/// A policy whose steps are channels of their own, a second apart; alerts of the rule go to it.
async fn with_policy(api: &Api, receiver: &Receiver) {
    let mut steps = Vec::new();
    for step in 0..STEPS {
        let hook = json!({ "url": format!("{}/{step}", receiver.base) });
        let channel = add(api, &format!("step {step}"), "webhook", &hook).await;
        let target = json!({"kind": "channel", "id": channel["id"]});
        steps.push(json!({"delay_seconds": step.min(1), "targets": [target]}));
    }
    let policy = json!({"name": "night", "steps": steps});
    let policy = post(api, "/api/v1/alerts/escalation-policies", &policy).await;
    let target = json!([{"kind": "policy", "id": policy["id"]}]);
    let route = json!({"name": "ladder", "matchers": {"alertname": "Ladder"}, "targets": target});
    post(api, "/api/v1/notifications/routes", &route).await;
    // All else goes nowhere.
    let person = api.get("/api/v1/auth/me").await.unwrap();
    let nobody = json!([{"kind": "person", "id": person.expect(200).unwrap()["id"]}]);
    let rest = json!({"name": "rest", "position": 9, "targets": nobody});
    post(api, "/api/v1/notifications/routes", &rest).await;
    let rule = json!({
        "name": "Ladder", "metric": "ladder_value", "comparison": ">=", "warning": 1.0,
        "cooldown_seconds": 0,
    });
    post(api, "/api/v1/alerts/rules", &rule).await;
}

async fn push(api: &Api, value: u8) {
    let mut body = String::new();
    for n in 0..ALERTS {
        writeln!(body, "ladder_value{{n=\"{n}\"}} {value}").unwrap();
    }
    let request = api.request(Method::POST, "/api/v1/metrics/custom");
    let request = request.header("Content-Type", "text/plain").body(body);
    api.send(request).await.unwrap().expect(200).unwrap();
}

async fn no_step_is_lost_or_repeated_wherever_the_kill_strikes() {
    let receiver = Receiver::start().unwrap();
    let mut server = server().await;
    let mut dice = Dice::seeded();
    let api = server.login("admin").await.unwrap();
    with_policy(&api, &receiver).await;
    push(&api, 1).await;
    for _ in 0..KILLS {
        let more = usize::try_from(dice.below(5)).unwrap() + 1;
        let most = STEPS * ALERTS;
        let came = keys(&receiver.received(), "fired").len();
        if came + more >= most {
            break;
        }
        receiver.until(came + more, |_| true).await.unwrap();
        server.kill().unwrap();
        server.start().await.unwrap();
    }
    let all = wait::until("every step of every alert", async || {
        let keys = keys(&receiver.received(), "fired");
        Ok((keys.len() >= STEPS * ALERTS).then_some(keys))
    });
    let all = all.await.unwrap();
    for (place, keys) in &all {
        assert_eq!(keys.len(), 1, "told more than once: {place:?} {keys:?}");
    }
    let alerts: BTreeSet<_> = all.keys().map(|(alert, _)| alert).collect();
    assert_eq!(alerts.len(), ALERTS);
    // Who was told hears of the end, once, and nobody is told of a step any more.
    let api = server.login("admin").await.unwrap();
    push(&api, 0).await;
    let over = wait::until("every recovery", async || {
        let keys = keys(&receiver.received(), "resolved");
        Ok((keys.len() >= STEPS * ALERTS).then_some(keys))
    });
    assert!(over.await.unwrap().values().all(|keys| keys.len() == 1));
    assert_eq!(keys(&receiver.received(), "fired"), all);
}

/// A minute of the day that begins in a while, as `HH:MM`, and the one two hours before it.
fn soon() -> (String, String) {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let minute = (now + 15) / 60 + 1;
    let written = |minute: u64| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    (written(minute - 120), written(minute))
}

/// Whether a message tells of an alert of that rule.
fn tells(request: &Received, rule: &str) -> bool {
    let body = request.json();
    let alerts = body["alerts"].as_array();
    let mut rules = alerts.into_iter().flatten().map(|it| &it["alert"]["rule"]);
    rules.any(|it| it == rule)
}

async fn a_person_is_told_by_day_what_was_no_haste_by_night() {
    let receiver = Receiver::start().unwrap();
    let server = server().await;
    let api = server.login("admin").await.unwrap();
    let short = json!({"name": "short", "kind": "webhook", "parts": {"title": "{{ alert.rule }}"}});
    let short = post(&api, "/api/v1/notifications/templates", &short).await;
    let phone = json!({
        "name": "phone", "kind": "webhook", "config": {"url": receiver.base}, "template": short["id"],
    });
    let channel = post(&api, "/api/v1/notifications/channels", &phone).await;
    let me = api.get("/api/v1/auth/me").await.unwrap();
    let me = me.expect(200).unwrap();
    let route = json!({"name": "me", "targets": [{"kind": "person", "id": me["id"]}]});
    post(&api, "/api/v1/notifications/routes", &route).await;
    let (from, to) = soon();
    let wishes = json!({
        "warning": [channel["id"]], "critical": [channel["id"]],
        "quiet_hours": [{"times": [{"start_time": from, "end_time": to}]}],
        "digest": {"kind": "daily", "at": to},
    });
    let path = "/api/v1/notifications/preferences";
    let kept = api.call(Method::PUT, path, &wishes).await.unwrap();
    kept.expect(200).unwrap();
    for name in ["one", "two"] {
        post(&api, "/api/v1/alerts/rules", &always(name)).await;
    }
    let urgent = json!({"name": "urgent", "metric": "host_memory_usage_percent",
        "comparison": ">=", "critical": 0.0});
    post(&api, "/api/v1/alerts/rules", &urgent).await;
    receiver.until(1, |it| tells(it, "urgent")).await.unwrap();
    let alert = active(&api, "one").await;
    let path = format!("/api/v1/alerts/{}/explain", alert["id"].as_str().unwrap());
    let later = wait::until("why the person waits", async || {
        let why = api.get(&path).await?.expect(200)?;
        let told_later = why.to_string().contains("told later");
        Ok(told_later.then_some(why))
    });
    later.await.unwrap();
    active(&api, "two").await;
    let early = receiver.received();
    assert!(!early.iter().any(|it| tells(it, "one")), "{early:?}");
    let patience = Duration::from_secs(100);
    let digest = wait::until_within("the digest", patience, async || {
        let came = receiver.received();
        Ok(came.into_iter().find(|it| tells(it, "one")))
    });
    let digest = digest.await.unwrap();
    assert!(tells(&digest, "two"), "{:?}", digest.json());
    for (path, field, id) in [
        ("templates", "template", &short["id"]),
        ("people", "person", &me["id"]),
    ] {
        let path = format!("/api/v1/notifications/statistics/{path}");
        let both = wait::until("both messages to be counted", async || {
            let all = api.get(&path).await?.expect(200)?;
            let one = all["items"][0].clone();
            Ok((one["delivered"] == 2).then_some(one))
        });
        let both = both.await.unwrap();
        assert_eq!((&both[field], &both["sent"]), (id, &json!(2)), "{both}");
    }
}
