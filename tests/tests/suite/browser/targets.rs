//! The scraped exporters are told with their states and errors, also while one comes back.

use tests::browser::{Browser, Screen};
use tests::exporter::{Exporter, Reply};
use tests::server::TestServer;

use crate::scrape::scraping;

#[tokio::test]
async fn without_a_job_the_page_says_how_to_add_one() {
    let server = TestServer::builder()
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "viewer").await.unwrap();
    browser.click("nav.rail a[href='/explore']").await.unwrap();
    browser
        .click(".tabs a[href='/explore/targets']")
        .await
        .unwrap();
    browser.until_text("Nothing is scraped").await.unwrap();
    browser.until_text("[[scrape.jobs]]").await.unwrap();
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn a_target_that_fails_says_why_until_it_is_back() {
    let exporter = Exporter::start().unwrap();
    exporter.set("/good", Reply::page("a 1\nb 2\n"));
    exporter.set("/bad", Reply::page("a 1\nb\n"));
    let target = |path: &str| {
        let at = &exporter.address;
        format!("name=\"{path}\",targets=[\"{at}\"],metrics_path=\"/{path}\"")
    };
    let jobs = [target("good"), target("bad")];
    let server = scraping(&jobs).start().await.unwrap();
    let browser = Browser::open_as(Screen::Phone).await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    let page = format!("{}/explore/targets", server.base());
    browser.goto(&page).await.unwrap();
    browser.until_text("1 of 2 up").await.unwrap();
    browser
        .find(".target--down .status--critical")
        .await
        .unwrap();
    browser.until_text("line 2").await.unwrap();
    let sideways =
        "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
    assert_eq!(browser.script(sideways).await.unwrap(), false);

    exporter.set("/bad", Reply::page("a 1\n"));
    browser.until_text("2 of 2 up").await.unwrap();
    browser.until_gone("line 2").await.unwrap();
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}
