//! An administrator sees what is stored, has a job run, and changes when it does.

use tests::browser::Browser;
use tests::server::TestServer;

#[tokio::test]
async fn a_job_is_run_and_planned_by_hand() {
    let server = TestServer::builder().start().await.unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    browser.click("nav.rail a[href='/database']").await.unwrap();
    browser.until_text("What is stored").await.unwrap();
    browser.until_text("Names of series").await.unwrap();
    browser.click("nav a[href='/database/jobs']").await.unwrap();
    browser.until_text("Integrity check").await.unwrap();
    browser.press("Run now: Integrity check").await.unwrap();
    browser.until_text("all is whole").await.unwrap();

    browser.press("Change when Vacuum runs").await.unwrap();
    browser.fill("#schedule", "now and then").await.unwrap();
    browser.press("Save").await.unwrap();
    browser.until_text("has to be like").await.unwrap();
    browser
        .fill("#schedule", "weekly friday 4:30")
        .await
        .unwrap();
    browser.press("Save").await.unwrap();
    browser
        .until_text("The plan counts from now on")
        .await
        .unwrap();
    browser.until_text("weekly friday 04:30").await.unwrap();
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}
