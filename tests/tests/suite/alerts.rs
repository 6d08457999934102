//! An alert's life over the API: fires, is told, acknowledged, resolved, exported.

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::live::Live;
use tests::server::TestServer;
use tests::wait;

crate::on_both!(
    the_five_default_rules_are_there,
    an_alert_fires_is_told_acknowledged_and_resolved,
    rules_are_changed_only_as_they_were_read,
    exports_are_safe_in_a_spreadsheet,
);

/// A rule that fires with the next sample on any machine.
pub(crate) fn always(name: &str) -> Value {
    json!({
        "name": name,
        "metric": "host_memory_usage_percent",
        "comparison": ">=",
        "warning": 0.0,
    })
}

/// Waits for the alert of a rule in the list of active alerts.
pub(crate) async fn active(api: &Api, rule: &str) -> Value {
    wait::until(&format!("an alert of “{rule}”"), async || {
        let list = api.get("/api/v1/alerts").await?.expect(200)?;
        let items = list["items"].as_array().cloned().unwrap_or_default();
        Ok(items.into_iter().find(|it| it["rule"] == rule))
    })
    .await
    .unwrap()
}

async fn the_five_default_rules_are_there() {
    let server = TestServer::builder()
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let api = server.login("viewer").await.unwrap();
    let rules = api
        .get("/api/v1/alerts/rules")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let mut found: Vec<_> = rules["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            json!([
                it["kind"],
                it["metric"],
                it["warning"],
                it["critical"],
                it["enabled"]
            ])
            .to_string()
        })
        .collect();
    found.sort();
    assert_eq!(found.len(), 5, "{rules}");
    for expected in [
        r#"["threshold","host_cpu_usage_percent",70.0,90.0,true]"#,
        r#"["threshold","host_filesystem_usage_percent",80.0,95.0,true]"#,
        r#"["threshold","host_load_per_core",1.5,3.0,true]"#,
        r#"["threshold","host_memory_usage_percent",75.0,90.0,true]"#,
    ] {
        assert!(
            found.iter().any(|it| it == expected),
            "{expected} in {found:?}"
        );
    }
    assert!(
        found.iter().any(|it| it.starts_with(r#"["absence""#)),
        "{found:?}"
    );
    let engine = api
        .get("/api/v1/alerts/engine")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    assert_eq!(engine["active_rules"], 5);
}

async fn an_alert_fires_is_told_acknowledged_and_resolved() {
    let server = TestServer::builder()
        .with_user("manager")
        .start()
        .await
        .unwrap();
    let api = server.login("manager").await.unwrap();
    let mut live = Live::authenticated(&server.base(), api.token())
        .await
        .unwrap();
    live.subscribe("alerts").await.unwrap();
    live.subscribe("inbox").await.unwrap();

    let rule = api
        .post("/api/v1/alerts/rules", &always("Memory at all"))
        .await
        .unwrap();
    let rule = rule.expect(201).unwrap();
    let fired = live.until("alert").await.unwrap();
    assert_eq!(
        (&fired["change"], &fired["alert"]["rule"]),
        (&json!("fired"), &rule["name"])
    );
    let told = wait_inbox(&api, "fired").await;
    let alert = active(&api, "Memory at all").await;
    assert_eq!(told["alert_id"], alert["id"]);
    assert_eq!(
        (&alert["state"], &alert["severity"]),
        (&json!("firing"), &json!("warning"))
    );

    let path = format!("/api/v1/alerts/{}", alert["id"].as_str().unwrap());
    let comment = json!({"comment": "on it"});
    for _again in 0..2 {
        let answer = api
            .post(&format!("{path}/acknowledge"), &comment)
            .await
            .unwrap();
        assert_eq!(answer.expect(200).unwrap()["state"], "acknowledged");
    }
    let answer = api
        .post(&format!("{path}/resolve"), &json!({}))
        .await
        .unwrap();
    assert_eq!(answer.expect(200).unwrap()["state"], "resolved");
    let detail = api.get(&path).await.unwrap().expect(200).unwrap();
    let steps: Vec<_> = detail["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["change"].clone())
        .collect();
    assert_eq!(
        steps,
        [json!("fired"), json!("acknowledged"), json!("resolved")]
    );
    assert_eq!(detail["history"][1]["comment"], "on it");

    let read = format!(
        "/api/v1/notifications/inbox/{}/read",
        told["id"].as_str().unwrap()
    );
    let answer = api.send(api.request(Method::POST, &read)).await.unwrap();
    assert!(answer.status < 300, "{answer:?}");
    let inbox = api
        .get("/api/v1/notifications/inbox")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let item = inbox["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == told["id"]);
    assert!(item.unwrap()["read_at"].is_string(), "{inbox}");
}

async fn wait_inbox(api: &Api, change: &str) -> Value {
    wait::until("a message in the inbox", async || {
        let inbox = api.get("/api/v1/notifications/inbox").await?.expect(200)?;
        let items = inbox["items"].as_array().cloned().unwrap_or_default();
        Ok(items.into_iter().find(|it| it["change"] == change))
    })
    .await
    .unwrap()
}

async fn rules_are_changed_only_as_they_were_read() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let made = api
        .post("/api/v1/alerts/rules", &always("First"))
        .await
        .unwrap();
    let tag = made.header("etag").to_owned();
    let path = format!(
        "/api/v1/alerts/rules/{}",
        made.json()["id"].as_str().unwrap()
    );
    let mut changed = always("Second");
    changed["enabled"] = json!(false);
    let put = api
        .request(Method::PUT, &path)
        .header("If-Match", &tag)
        .json(&changed);
    let answer = api.send(put).await.unwrap().expect(200).unwrap();
    assert_eq!(
        (&answer["name"], &answer["version"]),
        (&json!("Second"), &json!(2))
    );
    let stale = api
        .request(Method::PUT, &path)
        .header("If-Match", &tag)
        .json(&changed);
    api.send(stale).await.unwrap().expect(412).unwrap();
    let patched = api
        .call(Method::PATCH, &path, &json!({"warning": 99.0}))
        .await
        .unwrap();
    assert_eq!(patched.expect(200).unwrap()["warning"], 99.0);
    let gone = api.send(api.request(Method::DELETE, &path)).await.unwrap();
    assert!(gone.status < 300, "{gone:?}");
    api.get(&path).await.unwrap().expect(404).unwrap();
}

async fn exports_are_safe_in_a_spreadsheet() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let name = "=HYPERLINK(\"x\"), \"quoted\"";
    api.post("/api/v1/alerts", &always(name))
        .await
        .unwrap()
        .expect(201)
        .unwrap();
    active(&api, name).await;
    let answer = api.get("/api/v1/alerts/export?format=csv").await.unwrap();
    let disposition = answer.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; filename=\"watchpost-alerts-"),
        "{disposition}"
    );
    let mut reader = csv::Reader::from_reader(answer.text.as_bytes());
    let header: Vec<_> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    for column in [
        "id",
        "rule",
        "server",
        "severity",
        "state",
        "started_at",
        "acknowledged_at",
        "resolved_at",
        "value",
        "threshold",
        "message",
    ] {
        assert!(
            header.iter().any(|it| it == column),
            "{column} in {header:?}"
        );
    }
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let rule = header.iter().position(|it| it == "rule").unwrap();
    assert!(
        rows.iter().any(|it| it[rule] == format!("'{name}")),
        "{rows:?}"
    );
    let json = api
        .get("/api/v1/alerts/export?format=json")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    assert!(json.to_string().contains("HYPERLINK"));
}
