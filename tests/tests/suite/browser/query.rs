//! A question in PromQL is written with what is suggested, answered as chart and table, and told
//! where it is wrong.

use fantoccini::key::Key;
use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::browser::{Browser, Screen};
use tests::server::TestServer;
use tests::wait;

const FIELD: &str = "#query-text";
const WRITTEN: &str = "return document.querySelector('#query-text').value";

/// Types into the field, without replacing what stands there.
async fn type_in(browser: &Browser, text: &str) {
    let field = browser.find(FIELD).await.unwrap();
    field.send_keys(text).await.unwrap();
}

async fn key(browser: &Browser, key: Key) {
    type_in(browser, &char::from(key).to_string()).await;
}

/// Waits until this word is the suggestion that a key takes.
async fn until_offered(browser: &Browser, word: &str) {
    const ACTIVE: &str = "const field = document.querySelector('#query-text');
        const active = document.getElementById(field.getAttribute('aria-activedescendant'));
        return active?.querySelector('.offers__word').textContent";
    wait::until(&format!("the suggestion {word}"), async || {
        Ok((browser.script(ACTIVE).await? == *word).then_some(()))
    })
    .await
    .unwrap();
}

async fn until_metric(api: &Api, metric: &str) {
    wait::until("a metric", async || {
        let names = api.get("/api/v1/metrics/names").await?.expect(200)?;
        let mut names = names["items"].as_array().into_iter().flatten();
        Ok(names.any(|it| it["metric"] == metric).then_some(()))
    })
    .await
    .unwrap();
}

/// Two series of an own metric.
async fn push(api: &Api) {
    let samples = json!({"samples": [
        {"metric": "backlog", "labels": {"queue": "mail"}, "value": 7},
        {"metric": "backlog", "labels": {"queue": "print \"A\""}, "value": 9},
    ]});
    let pushed = api
        .call(Method::POST, "/api/v1/metrics/custom", &samples)
        .await
        .unwrap();
    assert!(pushed.status < 300, "{pushed:?}");
    until_metric(api, "backlog").await;
}

#[tokio::test]
async fn a_question_is_written_with_the_keyboard_alone() {
    let server = TestServer::builder()
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    push(&server.login("admin").await.unwrap()).await;
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "viewer").await.unwrap();
    browser.click("nav.rail a[href='/explore']").await.unwrap();
    browser
        .click(".tabs a[href='/explore/query']")
        .await
        .unwrap();

    type_in(&browser, "ma").await;
    until_offered(&browser, "max").await;
    key(&browser, Key::Tab).await;
    type_in(&browser, "backl").await;
    until_offered(&browser, "backlog").await;
    key(&browser, Key::Enter).await;
    type_in(&browser, "{qu").await;
    until_offered(&browser, "queue").await;
    key(&browser, Key::Enter).await;
    until_offered(&browser, "mail").await;
    key(&browser, Key::Down).await;
    until_offered(&browser, "print \"A\"").await;
    key(&browser, Key::Enter).await;
    type_in(&browser, "}) by (qu").await;
    until_offered(&browser, "queue").await;
    key(&browser, Key::Escape).await;
    type_in(&browser, "eue)").await;
    let written = "max(backlog{queue=\"print \\\"A\\\"\"}) by (queue)";
    assert_eq!(browser.script(WRITTEN).await.unwrap(), written);
    key(&browser, Key::Enter).await;

    browser.find(".result__value").await.unwrap();
    let value = "return document.querySelector('.result__value').textContent";
    assert_eq!(browser.script(value).await.unwrap(), "9");
    browser.find(".query .chart canvas").await.unwrap();
    browser
        .until_text("samples of 1 series read in")
        .await
        .unwrap();
    let here = browser.client().current_url().await.unwrap();
    let asked = here.query_pairs().find(|(name, _)| name == "q").unwrap();
    assert_eq!(asked.1, written);
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn what_is_wrong_is_shown_at_its_place_and_earlier_queries_come_back() {
    let server = TestServer::builder().start().await.unwrap();
    push(&server.login("admin").await.unwrap()).await;
    let browser = Browser::open_as(Screen::Phone).await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    let page = format!("{}/explore/query", server.base());
    browser
        .goto(&format!("{page}?q=backlog&range=5m"))
        .await
        .unwrap();
    browser.find(".result__value").await.unwrap();
    let rows = "return document.querySelectorAll('.result tbody tr').length";
    assert_eq!(browser.script(rows).await.unwrap(), 2);

    browser.fill(FIELD, "sum(backlog) backlog").await.unwrap();
    key(&browser, Key::Escape).await;
    browser.press("Run").await.unwrap();
    browser.until_text("Line 1, character 14").await.unwrap();
    let wrong: Value = browser
        .script("return document.querySelector('.query__mark').textContent")
        .await
        .unwrap();
    assert_eq!(wrong, "backlog");
    assert_eq!(
        browser
            .script("return document.querySelectorAll('.result').length")
            .await
            .unwrap(),
        0
    );

    browser.press("Earlier queries").await.unwrap();
    browser.press("backlog").await.unwrap();
    browser.find(".result__value").await.unwrap();
    browser.until_gone("Line 1, character 14").await.unwrap();
    assert_eq!(browser.script(WRITTEN).await.unwrap(), "backlog");
    browser.client().refresh().await.unwrap();
    browser.find(".result__value").await.unwrap();
    let sideways =
        "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
    assert_eq!(browser.script(sideways).await.unwrap(), false);
    // The browser itself tells of answers with the status 400.
    browser
        .expect_silent_console(&["400 (Bad Request)"])
        .await
        .unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn explorer_and_query_page_are_two_views_of_one_question() {
    let server = TestServer::builder().start().await.unwrap();
    push(&server.login("admin").await.unwrap()).await;
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    let page = format!("{}/explore?metric=backlog&agg=max&range=5m", server.base());
    browser.goto(&page).await.unwrap();
    browser.until_text("2 of 2 series drawn").await.unwrap();
    browser.click(".picks__head").await.unwrap();
    browser.click(".picks__one").await.unwrap();
    browser.until_text("1 of 2 series drawn").await.unwrap();
    browser.press("As PromQL").await.unwrap();
    let written = "max_over_time(backlog{queue=\"print \\\"A\\\"\"}[1m])";
    wait::until("the expression", async || {
        Ok((browser.script(WRITTEN).await.ok() == Some(written.into())).then_some(()))
    })
    .await
    .unwrap();

    browser.press("In the builder").await.unwrap();
    browser.until_text("1 of 2 series drawn").await.unwrap();
    let here = browser.client().current_url().await.unwrap();
    let query = here.query().unwrap_or_default();
    assert!(
        query.starts_with("metric=backlog&range=5m&agg=max&series="),
        "{query}"
    );
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}
