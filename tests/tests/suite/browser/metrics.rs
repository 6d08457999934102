//! Any metric is found and drawn, and its address brings it back.

use serde_json::json;
use tests::browser::Browser;
use tests::server::TestServer;
use tests::wait;

const METRIC: &str = "host_cpu_usage_percent";
/// The value of the first curve in the legend.
const VALUE: &str = "return document.querySelector('.explore .legend__value')?.innerText";

/// Waits for a painted canvas and a value in the legend.
async fn until_drawn(browser: &Browser) {
    wait::until("a value in the legend", async || {
        let value = browser.script(VALUE).await?;
        let value = value.as_str().unwrap_or_default();
        Ok(value
            .starts_with(|first: char| first.is_ascii_digit())
            .then_some(()))
    })
    .await
    .unwrap();
    // From a copy: reading the page's own canvas again and again is worth a warning to the browser.
    let painted = "const canvas = document.querySelector('.explore canvas');
        if (!canvas || !canvas.width) return false;
        const copy = new OffscreenCanvas(canvas.width, canvas.height);
        const pen = copy.getContext('2d', {willReadFrequently: true});
        pen.drawImage(canvas, 0, 0);
        const {data} = pen.getImageData(0, 0, canvas.width, canvas.height);
        return data.some(byte => byte !== 0)";
    wait::until("a painted canvas", async || {
        Ok((browser.script(painted).await? == true).then_some(()))
    })
    .await
    .unwrap();
}

/// Waits until the address has these parameters.
async fn until_at(browser: &Browser, query: &str) {
    wait::until(&format!("the address ?{query}"), async || {
        let here = browser.client().current_url().await?;
        Ok((here.query().unwrap_or_default() == query).then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_viewer_finds_a_metric_and_comes_back_to_it() {
    let server = TestServer::builder()
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "viewer").await.unwrap();
    browser.click("nav.rail a[href='/explore']").await.unwrap();
    browser.until_text("No metric chosen").await.unwrap();
    browser.find(".finder__one").await.unwrap();
    browser.fill("#metric-search", "cpu usage").await.unwrap();
    browser
        .click(&format!(".finder__one[href*='metric={METRIC}']"))
        .await
        .unwrap();
    until_drawn(&browser).await;

    let chosen = format!("metric={METRIC}");
    until_at(&browser, &chosen).await;
    browser.press("5 m").await.unwrap();
    until_at(&browser, &format!("{chosen}&range=5m")).await;
    browser.client().refresh().await.unwrap();
    until_drawn(&browser).await;
    until_at(&browser, &format!("{chosen}&range=5m")).await;
    let pressed = "return document.querySelector('.ranges [aria-pressed=true]').innerText";
    assert_eq!(browser.script(pressed).await.unwrap(), "5 m");
    browser.client().back().await.unwrap();
    until_at(&browser, &chosen).await;
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn own_metrics_are_listed_and_drawn() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let samples = json!({"samples": [
        {"metric": "backlog", "labels": {"queue": "mail"}, "value": 7},
        {"metric": "backlog", "labels": {"queue": "print"}, "value": 9},
    ]});
    let pushed = api.post("/api/v1/metrics/custom", &samples).await.unwrap();
    assert!(pushed.status < 300, "{pushed:?}");
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    browser
        .goto(&format!("{}/explore", server.base()))
        .await
        .unwrap();
    browser.find(".finder__one").await.unwrap();
    browser.fill("#metric-search", "backlog").await.unwrap();
    browser
        .click(".finder__one[href*='metric=backlog']")
        .await
        .unwrap();
    until_drawn(&browser).await;
    browser.until_text("2 of 2 series drawn").await.unwrap();
    browser.click(".picks__head").await.unwrap();
    browser.click(".picks__one").await.unwrap();
    browser.until_text("1 of 2 series drawn").await.unwrap();
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}
