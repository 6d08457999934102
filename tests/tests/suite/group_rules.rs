//! Who is limited to groups of servers writes, tries and imports rules for these alone; a rule watches
//! its scope and its labels alone.

use reqwest::Method;
use serde_json::{Value, json};
use tests::wait;

use crate::custom::{PUSH, ago, push_text};
use crate::groups::{LOW, OTHER, Stage};

crate::on_both!(
    rules_are_written_for_the_own_groups_alone,
    rules_are_tried_on_the_own_servers_alone,
    rules_watch_their_scope_and_labels_alone,
);

async fn rules_are_written_for_the_own_groups_alone() {
    let stage = Stage::new().await;
    let web = stage.server.login("web").await.unwrap();
    let rule = |scope: Value| {
        json!({
            "name": format!("Rule {scope}"), "metric": "backlog", "comparison": ">",
            "warning": 99.0, "scope": scope,
        })
    };
    let rules = "/api/v1/alerts/rules";
    for (scope, expected) in [
        (json!({}), 403),
        (json!({"groups": ["web"]}), 201),
        (json!({"servers": [stage.local]}), 201),
        (json!({"groups": ["web", "db"]}), 403),
        (json!({"groups": ["web"], "servers": [OTHER]}), 403),
    ] {
        let added = web.post(rules, &rule(scope.clone())).await.unwrap();
        assert_eq!(added.status, expected, "{scope}: {}", added.text);
        if expected == 201 {
            let own = format!("{rules}/{}", added.json()["id"].as_str().unwrap());
            let wider = json!({"scope": {}});
            let widened = web.call(Method::PATCH, &own, &wider).await.unwrap();
            assert_eq!(widened.status, 403, "{}", widened.text);
        }
    }
    let list = web.get(rules).await.unwrap().expect(200).unwrap();
    let low = list["items"].as_array().unwrap().iter();
    let low = low.clone().find(|it| it["name"] == LOW).unwrap();
    let path = format!("{rules}/{}", low["id"].as_str().unwrap());
    let narrower = json!({"scope": {"groups": ["web"]}});
    let changed = web.call(Method::PATCH, &path, &narrower).await.unwrap();
    assert_eq!(changed.status, 403, "{}", changed.text);
    let request = web.request(Method::DELETE, &path);
    web.send(request).await.unwrap().expect(403).unwrap();
    let away = format!("/api/v1/servers/{}", stage.local);
    for group in [json!("db"), json!(null)] {
        let group = json!({ "group": group });
        let moved = web.call(Method::PATCH, &away, &group).await.unwrap();
        moved.expect(422).unwrap();
    }
}

async fn rules_are_tried_on_the_own_servers_alone() {
    let stage = Stage::new().await;
    let web = stage.server.login("web").await.unwrap();
    let rules = "/api/v1/alerts/rules";
    let rule = json!({"name": LOW, "metric": "backlog", "comparison": "<", "warning": 10.0});
    let body = json!({"rule": rule, "from": ago(600), "to": ago(0) + 1_000});
    for (api, seen) in [(&stage.admin, 2), (&web, 1)] {
        let tried = api.post(&format!("{rules}/preview"), &body).await.unwrap();
        let tried = tried.expect(200).unwrap();
        assert_eq!(tried["intervals"].as_array().unwrap().len(), seen);
        let tells = tried.to_string().contains(&OTHER.to_string());
        assert_eq!(tells, seen == 2, "{tried}");
        let advice = api.post(&format!("{rules}/advise"), &body).await.unwrap();
        let advice = advice.expect(200).unwrap();
        assert_eq!(advice["observed"]["series"], json!(seen), "{advice}");
    }
    for (scope, expected) in [
        (json!({}), 422),
        (json!({"groups": ["db"]}), 422),
        (json!({"groups": ["web"]}), 200),
    ] {
        let mut rule = rule.clone();
        rule["name"] = json!(format!("Of a file {scope}"));
        rule["scope"] = scope;
        let file = json!({"version": 1, "rules": [rule]});
        let taken = web.post(&format!("{rules}/import"), &file).await.unwrap();
        assert_eq!(taken.status, expected, "{}", taken.text);
        if expected == 422 {
            assert_eq!(taken.json()["errors"][0]["field"], "rules[0].scope");
        }
    }
    let list = web.get(rules).await.unwrap().expect(200).unwrap();
    let mut all = list["items"].as_array().unwrap().iter();
    let low = all.find(|it| it["name"] == LOW).unwrap();
    let copy = format!("{rules}/{}/duplicate", low["id"].as_str().unwrap());
    let copied = web.post(&copy, &json!({})).await.unwrap();
    assert_eq!(copied.status, 403, "{}", copied.text);
}

