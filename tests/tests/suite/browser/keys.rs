//! A person makes a key for a script, copies it, and takes it back.

use tests::browser::Browser;
use tests::server::TestServer;
use tests::wait;

#[tokio::test]
async fn a_key_is_made_shown_once_and_taken_back() {
    let server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    let settings = format!("{}/settings", server.base());
    browser.goto(&settings).await.unwrap();
    browser.press("Add an API key").await.unwrap();
    browser.fill("#key-name", "nightly backup").await.unwrap();
    browser.click("#key-reads").await.unwrap();
    browser.press("Add the key").await.unwrap();
    browser.until_text("it is not shown again").await.unwrap();
    let shown = "return document.querySelector('dialog[open] input').value";
    let secret = browser.script(shown).await.unwrap();
    let secret = secret.as_str().unwrap().to_owned();
    browser.press("Done").await.unwrap();
    browser.until_text("never used").await.unwrap();

    let script = admin.clone().with_token(secret);
    let catalogue = "/api/v1/metrics/catalog";
    assert_eq!(script.get(catalogue).await.unwrap().status, 200);
    browser.press("Remove").await.unwrap();
    browser.press("Remove for good").await.unwrap();
    browser.until_text("None yet").await.unwrap();
    wait::until("the key to be worth nothing", async || {
        let status = script.get(catalogue).await?.status;
        Ok((status == 401).then_some(()))
    })
    .await
    .unwrap();
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}
