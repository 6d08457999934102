//! An alert shows without a reload, is taken in one window and changes in the other, and is exported.

use reqwest::Method;
use serde_json::json;
use tests::browser::Browser;
use tests::server::TestServer;

use crate::alerts::always;

#[tokio::test]
async fn an_alert_taken_in_one_window_changes_in_the_other() {
    let server = TestServer::builder()
        .with_user("operator")
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let (mine, other) = (
        Browser::open().await.unwrap(),
        Browser::open().await.unwrap(),
    );
    mine.login(&server.base(), "operator").await.unwrap();
    other.login(&server.base(), "viewer").await.unwrap();
    for browser in [&mine, &other] {
        browser.click("nav.rail a[href='/alerts']").await.unwrap();
        browser.find(".live--live").await.unwrap();
    }

    let admin = server.login("admin").await.unwrap();
    let rule = admin
        .post("/api/v1/alerts", &always("Shown at once"))
        .await
        .unwrap();
    rule.expect(201).unwrap();
    for browser in [&mine, &other] {
        browser.until_text("Shown at once").await.unwrap();
        browser.until_text("Firing").await.unwrap();
    }
    mine.press("Acknowledge").await.unwrap();
    mine.fill("#act-comment", "on it").await.unwrap();
    mine.press("Acknowledge").await.unwrap();
    for browser in [&mine, &other] {
        browser.until_text("Acknowledged").await.unwrap();
    }

    mine.press("Download as CSV").await.unwrap();
    let csv = mine.downloaded("watchpost-alerts-").await.unwrap();
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let header = rows.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|it| it == name).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let row = rows
        .iter()
        .find(|it| &it[column("rule")] == "Shown at once")
        .unwrap();
    assert_eq!(&row[column("state")], "acknowledged");
    let value: f64 = row[column("value")].parse().unwrap();
    assert!((0.0..=100.0).contains(&value), "{value}");

    mine.press("Resolve").await.unwrap();
    mine.press("Resolve").await.unwrap();
    for browser in [&mine, &other] {
        browser.until_gone("Shown at once on").await.unwrap();
        browser.press("History").await.unwrap();
        browser.until_text("Resolved").await.unwrap();
        browser.expect_silent_console(&[]).await.unwrap();
    }
    mine.close().await.unwrap();
    other.close().await.unwrap();
}

#[tokio::test]
async fn a_rule_is_made_changed_and_removed_by_hand() {
    let server = TestServer::builder()
        .with_user("manager")
        .start()
        .await
        .unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "manager").await.unwrap();
    browser
        .goto(&format!("{}/alerts/rules", server.base()))
        .await
        .unwrap();
    browser.press("Add a rule").await.unwrap();
    browser.fill("#rule-name", "Swap in use").await.unwrap();
    browser
        .fill("#rule-metric", "host_memory_usage_percent")
        .await
        .unwrap();
    browser.fill("#rule-warning", "90").await.unwrap();
    browser.fill("#rule-critical", "10").await.unwrap();
    browser.press("Save").await.unwrap();
    browser.find("#rule-critical-error").await.unwrap();
    browser.fill("#rule-critical", "99").await.unwrap();
    // It is tried on what is stored while it is typed: nothing fires at 90 %, all the time at 0 %.
    browser
        .until_text("It would not have fired.")
        .await
        .unwrap();
    browser.fill("#rule-warning", "0").await.unwrap();
    browser.fill("#rule-for", "0").await.unwrap();
    browser
        .until_text("It would have fired once")
        .await
        .unwrap();
    browser.find(".tried__cell--warning").await.unwrap();
    browser.until_text("Threshold advisor").await.unwrap();
    browser.fill("#rule-warning", "90").await.unwrap();
    browser.press("Save").await.unwrap();

    let api = server.login("manager").await.unwrap();
    let rule = tests::wait::until("the rule", async || {
        let rules = api.get("/api/v1/alerts/rules").await?.expect(200)?;
        let items = rules["items"].as_array().cloned().unwrap_or_default();
        Ok(items.into_iter().find(|it| it["name"] == "Swap in use"))
    })
    .await
    .unwrap();
    assert_eq!(
        (&rule["warning"], &rule["critical"]),
        (&json!(90.0), &json!(99.0))
    );
    let path = format!("/api/v1/alerts/rules/{}", rule["id"].as_str().unwrap());
    api.send(api.request(Method::DELETE, &path)).await.unwrap();
    // The browser itself reports the refused save.
    browser.expect_silent_console(&["422"]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn a_rule_that_somebody_changed_meanwhile_is_not_overwritten() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let rule = api.post("/api/v1/alerts/rules", &always("Shared")).await;
    let rule = rule.unwrap().expect(201).unwrap();
    let id = rule["id"].as_str().unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    let page = format!("{}/alerts/rules/{id}", server.base());
    browser.goto(&page).await.unwrap();
    browser.fill("#rule-name", "Mine").await.unwrap();

    let path = format!("/api/v1/alerts/rules/{id}");
    let theirs = json!({"name": "Theirs"});
    let changed = api.call(Method::PATCH, &path, &theirs).await.unwrap();
    assert_eq!(changed.status, 200);
    browser.press("Save").await.unwrap();
    browser.until_text("changed in the meantime").await.unwrap();
    let kept = api.get(&path).await.unwrap().expect(200).unwrap();
    assert_eq!(kept["name"], "Theirs");
    // The browser itself reports the refused save.
    browser.expect_silent_console(&["412"]).await.unwrap();
    browser.close().await.unwrap();
}