/// Adds rules of three kinds on `depth`, each for a scope and for labels; those whose labels nothing has
/// must never fire.
async fn add_scoped(stage: &Stage) {
    let conditions = json!([{"metric": "depth", "comparison": ">", "warning": 1.0}]);
    for (kind, own) in [
        ("threshold", json!({"metric": "depth", "warning": 1.0})),
        (
            "promql",
            json!({"expression": "depth{queue=\"a\"}", "warning": 1.0}),
        ),
        ("composite", json!({"conditions": conditions})),
    ] {
        for (word, scope) in [
            ("group web", json!({"groups": ["web"]})),
            ("server local", json!({"servers": [stage.local]})),
            ("group db", json!({"groups": ["db"]})),
            ("server other", json!({"servers": [OTHER]})),
        ] {
            let mut rule = json!({
                "name": format!("{kind} {word}"), "kind": kind, "comparison": ">",
                "scope": scope, "interval_seconds": 1,
            });
            for (field, value) in own.as_object().unwrap() {
                rule[field] = value.clone();
            }
            let added = stage.admin.post("/api/v1/alerts/rules", &rule).await;
            added.unwrap().expect(201).unwrap();
        }
    }
    for queue in ["a", "z"] {
        let rule = json!({
            "name": format!("labels {queue}"), "metric": "depth", "comparison": ">", "warning": 1.0,
            "scope": {"groups": ["web"]}, "matchers": {"queue": queue},
        });
        let added = stage.admin.post("/api/v1/alerts/rules", &rule).await;
        added.unwrap().expect(201).unwrap();
    }
}

async fn rules_watch_their_scope_and_labels_alone() {
    let stage = Stage::new().await;
    add_scoped(&stage).await;
    // The local one first: when the other server's alerts are there, its values were looked at.
    for server in [stage.local.clone(), OTHER.to_string()] {
        let path = format!("{PUSH}?server={server}");
        let pushed = push_text(&stage.admin, &path, "depth{queue=\"a\"} 5\n").await;
        pushed.expect(200).unwrap();
    }
    let mut expected = vec![("labels a".to_owned(), stage.local.clone())];
    for kind in ["threshold", "promql", "composite"] {
        for (word, server) in [
            ("group web", stage.local.clone()),
            ("server local", stage.local.clone()),
            ("group db", OTHER.to_string()),
            ("server other", OTHER.to_string()),
        ] {
            expected.push((format!("{kind} {word}"), server));
        }
    }
    expected.sort();
    wait::until("each rule on its own servers", async || {
        let list = stage.admin.get("/api/v1/alerts?limit=500").await?;
        let list = list.expect(200)?;
        let items = list["items"].as_array().cloned().unwrap_or_default();
        let text = |it: &Value, field: &str| it[field].as_str().unwrap_or_default().to_owned();
        let fired = items
            .iter()
            .map(|it| (text(it, "rule"), text(it, "server_id")));
        let kinds = ["threshold ", "promql ", "composite ", "labels "];
        let mut fired: Vec<_> = fired
            .filter(|(rule, _)| kinds.iter().any(|kind| rule.starts_with(kind)))
            .collect();
        fired.sort();
        for pair in &fired {
            assert!(expected.contains(pair), "{pair:?} is not in its scope");
        }
        Ok((fired == expected).then_some(()))
    })
    .await
    .unwrap();
}
