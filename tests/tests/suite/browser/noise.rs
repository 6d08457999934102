//! What holds alerts back and where they go, made and ended by a person.

use std::time::SystemTime;

use serde_json::json;
use tests::browser::Browser;
use tests::server::TestServer;
use tests::wait;

use super::on_call::choose;
use crate::alerts::{active, always};

#[tokio::test]
async fn an_alert_is_silenced_in_two_clicks_and_told_again() {
    let server = TestServer::builder()
        .with_user("operator")
        .start()
        .await
        .unwrap();
    let admin = server.login("admin").await.unwrap();
    let rule = admin.post("/api/v1/alerts", &always("Too loud")).await;
    rule.unwrap().expect(201).unwrap();
    active(&admin, "Too loud").await;
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "operator").await.unwrap();
    let page = format!("{}/alerts", server.base());
    browser.goto(&page).await.unwrap();

    browser.press("Silence Too loud").await.unwrap();
    browser.press("1 hour").await.unwrap();
    browser.until_text("silenced").await.unwrap();
    let held = active(&admin, "Too loud").await;
    assert_eq!(held["silenced_by"].as_array().unwrap().len(), 1, "{held}");
    let silences = admin.get("/api/v1/alerts/silences").await.unwrap();
    let silences = silences.expect(200).unwrap();
    let silence = &silences["items"][0];
    assert_eq!(silence["state"], "active", "{silence}");
    let alertname = json!({"name": "alertname", "op": "=", "value": "Too loud"});
    assert_eq!(silence["matchers"][0], alertname, "{silence}");

    browser.press("Silenced Too loud").await.unwrap();
    browser.press("End it now").await.unwrap();
    browser.until_text("The silence has ended.").await.unwrap();
    wait::until("the alert to be told again", async || {
        let alert = active(&admin, "Too loud").await;
        Ok((alert["silenced_by"] == json!([])).then_some(()))
    })
    .await
    .unwrap();
    browser.press("Silence Too loud").await.unwrap();
    browser.press("Cancel").await.unwrap();

    // One that somebody else makes is seen as well.
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let in_an_hour = u64::try_from(now).unwrap() + 3_600_000;
    let silence = json!({"matchers": {"alertname": "Too loud"}, "ends_at": in_an_hour});
    let silence = admin.post("/api/v1/alerts/silences", &silence).await;
    silence.unwrap().expect(201).unwrap();
    browser.press("Silenced Too loud").await.unwrap();
    browser.press("End it now").await.unwrap();
    browser.press("Silence Too loud").await.unwrap();
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn a_route_is_made_and_tried() {
    let server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let channel = json!({"name": "night shift", "kind": "webhook", "config": {"url": "https://hook.example.org/a"}});
    let channel = admin.post("/api/v1/notifications/channels", &channel).await;
    channel.unwrap().expect(201).unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    let page = format!("{}/alerts/settings", server.base());
    browser.goto(&page).await.unwrap();
    browser.until_text("No routes").await.unwrap();

    browser.press("Add a route").await.unwrap();
    browser.fill("#route-name", "Urgent").await.unwrap();
    browser.fill("#route-matchers", "severity").await.unwrap();
    browser.press("Save the route").await.unwrap();
    browser.find("#route-matchers-error").await.unwrap();
    browser
        .fill("#route-matchers", "severity=critical")
        .await
        .unwrap();
    let menu = "dialog [aria-label='Tell also']";
    choose(&browser, menu, "channel night shift").await;
    browser.press("Save the route").await.unwrap();
    browser.until_text("→ channel night shift").await.unwrap();

    browser.press("Try it").await.unwrap();
    browser.until_text("By Urgent").await.unwrap();
    choose(&browser, "#dry-run-severity", "Warning").await;
    browser.press("Try it").await.unwrap();
    browser.until_text("No route takes it").await.unwrap();
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn silences_windows_and_inhibitions_are_noted_down() {
    let server = TestServer::builder()
        .with_user("manager")
        .start()
        .await
        .unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "manager").await.unwrap();
    let page = format!("{}/alerts/settings", server.base());
    browser.goto(&page).await.unwrap();
    browser.until_text("Nothing is silenced").await.unwrap();

    browser.press("Add a silence").await.unwrap();
    browser.press("Save the silence").await.unwrap();
    browser
        .until_text("it would mean every alert")
        .await
        .unwrap();
    browser
        .fill("#silence-matchers", "group=shop, server=~\"web-.+\"")
        .await
        .unwrap();
    browser
        .until_text("No alert that fires now is meant.")
        .await
        .unwrap();
    browser.press("Save the silence").await.unwrap();
    browser
        .until_text("group=\"shop\", server=~\"web-.+\"")
        .await
        .unwrap();
    browser.press("End group").await.unwrap();
    browser.press("End the silence").await.unwrap();
    browser.until_text("Nothing is silenced").await.unwrap();
    browser.press("Show those that are over (1)").await.unwrap();
    browser.until_text("Over").await.unwrap();

    browser.press("Add a window").await.unwrap();
    browser.fill("#window-name", "Backups").await.unwrap();
    choose(&browser, "#window-kind", "Again and again").await;
    browser.press("Save the window").await.unwrap();
    browser.until_text("must not be empty").await.unwrap();
    browser.press("Add a time").await.unwrap();
    browser.press("Save the window").await.unwrap();
    browser.until_text("02:00–04:00").await.unwrap();

    browser.press("Add an inhibition").await.unwrap();
    browser
        .fill("#inhibition-name", "Disk first")
        .await
        .unwrap();
    browser
        .fill("#inhibition-source", "alertname=\"Disk is full\"")
        .await
        .unwrap();
    browser
        .fill("#inhibition-target", "severity=warning")
        .await
        .unwrap();
    browser.press("Save the inhibition").await.unwrap();
    browser.until_text("with the same server").await.unwrap();
    browser.expect_silent_console(&["422"]).await.unwrap();
    browser.close().await.unwrap();
}
