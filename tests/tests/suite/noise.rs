//! Silences, windows, routes and schedules over the API: refused, previewed, durable, and felt by what is told.

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::live::Live;
use tests::server::TestServer;
use tests::wait;

use crate::alerts::{active, always};

crate::on_both!(
    a_silence_is_previewed_kept_over_a_kill_and_holds_back_messages,
    what_cannot_stand_is_refused_with_its_field,
    routes_tell_where_an_alert_would_go,
    schedules_tell_who_is_on_call_and_when_nobody_is,
);

async fn post(api: &Api, path: &str, body: &Value, status: u16) -> Value {
    let answer = api.post(path, body).await.unwrap();
    answer.expect(status).unwrap()
}

async fn inbox(api: &Api) -> Vec<String> {
    let list = api.get("/api/v1/notifications/inbox").await.unwrap();
    let list = list.expect(200).unwrap();
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|it| it["title"].as_str().unwrap().to_owned())
        .collect()
}

async fn a_silence_is_previewed_kept_over_a_kill_and_holds_back_messages() {
    let mut server = TestServer::builder()
        .with_user("operator")
        .start()
        .await
        .unwrap();
    let api = server.login("admin").await.unwrap();
    let silence = json!({"matchers": {"alertname": "quiet"}, "ends_at": "2099-01-01T00:00:00Z"});
    let too_long = post(&api, "/api/v1/alerts/silences", &silence, 422).await;
    assert_eq!(too_long["errors"][0]["field"], "ends_at");
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let in_an_hour = u64::try_from(now.as_millis()).unwrap() + 3_600_000;
    let silence =
        json!({"matchers": {"alertname": "quiet"}, "ends_at": in_an_hour, "comment": "new disk"});
    let operator = server.login("operator").await.unwrap();
    let made = post(&operator, "/api/v1/alerts/silences", &silence, 201).await;
    assert_eq!(
        (&made["state"], &made["version"]),
        (&json!("active"), &json!(1))
    );
    server.kill().unwrap();
    server.start().await.unwrap();

    let api = server.login("admin").await.unwrap();
    for name in ["quiet", "loud"] {
        post(&api, "/api/v1/alerts/rules", &always(name), 201).await;
    }
    let quiet = active(&api, "quiet").await;
    assert_eq!(quiet["silenced_by"], json!([made["id"]]));
    let loud = active(&api, "loud").await;
    assert_eq!(loud["silenced_by"], json!([]));
    // What is answered to an act and shown of it says so as well.
    let mut live = Live::authenticated(&server.base(), api.token())
        .await
        .unwrap();
    live.subscribe("alerts").await.unwrap();
    let say = format!("/api/v1/alerts/{}/comments", quiet["id"].as_str().unwrap());
    let said = post(&api, &say, &json!({"comment": "hm"}), 200).await;
    assert_eq!(said["silenced_by"], quiet["silenced_by"]);
    let shown = loop {
        let shown = live.until("alert").await.unwrap();
        if shown["alert"]["id"] == quiet["id"] {
            break shown;
        }
    };
    assert_eq!(shown["alert"], said);
    let preview = json!({"matchers": "alertname=~\"quiet|calm\""});
    let preview = post(&api, "/api/v1/alerts/silences/preview", &preview, 200).await;
    assert_eq!(preview["alerts"].as_array().unwrap().len(), 1);
    let told = async |name: &str| {
        wait::until(&format!("a message of “{name}”"), async || {
            let told = inbox(&api).await;
            Ok(told
                .iter()
                .any(|title| title.contains(name))
                .then_some(told))
        })
        .await
        .unwrap()
    };
    let first = told("loud").await;
    assert!(
        !first.iter().any(|title| title.contains("quiet")),
        "{first:?}"
    );

    let path = format!(
        "/api/v1/alerts/silences/{}/expire",
        made["id"].as_str().unwrap()
    );
    let expired = post(&api, &path, &json!({}), 200).await;
    assert_eq!(expired["state"], "expired");
    // Who looks is told to look again: no alert made a step.
    assert_eq!(live.until("lagged").await.unwrap()["topic"], "alerts");
    assert_eq!(active(&api, "quiet").await["silenced_by"], json!([]));
    told("quiet").await;
    let again = post(&api, &path, &json!({}), 200).await;
    assert_eq!(again["ends_at"], expired["ends_at"]);
}

