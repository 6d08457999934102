//! The server is killed and started again: the page goes on by itself, and nothing acknowledged is gone.

use serde_json::json;
use tests::browser::Browser;
use tests::server::TestServer;

use super::local_server;
use crate::alerts::{active, always};

#[tokio::test]
async fn the_page_resumes_after_kill_9() {
    let mut server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let id = local_server(&api).await;
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    browser
        .goto(&format!("{}/servers/{id}", server.base()))
        .await
        .unwrap();
    browser.find(".live--live").await.unwrap();
    api.post("/api/v1/alerts", &always("Before the crash"))
        .await
        .unwrap()
        .expect(201)
        .unwrap();
    let alert = active(&api, "Before the crash").await;
    let path = format!(
        "/api/v1/alerts/{}/acknowledge",
        alert["id"].as_str().unwrap()
    );
    api.post(&path, &json!({}))
        .await
        .unwrap()
        .expect(200)
        .unwrap();

    server.kill().unwrap();
    browser
        .find(".live--waiting, .live--offline")
        .await
        .unwrap();
    server.start().await.unwrap();
    browser.find(".live--live").await.unwrap();
    browser.click("nav.rail a[href='/alerts']").await.unwrap();
    browser.until_text("Before the crash").await.unwrap();
    browser.until_text("Acknowledged").await.unwrap();
    // The browser itself reports connections that were refused meanwhile.
    let refused = [
        "ERR_CONNECTION_REFUSED",
        "WebSocket connection",
        "ERR_CONNECTION_RESET",
    ];
    browser.expect_silent_console(&refused).await.unwrap();
    browser.close().await.unwrap();
}
