//! What a person does with one alert, and with several at once.

use tests::browser::Browser;
use tests::server::TestServer;
use tests::wait;

use crate::alerts::always;

/// Whether the alert's picture is there, as wide as the server draws it.
const PICTURE: &str = "const picture = document.querySelector('.alert-picture img'); \
     return !!picture && picture.complete && picture.naturalWidth === 1280";

#[tokio::test]
async fn an_alert_is_talked_about_given_away_and_explained() {
    let server = TestServer::builder()
        .with_user("operator")
        .start()
        .await
        .unwrap();
    let admin = server.login("admin").await.unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "operator").await.unwrap();
    browser.find(".live--live").await.unwrap();
    let rule = admin
        .post("/api/v1/alerts", &always("Loud rule"))
        .await
        .unwrap();
    rule.expect(201).unwrap();
    // Whatever page is shown, the message leads to it, and the tab counts it.
    browser.click(".toast a[href^='/alerts/']").await.unwrap();
    browser.find(".alert-head").await.unwrap();
    let title = browser.script("return document.title").await.unwrap();
    assert!(title.as_str().unwrap().starts_with('('), "{title}");
    let icon = browser.script("return document.querySelector('link[rel=icon]').href");
    let icon = icon.await.unwrap();
    assert!(icon.as_str().unwrap().contains("/icon-"), "{icon}");
    wait::until("the picture", async || {
        let is_there = browser.script(PICTURE).await?;
        Ok((is_there == true).then_some(()))
    })
    .await
    .unwrap();
    browser.until_text("When it fired").await.unwrap();
    browser.until_text("in your inbox since").await.unwrap();

    browser
        .fill("#alert-say", "Looking at the batch job")
        .await
        .unwrap();
    browser.press("Say it").await.unwrap();
    browser.until_text("Commented").await.unwrap();
    browser
        .until_text("Looking at the batch job")
        .await
        .unwrap();
    browser
        .script(
            "const choice = document.querySelector('.assignee'); \
             choice.value = [...choice.options].find(it => it.textContent === 'operator').value; \
             choice.dispatchEvent(new Event('change', {bubbles: true}))",
        )
        .await
        .unwrap();
    browser.until_text("Assigned").await.unwrap();
    browser.press("Decide again").await.unwrap();
    browser.until_text("the same byte for byte").await.unwrap();
    browser.press("Recording").await.unwrap();
    let recording = browser.downloaded("watchpost-alert-").await.unwrap();
    let recording: serde_json::Value = serde_json::from_str(&recording).unwrap();
    assert!(!recording["series"].as_array().unwrap().is_empty());
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn several_alerts_are_ended_at_once() {
    let server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    for name in ["Twin one", "Twin two", "Other"] {
        let rule = admin.post("/api/v1/alerts", &always(name)).await.unwrap();
        rule.expect(201).unwrap();
    }
    let page = format!("{}/alerts?text=twin", server.base());
    browser.goto(&page).await.unwrap();
    browser.until_text("Twin one").await.unwrap();
    browser.until_text("Twin two").await.unwrap();
    browser.click(".alert-row__choose").await.unwrap();
    browser.until_text("1 chosen").await.unwrap();
    browser.press("Choose all").await.unwrap();
    browser.until_text("2 chosen").await.unwrap();
    browser.click(".bulk button:nth-of-type(2)").await.unwrap();
    browser.fill("#bulk-comment", "planned work").await.unwrap();
    browser.click("dialog button[type=submit]").await.unwrap();
    browser.until_text("2 alerts were resolved").await.unwrap();
    browser.until_text("Nothing like that fires").await.unwrap();
    let ended = admin
        .get("/api/v1/alerts/history?text=twin&state=resolved")
        .await
        .unwrap();
    let ended = ended.expect(200).unwrap();
    assert_eq!(ended["items"].as_array().unwrap().len(), 2, "{ended}");
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}
