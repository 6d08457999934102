//! The whole configuration of alerting goes into a file and comes back from it, also to another server.

use reqwest::{Method, header};
use serde_json::{Value, json};
use tests::api::{Answer, Api};
use tests::server::TestServer;

crate::on_both!(
    a_file_goes_to_another_server,
    a_file_is_taken_whole_or_not_at_all
);

const CONFIG: &str = "/api/v1/alerts/config";

async fn start() -> (TestServer, Api) {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    (server, api)
}

async fn add(api: &Api, path: &str, body: Value) -> Value {
    let added = api.post(&format!("/api/v1{path}"), &body).await.unwrap();
    added.expect(201).unwrap()
}

async fn send(api: &Api, query: &str, content_type: &str, text: String) -> Answer {
    let request = api.request(Method::POST, &format!("{CONFIG}{query}"));
    let request = request.header(header::CONTENT_TYPE, content_type);
    api.send(request.body(text)).await.unwrap()
}

async fn items(api: &Api, path: &str) -> Vec<Value> {
    let list = api.get(&format!("/api/v1{path}")).await.unwrap();
    let list = list.expect(200).unwrap();
    list["items"].as_array().unwrap().clone()
}

/// One of everything, each meaning another.
async fn configure(api: &Api) {
    let me = api
        .get("/api/v1/auth/me")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let template =
        json!({"name": "Short", "kind": "webhook", "parts": {"title": "{{ alert.rule }}"}});
    let template = add(api, "/notifications/templates", template).await;
    let channel = |name: &str, more: Value| {
        let mut channel = json!({
            "name": name, "kind": "webhook", "enabled": false,
            "config": {"url": "https://hooks.example.org/x", "secret": "s3cret-of-the-hook"},
        });
        for (field, value) in more.as_object().unwrap() {
            channel[field] = value.clone();
        }
        channel
    };
    let second = channel("Second", json!({}));
    let second = add(api, "/notifications/channels", second).await;
    let more = json!({"fallback": second["id"], "template": template["id"]});
    let first = add(api, "/notifications/channels", channel("First", more)).await;
    let schedule = json!({"name": "Nights", "time_zone": "Europe/Berlin", "layers": [{
        "people": [me["id"]], "rotation": {"kind": "weekly"}, "starts_on": "2026-01-05",
    }]});
    let schedule = add(api, "/alerts/schedules", schedule).await;
    let policy = json!({"name": "On call", "steps": [
        {"targets": [{"kind": "schedule", "id": schedule["id"]}]},
        {"delay_seconds": 300, "targets": [{"kind": "person", "id": me["id"]}]},
    ]});
    let policy = add(api, "/alerts/escalation-policies", policy).await;
    let route = json!({
        "name": "Critical", "matchers": [{"name": "severity", "op": "=", "value": "critical"}],
        "targets": [{"kind": "policy", "id": policy["id"]}, {"kind": "channel", "id": first["id"]}],
    });
    add(api, "/notifications/routes", route).await;
    let window = json!({"name": "Sundays", "schedule": {"kind": "recurring", "intervals": [
        {"weekdays": ["sunday"]},
    ]}});
    add(api, "/alerts/maintenance-windows", window).await;
    let silence = json!({
        "matchers": [{"name": "rule", "op": "=", "value": "Backlog"}],
        "ends_at": "2027-06-01T00:00:00Z", "comment": "moving",
    });
    add(api, "/alerts/silences", silence).await;
    let rule = json!({
        "name": "Backlog", "metric": "backlog", "comparison": ">", "warning": 5.5,
        "channels": [first["id"]],
    });
    add(api, "/alerts/rules", rule).await;
}

/// What was added, replaced and left, by number.
fn counts(told: &Value) -> [usize; 3] {
    ["added", "replaced", "unchanged"].map(|name| told[name].as_array().unwrap().len())
}