async fn what_cannot_stand_is_refused_with_its_field() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let hour = json!({"kind": "recurring", "intervals": [{"times": [{"start_time": "09:00", "end_time": "10:00"}]}]});
    let target = json!([{"kind": "channel", "id": "00000000-0000-0000-0000-000000000009"}]);
    for (path, body, field) in [
        (
            "alerts/silences",
            json!({"matchers": [], "ends_at": 4_000_000_000_000_u64}),
            "matchers",
        ),
        (
            "alerts/silences",
            json!({"matchers": [{"name": "a", "op": "=~", "value": "("}], "ends_at": 4}),
            "matchers[0].value",
        ),
        (
            "alerts/silences",
            json!({"matchers": {"a": "b"}}),
            "ends_at",
        ),
        (
            "alerts/maintenance-windows",
            json!({"name": "a", "schedule": {"kind": "recurring", "intervals": []}}),
            "schedule.intervals",
        ),
        (
            "alerts/maintenance-windows",
            json!({"name": "", "schedule": hour}),
            "name",
        ),
        (
            "alerts/inhibitions",
            json!({"name": "a", "source_matchers": {"a": "b"}, "target_matchers": {}}),
            "target_matchers",
        ),
        (
            "alerts/escalation-policies",
            json!({"name": "a", "steps": []}),
            "steps",
        ),
        (
            "alerts/schedules",
            json!({"name": "a", "time_zone": "Berlin", "layers": []}),
            "layers",
        ),
        (
            "notifications/routes",
            json!({"name": "a", "targets": target}),
            "targets[0].id",
        ),
        (
            "notifications/routes",
            json!({"name": "a", "routes": [{"name": ""}]}),
            "routes[0].name",
        ),
    ] {
        let refused = post(&api, &format!("/api/v1/{path}"), &body, 422).await;
        assert_eq!(
            refused["errors"][0]["field"], field,
            "{path} {body}: {refused}"
        );
    }
}

async fn routes_tell_where_an_alert_would_go() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let me = api
        .get("/api/v1/auth/me")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let path = "/api/v1/notifications/routes";
    let person = json!([{"kind": "person", "id": me["id"]}]);
    let route =
        json!({"name": "db", "matchers": {"server": "db-1"}, "targets": person, "position": 1});
    let route = post(&api, path, &route, 201).await;
    let asked = json!({"labels": {"server": "db-1", "severity": "critical"}});
    let run = post(&api, &format!("{path}/dry-run"), &asked, 200).await;
    assert_eq!(run["taken"][0]["route"], route["id"]);
    assert_eq!(run["taken"][0]["targets"][0]["person"], me["id"]);
    let asked = json!({"labels": {"server": "web-1"}});
    let run = post(&api, &format!("{path}/dry-run"), &asked, 200).await;
    assert_eq!(run["taken"][0]["route"], Value::Null);
    assert_eq!(run["asked"][0]["reason"], "server=\"db-1\" does not hold.");
    let one = format!("{path}/{}", route["id"].as_str().unwrap());
    let removed = api.send(api.request(Method::DELETE, &one)).await.unwrap();
    removed.expect(204).unwrap();
    api.get(&one).await.unwrap().expect(404).unwrap();
}

async fn schedules_tell_who_is_on_call_and_when_nobody_is() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let me = api
        .get("/api/v1/auth/me")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let layer = json!({"people": [me["id"]], "rotation": {"kind": "weekly"}, "starts_on": "2026-01-05",
        "active_times": [{"weekdays": ["monday:friday"]}]});
    let schedule = json!({"name": "office", "time_zone": "Europe/Berlin", "layers": [layer]});
    let made = post(&api, "/api/v1/alerts/schedules", &schedule, 201).await;
    assert!(made["gaps"].as_array().unwrap().len() >= 4, "{made}");
    let one = format!("/api/v1/alerts/schedules/{}", made["id"].as_str().unwrap());
    for (at, person) in [
        ("2026-11-20T12:00:00Z", &me["id"]),
        ("2026-11-21T12:00:00Z", &Value::Null),
    ] {
        let now = api.get(&format!("{one}/on-call?at={at}")).await.unwrap();
        assert_eq!(&now.expect(200).unwrap()["person"], person, "{at}");
    }
    let turns = format!("{one}/final?from=2026-11-16T00:00:00Z&to=2026-11-30T00:00:00Z");
    let turns = api.get(&turns).await.unwrap().expect(200).unwrap();
    assert_eq!(turns["items"].as_array().unwrap().len(), 5, "{turns}");
    api.get(&format!(
        "{one}/final?from=2026-11-16T00:00:00Z&to=2030-11-16T00:00:00Z"
    ))
    .await
    .unwrap()
    .expect(422)
    .unwrap();

    let preferences = json!({"quiet_hours": [{"times": [{"start_time": "22:00", "end_time": "07:00"}]}], "digest": {"kind": "hourly"}});
    let path = "/api/v1/notifications/preferences";
    let kept = api.call(Method::PUT, path, &preferences).await.unwrap();
    assert_eq!(kept.expect(200).unwrap()["digest"]["kind"], "hourly");
    let erased = api.send(api.request(Method::DELETE, path)).await.unwrap();
    erased.expect(204).unwrap();
    let left = api.get(path).await.unwrap().expect(200).unwrap();
    assert_eq!(left["quiet_hours"], json!([]));
}
