//! Rules over the API: tried, advised, copied, as files, of every kind; what is pushed is what they see.

use reqwest::{Method, header};
use serde_json::{Value, json};
use tests::api::{Answer, Api};
use tests::server::TestServer;
use tests::wait;

use crate::alerts::active;
use crate::custom::ago;

crate::on_both!(
    a_rule_is_tried_and_advised_on_what_was_pushed,
    files_of_rules_go_round,
    expressions_and_conditions_fire,
    a_rule_may_wait_for_its_metric,
);

const RULES: &str = "/api/v1/alerts/rules";

async fn admin(server: &TestServer) -> Api {
    server.login("admin").await.unwrap()
}

/// Pushes a value at a moment so many seconds ago.
async fn push(api: &Api, samples: Vec<Value>) {
    let body = json!({"samples": samples});
    let answer = api.post("/api/v1/metrics/custom", &body).await.unwrap();
    assert!((200..300).contains(&answer.status), "{}", answer.text);
}

async fn a_rule_is_tried_and_advised_on_what_was_pushed() {
    let server = TestServer::builder().start().await.unwrap();
    let api = admin(&server).await;
    let (start, end) = (ago(7_200), ago(3_600));
    let sample = |second: u64| {
        let value = if (600..1_200).contains(&second) {
            95
        } else {
            5
        };
        json!({"metric": "backlog", "labels": {"queue": "a"}, "value": value, "at": start + second * 1_000})
    };
    push(&api, (0..3_600).step_by(10).map(sample).collect()).await;
    let rule = json!({
        "name": "Backlog", "metric": "backlog", "comparison": ">=", "warning": 50, "for_seconds": 60,
        "labels": {"team": "ops"},
    });
    let body = json!({"rule": rule, "from": start, "to": end});
    let tried = api.post(&format!("{RULES}/preview"), &body).await.unwrap();
    let tried = tried.expect(200).unwrap();
    let interval = &tried["intervals"][0];
    assert_eq!(tried["intervals"].as_array().unwrap().len(), 1, "{tried}");
    assert_eq!(interval["labels"], json!({"queue": "a", "team": "ops"}));
    assert_eq!(interval["severity"], "warning");
    assert_eq!(interval["steps"][0]["at"], interval["started_at"]);
    assert_eq!(
        (&tried["notifications"], &tried["evaluated_points"]),
        (&json!(2), &json!(360))
    );
    assert_eq!(tried["firing_seconds"], json!(540.0));

    let advice = api.post(&format!("{RULES}/advise"), &body).await.unwrap();
    let advice = advice.expect(200).unwrap();
    assert_eq!(advice["observed"]["samples"], 360);
    let candidates = advice["candidates"].as_array().unwrap();
    let chosen = candidates
        .iter()
        .find(|it| it["chosen"] == "warning")
        .unwrap();
    assert_eq!(
        (&chosen["value"], &chosen["firings"]),
        (&json!(50.0), &json!(1))
    );

    for (change, field) in [
        (json!({"from": end, "to": start}), "to"),
        (json!({"from": 0}), "from"),
        (
            json!({"rule": {"name": "x", "metric": "", "comparison": ">", "warning": 1}}),
            "rule.metric",
        ),
    ] {
        let mut body = body.clone();
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        let refused = api.post(&format!("{RULES}/preview"), &body).await.unwrap();
        assert_eq!(refused.expect(422).unwrap()["errors"][0]["field"], field);
    }
}

async fn send_file(api: &Api, query: &str, content_type: &str, text: String) -> Answer {
    let request = api.request(Method::POST, &format!("{RULES}/import{query}"));
    let request = request
        .header(header::CONTENT_TYPE, content_type)
        .body(text);
    api.send(request).await.unwrap()
}

