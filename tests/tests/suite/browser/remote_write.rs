//! The receivers of remote writes are told with how far they are, also while one is away.

use tests::browser::{Browser, Screen};
use tests::server::TestServer;

use crate::forward::prometheus;

#[tokio::test]
async fn a_receiver_that_takes_and_one_that_is_away_are_told_apart() {
    let peer = prometheus();
    let receivers = format!(
        "[{{name=\"near\",url=\"http://{}/api/v1/write\"}},\
         {{name=\"away\",url=\"http://127.0.0.1:1/api/v1/write\"}}]",
        peer.address
    );
    let server = TestServer::builder()
        .with_env("WATCHPOST_REMOTE_WRITE", &receivers)
        .with_env("WATCHPOST_EGRESS__TARGETS_ALLOW", "[\"127.0.0.1\"]")
        .start()
        .await
        .unwrap();
    let browser = Browser::open_as(Screen::Phone).await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    let page = format!("{}/explore/remote-write", server.base());
    browser.goto(&page).await.unwrap();
    browser.until_text("Sending").await.unwrap();
    browser.until_text("Trying again").await.unwrap();
    browser.until_text("Last error").await.unwrap();
    let sideways =
        "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
    assert_eq!(browser.script(sideways).await.unwrap(), false);
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn without_a_receiver_the_page_says_how_to_add_one() {
    let server = TestServer::builder().start().await.unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    let page = format!("{}/explore", server.base());
    browser.goto(&page).await.unwrap();
    browser
        .click(".tabs a[href='/explore/remote-write']")
        .await
        .unwrap();
    browser.until_text("Nothing is sent on").await.unwrap();
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}
