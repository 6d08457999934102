//! What people do to alerts over the API, and what an alert tells about itself.

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::server::TestServer;

use crate::alerts::{active, always};

crate::on_both!(
    alerts_are_commented_assigned_and_acted_on_in_bulk,
    an_alert_tells_what_it_is_made_of,
    bad_requests_name_their_field,
);

async fn ok(api: &Api, method: Method, path: &str, body: &Value) -> Value {
    let answer = match method {
        Method::GET => api.get(path).await,
        _ => api.call(method, path, body).await,
    };
    answer.unwrap().expect(200).unwrap()
}

async fn with_alert(api: &Api, rule: &str) -> Value {
    let made = api.post("/api/v1/alerts/rules", &always(rule)).await;
    made.unwrap().expect(201).unwrap();
    active(api, rule).await
}

async fn alerts_are_commented_assigned_and_acted_on_in_bulk() {
    let server = TestServer::builder()
        .with_user("operator")
        .start()
        .await
        .unwrap();
    let admin = server.login("admin").await.unwrap();
    let api = server.login("operator").await.unwrap();
    let (one, two) = (
        with_alert(&admin, "One").await,
        with_alert(&admin, "Two").await,
    );
    let path = format!("/api/v1/alerts/{}", one["id"].as_str().unwrap());
    let me = ok(&api, Method::GET, "/api/v1/auth/me", &Value::Null).await;

    let said = json!({"comment": "The backup runs."});
    ok(&api, Method::POST, &format!("{path}/comments"), &said).await;
    let give = json!({"user_id": me["id"]});
    for _again in 0..2 {
        let given = ok(&api, Method::POST, &format!("{path}/assign"), &give).await;
        assert_eq!(given["assignee"], me["id"]);
    }
    let mine = format!("/api/v1/alerts?assignee={}", me["id"].as_str().unwrap());
    let mine = ok(&api, Method::GET, &mine, &Value::Null).await;
    assert_eq!(mine["items"].as_array().unwrap().len(), 1);
    let found = ok(&api, Method::GET, "/api/v1/alerts?text=tWo", &Value::Null).await;
    assert_eq!(found["items"][0]["id"], two["id"]);

    let nobody = "00000000-0000-0000-0000-000000000000";
    let bulk =
        json!({"ids": [one["id"], nobody, two["id"]], "action": "resolve", "comment": "done"});
    let done = ok(&api, Method::POST, "/api/v1/alerts/bulk", &bulk).await;
    let statuses: Vec<_> = done["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["status"])
        .collect();
    assert_eq!(statuses, [200, 404, 200]);
    assert_eq!(done["items"][0]["alert"]["state"], "resolved");
    assert_eq!(done["items"][1]["problem"]["status"], 404);

    let detail = ok(&api, Method::GET, &path, &Value::Null).await;
    let said: Vec<_> = detail["comments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["comment"])
        .collect();
    assert_eq!(said, ["The backup runs.", "done"]);
    assert_eq!(detail["comments"][0]["by"], me["id"]);
}

async fn an_alert_tells_what_it_is_made_of() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let alert = with_alert(&api, "Memory at all").await;
    let path = format!("/api/v1/alerts/{}", alert["id"].as_str().unwrap());

    let detail = ok(&api, Method::GET, &path, &Value::Null).await;
    let snapshot = &detail["snapshot"];
    assert!(
        snapshot["memory"]["total_bytes"].as_u64() > Some(0),
        "{snapshot}"
    );
    assert!(snapshot["health"]["score"].is_f64(), "{snapshot}");

    let replay = ok(&api, Method::GET, &format!("{path}/replay"), &Value::Null).await;
    assert_eq!(replay["identical"], true);
    assert_eq!(replay["items"][0]["stored"], replay["items"][0]["replayed"]);

    let explained = ok(&api, Method::GET, &format!("{path}/explain"), &Value::Null).await;
    assert_eq!(explained["trace"][0]["kind"], "crossed");
    assert_eq!(explained["you"][0]["change"], "fired");

    let recording = ok(
        &api,
        Method::GET,
        &format!("{path}/recording"),
        &Value::Null,
    )
    .await;
    let series = recording["series"].as_array().unwrap();
    let is_memory = |it: &&Value| it["metric"] == "host_memory_usage_percent";
    let memory = series.iter().find(is_memory).unwrap();
    assert!(!memory["points"].as_array().unwrap().is_empty());

    for theme in ["light", "dark"] {
        let path = format!("{path}/picture.png?theme={theme}");
        let answer = api.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "image/png");
        let png = answer.bytes().await.unwrap();
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "{} bytes", png.len());
    }
}

async fn bad_requests_name_their_field() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let alert = with_alert(&api, "Memory at all").await;
    let path = format!("/api/v1/alerts/{}", alert["id"].as_str().unwrap());
    let long = "x".repeat(2_001);
    let many: Vec<_> = (0..501).map(|_| alert["id"].clone()).collect();
    for (path, body, field) in [
        (format!("{path}/comments"), json!({}), "comment"),
        (
            format!("{path}/comments"),
            json!({"comment": " "}),
            "comment",
        ),
        (
            format!("{path}/comments"),
            json!({"comment": long}),
            "comment",
        ),
        (format!("{path}/assign"), json!({}), "user_id"),
        (
            format!("{path}/assign"),
            json!({"user_id": alert["id"]}),
            "user_id",
        ),
        (
            "/api/v1/alerts/bulk".to_owned(),
            json!({"ids": many, "action": "resolve"}),
            "ids",
        ),
        (
            "/api/v1/alerts/bulk".to_owned(),
            json!({"ids": [], "action": "burn"}),
            "action",
        ),
        (
            "/api/v1/alerts/bulk".to_owned(),
            json!({"ids": [alert["id"]], "action": "comment"}),
            "comment",
        ),
    ] {
        let answer = api.post(&path, &body).await.unwrap();
        let problem = answer.expect(422).unwrap();
        assert_eq!(problem["errors"][0]["field"], field, "{path} {problem}");
    }
    let picture = api
        .get(&format!("{path}/picture.png?theme=pink"))
        .await
        .unwrap();
    assert_eq!(picture.expect(422).unwrap()["errors"][0]["field"], "theme");
}
