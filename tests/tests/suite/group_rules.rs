//! Who is limited to groups of servers writes, tries and imports rules for these alone.

use reqwest::Method;
use serde_json::{Value, json};

use crate::custom::ago;
use crate::groups::{LOW, OTHER, Stage};

crate::on_both!(
    rules_are_written_for_the_own_groups_alone,
    rules_are_tried_on_the_own_servers_alone,
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
