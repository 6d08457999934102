//! Acknowledged is durable: what was answered is there after `kill -9`, once.

use serde_json::json;
use tests::server::TestServer;

use crate::alerts::{active, always};

crate::on_both!(
    acknowledged_changes_survive_kill_9,
    an_alert_neither_fires_twice_nor_is_lost_by_a_crash,
    stopping_is_clean_and_quick,
);

async fn acknowledged_changes_survive_kill_9() {
    const KILLS: usize = 5;
    let mut server = TestServer::builder().start().await.unwrap();
    let mut written = Vec::new();
    for round in 0..KILLS {
        let api = server.login("admin").await.unwrap();
        for n in 0..20 {
            let name = format!("rule {round}-{n}");
            let mut rule = always(&name);
            rule["enabled"] = json!(false);
            api.post("/api/v1/alerts/rules", &rule)
                .await
                .unwrap()
                .expect(201)
                .unwrap();
            written.push(name);
        }
        server.kill().unwrap();
        server.start().await.unwrap();
        let api = server.login("admin").await.unwrap();
        let rules = api
            .get("/api/v1/alerts/rules?limit=500")
            .await
            .unwrap()
            .expect(200)
            .unwrap();
        let kept = rules["items"].as_array().unwrap();
        for name in &written {
            let copies = kept.iter().filter(|it| it["name"] == json!(name)).count();
            assert_eq!(copies, 1, "{name} after kill {round}");
        }
    }
}

async fn an_alert_neither_fires_twice_nor_is_lost_by_a_crash() {
    let mut server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    api.post("/api/v1/alerts/rules", &always("Survivor"))
        .await
        .unwrap()
        .expect(201)
        .unwrap();
    let before = active(&api, "Survivor").await;
    let acknowledge = format!(
        "/api/v1/alerts/{}/acknowledge",
        before["id"].as_str().unwrap()
    );
    api.post(&acknowledge, &json!({}))
        .await
        .unwrap()
        .expect(200)
        .unwrap();

    server.kill().unwrap();
    server.start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let after = active(&api, "Survivor").await;
    assert_eq!(
        (&after["id"], &after["state"]),
        (&before["id"], &json!("acknowledged"))
    );

    // A new sample has been judged once a fresh rule has fired.
    api.post("/api/v1/alerts/rules", &always("Later"))
        .await
        .unwrap()
        .expect(201)
        .unwrap();
    active(&api, "Later").await;
    let list = api
        .get("/api/v1/alerts")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let copies = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["rule"] == "Survivor")
        .count();
    assert_eq!(copies, 1, "{list}");
    let inbox = api
        .get("/api/v1/notifications/inbox?limit=500")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let fired = inbox["items"].as_array().unwrap().iter();
    let fired = fired
        .filter(|it| it["alert_id"] == before["id"] && it["change"] == "fired")
        .count();
    assert_eq!(fired, 1, "{inbox}");
}

async fn stopping_is_clean_and_quick() {
    let mut server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let mut live = tests::live::Live::authenticated(&server.base(), api.token())
        .await
        .unwrap();
    live.subscribe("fleet").await.unwrap();
    assert_eq!(server.stop().unwrap(), Some(0));
    assert_eq!(live.until_closed().await.unwrap(), Some(1001));
}
