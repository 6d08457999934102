//! Each role sees what it may and nothing else; people are managed by hand.

use tests::browser::Browser;
use tests::server::{PASSWORD, TestServer};

#[tokio::test]
async fn a_viewer_sees_no_page_of_the_admin() {
    let server = TestServer::builder()
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "viewer").await.unwrap();
    browser.find(".live--live").await.unwrap();
    let links = "return document.querySelectorAll(\"a[href='/users']\").length";
    assert_eq!(browser.script(links).await.unwrap(), 0);
    browser
        .goto(&format!("{}/users", server.base()))
        .await
        .unwrap();
    browser.find("main h1").await.unwrap();
    browser.until_gone("Add a user").await.unwrap();

    let viewer = server.login("viewer").await.unwrap();
    viewer
        .get("/api/v1/users")
        .await
        .unwrap()
        .expect(403)
        .unwrap();
    browser
        .goto(&format!("{}/alerts/rules", server.base()))
        .await
        .unwrap();
    browser.until_text("host_cpu_usage_percent").await.unwrap();
    browser.until_gone("Add a rule").await.unwrap();
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn an_admin_adds_a_person_who_can_log_in() {
    let server = TestServer::builder().start().await.unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    browser.click("nav.rail a[href='/users']").await.unwrap();
    browser.press("Add a user").await.unwrap();
    browser.fill("#user-username", "grace").await.unwrap();
    browser.fill("#user-password", "short").await.unwrap();
    browser.press("Add the user").await.unwrap();
    browser.find("#user-password-error").await.unwrap();
    browser.fill("#user-password", PASSWORD).await.unwrap();
    browser.press("Add the user").await.unwrap();
    browser.until_text("grace").await.unwrap();
    let grace = server.login("grace").await.unwrap();
    let me = grace
        .get("/api/v1/auth/me")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    assert_eq!(me["role"], "viewer");
    // The browser itself reports the refused save.
    browser.expect_silent_console(&["422"]).await.unwrap();
    browser.close().await.unwrap();
}