async fn a_file_goes_to_another_server() {
    let (_one, api) = start().await;
    configure(&api).await;
    let file = api.get(&format!("{CONFIG}?format=toml")).await.unwrap();
    assert_eq!(
        (file.status, file.header("content-type")),
        (200, "application/toml")
    );
    assert!(!file.text.contains("s3cret"), "{}", file.text);
    let again = send(&api, "", "application/toml", file.text.clone()).await;
    let again = again.expect(200).unwrap();
    assert_eq!(counts(&again)[..2], [0, 0], "{again}");
    let all = counts(&again)[2];

    let (_other, other) = start().await;
    let json = api.get(&format!("{CONFIG}?format=json")).await.unwrap();
    let mut json = json.expect(200).unwrap();
    for channel in json["channels"].as_array_mut().unwrap() {
        channel["config"]["secret"] = json!("another-secret-of-it");
    }
    let dry = send(
        &other,
        "?dry_run=true",
        "application/json",
        json.to_string(),
    )
    .await;
    let dry = dry.expect(200).unwrap();
    assert_eq!(dry["dry_run"], true);
    assert_eq!(
        items(&other, "/notifications/channels").await,
        Vec::<Value>::new()
    );
    let taken = send(&other, "", "application/json", json.to_string()).await;
    let taken = taken.expect(200).unwrap();
    assert_eq!(counts(&taken)[0] + counts(&taken)[2], all, "{taken}");
    assert_eq!(
        (&taken["added"], &taken["dry_run"]),
        (&dry["added"], &json!(false))
    );

    let me = other
        .get("/api/v1/auth/me")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let schedules = items(&other, "/alerts/schedules").await;
    assert_eq!(
        schedules[0]["layers"][0]["people"][0], me["id"],
        "by user name"
    );
    let channels = items(&other, "/notifications/channels").await;
    let by_name = |name: &str| channels.iter().find(|it| it["name"] == name).unwrap();
    assert_eq!(by_name("First")["fallback"], by_name("Second")["id"]);
    assert_eq!(by_name("First")["secrets"], json!(["secret"]));
    let rules = items(&other, "/alerts/rules").await;
    let rule = rules.iter().find(|it| it["name"] == "Backlog").unwrap();
    assert_eq!(rule["channels"], json!([by_name("First")["id"]]));
}

/// Makes a file one that cannot be taken.
type Spoil = fn(&mut Value);

async fn a_file_is_taken_whole_or_not_at_all() {
    let (_server, api) = start().await;
    configure(&api).await;
    let file = api.get(&format!("{CONFIG}?format=json")).await.unwrap();
    let file = file.expect(200).unwrap();
    let before = file.to_string();
    let spoilt: [(Spoil, u16, &str); 7] = [
        (|file| file["version"] = json!(2), 422, "version"),
        (|file| file["chanels"] = json!([]), 422, "chanels"),
        (|file| file["routes"] = json!({}), 422, "routes"),
        (
            |file| file["channels"][0]["id"] = json!("x"),
            422,
            "channels[0].id",
        ),
        (
            |file| file["rules"][0]["metric"] = json!(""),
            422,
            "rules[0].metric",
        ),
        (
            |file| {
                file["routes"][0]["targets"][0]["id"] =
                    json!("0199c0de-0000-7000-8000-000000000000");
            },
            422,
            "routes[0].targets[0].id",
        ),
        (
            |file| file["schedules"][0]["name"] = json!(7),
            422,
            "schedules[0].name",
        ),
    ];
    for (spoil, status, field) in spoilt {
        let mut file = file.clone();
        file["maintenance_windows"][0]["comment"] = json!("it would be written");
        spoil(&mut file);
        let refused = send(
            &api,
            "?existing=replace",
            "application/json",
            file.to_string(),
        )
        .await;
        assert_eq!(refused.status, status, "{field}: {}", refused.text);
        let errors = refused.json()["errors"].clone();
        let is_told = errors
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["field"] == field);
        assert!(is_told, "{field}: {errors}");
        let now = api.get(&format!("{CONFIG}?format=json")).await.unwrap();
        assert_eq!(now.expect(200).unwrap().to_string(), before, "{field}");
    }
    let mut changed = file.clone();
    changed["maintenance_windows"][0]["comment"] = json!("another");
    for (existing, expected) in [("refuse", 422), ("skip", 200), ("replace", 200)] {
        let query = format!("?existing={existing}");
        let taken = send(&api, &query, "application/json", changed.to_string()).await;
        assert_eq!(taken.status, expected, "{existing}: {}", taken.text);
        if expected == 200 {
            let replaced = usize::from(existing == "replace");
            assert_eq!(counts(&taken.json())[1], replaced, "{existing}");
        }
    }
    let windows = items(&api, "/alerts/maintenance-windows").await;
    assert_eq!(windows[0]["comment"], "another");
}
