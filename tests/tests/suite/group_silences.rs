//! Who is limited to groups of servers holds back the alerts of those groups alone, and is shown no others.

use reqwest::Method;
use serde_json::json;

use crate::custom::ago;
use crate::groups::{LOW, OTHER_NAME, Stage};

crate::on_both!(silences_are_written_and_tried_for_the_own_groups_alone);

async fn silences_are_written_and_tried_for_the_own_groups_alone() {
    let stage = Stage::new().await;
    let web = stage.server.login("web").await.unwrap();
    let hour = ago(0) + 3_600_000;
    for (matchers, expected) in [
        (json!({"alertname": LOW}), 403),
        (json!({"group": "web"}), 201),
        (json!({"group": "db"}), 403),
        (json!({"group": "web", "alertname": LOW}), 201),
        (json!("group=~\"web\""), 403),
        (json!({"server": OTHER_NAME}), 403),
        (json!({"server": "no such server"}), 403),
    ] {
        let silence = json!({"matchers": matchers, "ends_at": hour});
        let added = web.post("/api/v1/alerts/silences", &silence).await.unwrap();
        assert_eq!(added.status, expected, "{matchers}: {}", added.text);
        let window = json!({"name": "a", "matchers": matchers,
            "schedule": {"kind": "once", "starts_at": 0, "ends_at": 1}});
        let added = web.post("/api/v1/alerts/maintenance-windows", &window);
        assert_eq!(added.await.unwrap().status, expected, "{matchers}");
    }
    let silence = json!({"matchers": {"alertname": LOW}, "ends_at": hour});
    let made = stage.admin.post("/api/v1/alerts/silences", &silence).await;
    let made = made.unwrap().expect(201).unwrap();
    let path = format!("/api/v1/alerts/silences/{}", made["id"].as_str().unwrap());
    // One of other servers as well is not there.
    web.post(&format!("{path}/expire"), &json!({}))
        .await
        .unwrap()
        .expect(404)
        .unwrap();
    let narrower = json!({"matchers": {"group": "web"}, "ends_at": hour});
    let answer = web.call(Method::PUT, &path, &narrower).await.unwrap();
    answer.expect(404).unwrap();
    for method in [Method::GET, Method::DELETE] {
        let answer = web.send(web.request(method, &path)).await.unwrap();
        answer.expect(404).unwrap();
    }
    for (what, own) in [("silences", 2), ("maintenance-windows", 2)] {
        // A page is filled from what is seen.
        let listed = web.get(&format!("/api/v1/alerts/{what}?limit=2")).await;
        let listed = listed.unwrap().expect(200).unwrap();
        assert_eq!(listed["items"].as_array().unwrap().len(), own, "{listed}");
    }
    let preview = json!({"matchers": {"alertname": LOW}});
    for (api, seen) in [(&stage.admin, 2), (&web, 1)] {
        let hits = api.post("/api/v1/alerts/silences/preview", &preview).await;
        let hits = hits.unwrap().expect(200).unwrap();
        assert_eq!(hits["alerts"].as_array().unwrap().len(), seen, "{hits}");
        assert_eq!(hits["total"], seen, "{hits}");
    }
    let for_all = json!({"name": "a", "source_matchers": {"group": "web"}, "target_matchers": {"group": "web"}});
    let added = web
        .post("/api/v1/alerts/inhibitions", &for_all)
        .await
        .unwrap();
    added.expect(403).unwrap();
}