async fn files_of_rules_go_round() {
    let server = TestServer::builder().start().await.unwrap();
    let api = admin(&server).await;
    for (format, content_type) in [("toml", "application/toml"), ("json", "application/json")] {
        let file = api
            .get(&format!("{RULES}/export?format={format}"))
            .await
            .unwrap();
        assert_eq!(
            (file.status, file.header("content-type")),
            (200, content_type)
        );
        assert!(file.header("content-disposition").contains("attachment"));
        let again = send_file(&api, "", content_type, file.text)
            .await
            .expect(200)
            .unwrap();
        assert_eq!(again["unchanged"].as_array().unwrap().len(), 5, "{again}");
    }
    let prometheus = "groups:\n- name: a\n  rules:\n  - alert: Full\n    expr: queue_length > 5\n    for: soon\n";
    let refused = send_file(&api, "", "application/yaml", prometheus.to_owned()).await;
    let refused = refused.expect(422).unwrap();
    assert_eq!(refused["errors"][0]["field"], "groups[0].rules[0].for");
    let good = prometheus.replace("soon", "1m");
    let dry = send_file(&api, "?dry_run=true", "application/yaml", good.clone()).await;
    assert_eq!(dry.expect(200).unwrap()["added"], json!(["Full"]));
    let taken = send_file(&api, "", "application/yaml", good)
        .await
        .expect(200)
        .unwrap();
    assert_eq!(taken["dry_run"], false);
    let wrong = send_file(&api, "", "text/csv", String::new()).await;
    assert_eq!(wrong.status, 415);

    let rules = api.get(RULES).await.unwrap().expect(200).unwrap();
    let items = rules["items"].as_array().unwrap();
    let full = items.iter().find(|it| it["name"] == "Full").unwrap();
    assert_eq!(
        (&full["kind"], &full["interval_seconds"]),
        (&json!("promql"), &json!(60))
    );
    assert!(full["evaluation"]["status"].is_string(), "{full}");
    let copy = format!("{RULES}/{}/duplicate", full["id"].as_str().unwrap());
    let copy = api.post(&copy, &json!({})).await.unwrap();
    assert!(copy.header("location").starts_with(RULES));
    let copy = copy.expect(201).unwrap();
    assert_eq!(
        (&copy["name"], &copy["enabled"]),
        (&json!("Full (copy)"), &json!(false))
    );
}

async fn expressions_and_conditions_fire() {
    let server = TestServer::builder().start().await.unwrap();
    let api = admin(&server).await;
    let expression = json!({
        "name": "Any memory", "kind": "promql", "comparison": ">", "interval_seconds": 1,
        "expression": "host_memory_usage_percent >= 0", "labels": {"severity": "critical"},
    });
    let composite = json!({
        "name": "Memory without backup", "kind": "composite", "comparison": ">", "interval_seconds": 1,
        "conditions": [
            {"metric": "host_memory_usage_percent", "comparison": ">=", "warning": 0},
            {"metric": "backup_running", "comparison": ">", "warning": 0, "not": true},
        ],
    });
    let saved = api.post(RULES, &expression).await.unwrap();
    saved.expect(201).unwrap();
    let fired = active(&api, "Any memory").await;
    assert_eq!(
        (&fired["severity"], &fired["threshold"]),
        (&json!("critical"), &Value::Null)
    );
    let saved = api.post(RULES, &composite).await.unwrap();
    let saved = saved.expect(201).unwrap();
    let warnings = saved["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1, "{saved}");
    assert!(warnings[0].as_str().unwrap().contains("backup_running"));
    let fired = active(&api, "Memory without backup").await;
    assert_eq!(fired["severity"], "warning");
    push(&api, vec![json!({"metric": "backup_running", "value": 1})]).await;
    wait::until("the composite alert to end", async || {
        let history = api.get("/api/v1/alerts/history").await?.expect(200)?;
        let all = history["items"].as_array().cloned().unwrap_or_default();
        let mut own = all
            .iter()
            .filter(|it| it["rule"] == "Memory without backup");
        Ok(own.find(|it| it["state"] == "resolved").cloned())
    })
    .await
    .unwrap();
}

async fn a_rule_may_wait_for_its_metric() {
    let server = TestServer::builder().start().await.unwrap();
    let api = admin(&server).await;
    let rule = json!({"name": "Waits", "metric": "not_there_yet", "comparison": ">", "warning": 1});
    let saved = api.post(RULES, &rule).await.unwrap().expect(201).unwrap();
    let warning = saved["warnings"][0].as_str().unwrap();
    assert!(warning.contains("not_there_yet"), "{warning}");
    let path = format!("{RULES}/{}", saved["id"].as_str().unwrap());
    let shown = api.get(&path).await.unwrap().expect(200).unwrap();
    assert_eq!(shown["evaluation"]["status"], "no_data", "{shown}");
    push(&api, vec![json!({"metric": "not_there_yet", "value": 5})]).await;
    active(&api, "Waits").await;
    let shown = api.get(&path).await.unwrap().expect(200).unwrap();
    assert_eq!(shown["evaluation"]["status"], "ok", "{shown}");
    assert_eq!(shown["evaluation"]["series"], 1);
}
