//! The first minute: the printed password, a password of one's own, a live number.

use tests::browser::Browser;
use tests::server::{PASSWORD, TestServer};

#[tokio::test]
async fn the_first_login_leads_to_a_live_overview() {
    let server = TestServer::builder()
        .with_generated_password()
        .start()
        .await
        .unwrap();
    let printed = server.log();
    let printed = printed
        .lines()
        .find_map(|line| Some(line.split_once("password:")?.1.trim()))
        .unwrap();
    let browser = Browser::open().await.unwrap();
    browser.goto(&server.base()).await.unwrap();
    browser.enter("admin", "not the password").await.unwrap();
    browser.find(".form__error, [role=alert]").await.unwrap();
    browser.enter("admin", printed).await.unwrap();
    browser.fill("#current-password", printed).await.unwrap();
    browser.fill("#new-password", PASSWORD).await.unwrap();
    browser.fill("#new-password-again", PASSWORD).await.unwrap();
    browser.press("Change the password").await.unwrap();

    browser.find(".live--live").await.unwrap();
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    browser.until_text(host.trim()).await.unwrap();
    // The browser itself reports the refused login.
    browser.expect_silent_console(&["401"]).await.unwrap();

    browser.press("Your menu").await.unwrap();
    browser.press("Log out").await.unwrap();
    browser.find("#username").await.unwrap();
    browser.close().await.unwrap();
}
