//! A real browser with a fresh profile: cold load → first live value, and sample taken → pixel.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use fantoccini::cookies::Cookie;
use reqwest::Method;
use serde_json::{Value, json};

use super::Table;
use super::figures::Figures;
use crate::browser::Browser;
use crate::server::{PASSWORD, TestServer};
use crate::wait;

/// Notes in the page when the processor's number of the first server is painted first, and from
/// then on, each time it changes, how far the current second is gone: samples stand for full seconds.
const EYE: &str = r#"(() => {
    const seen = window.seen = { first: null, pixels: [] };
    let last = null;
    const look = () => {
        const cell = document.querySelector("td.fleet__cpu .fleet__number");
        const text = cell && /\d/.test(cell.textContent) ? cell.textContent : null;
        if (!text || text === last) return;
        last = text;
        requestAnimationFrame(() => setTimeout(() => {
            const now = performance.timeOrigin + performance.now();
            if (seen.first === null) seen.first = performance.now();
            else seen.pixels.push(now % 1000);
        }));
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
})()"#;
/// How often a fresh profile loads the page.
const LOADS: usize = 5;

/// Loads the overview in fresh profiles, then watches it for `seconds`.
pub(super) async fn run(seconds: u32) -> Result<Table> {
    let server = TestServer::builder().start().await?;
    let admin = server.login("admin").await?;
    wait::until("the first sample", async || {
        let status = admin.get("/api/v1/status/realtime").await?.expect(200)?;
        Ok(status["items"][0]["cpu_percent"].as_f64())
    })
    .await?;
    let (mut loads, mut pixels) = (Figures::default(), Figures::default());
    for load in 1..=LOADS {
        let browser = Browser::open().await?;
        loads.add(cold_load(&browser, &server).await?);
        if load == LOADS {
            watch(&browser, seconds, &mut pixels).await?;
        }
        browser.close().await?;
    }
    let mut table = Table::of_figures("fresh profile, headless Chromium, ms");
    table.figures("cold load to first live value", &loads, "1500");
    table.figures("sample taken to pixel", &pixels, "150");
    Ok(table)
}

/// Milliseconds from the navigation to the first value, with a session but nothing cached.
async fn cold_load(browser: &Browser, server: &TestServer) -> Result<f64> {
    let base = server.base();
    browser.goto(&format!("{base}/health/live")).await?;
    let cookie = session_cookie(server).await?;
    browser.client().add_cookie(cookie).await?;
    // What an earlier visit leaves beside the cookie.
    let mark = "localStorage.setItem('watchpost.session', '1')";
    browser.script(mark).await?;
    let eye = json!({ "source": EYE });
    browser
        .devtools("Page.addScriptToEvaluateOnNewDocument", eye)
        .await?;
    browser.goto(&format!("{base}/")).await?;
    wait::until("the first live value", async || {
        Ok(browser.script("return window.seen.first").await?.as_f64())
    })
    .await
}

/// The refresh cookie of a new login.
async fn session_cookie(server: &TestServer) -> Result<Cookie<'static>> {
    let nobody = server.anonymous()?;
    let body = json!({"username": "admin", "password": PASSWORD});
    let login = nobody.request(Method::POST, "/api/v1/auth/login");
    let answer = nobody.send(login.json(&body)).await?;
    ensure!(answer.status == 200, "login: {}", answer.text);
    let mut cookie = Cookie::parse(answer.header("set-cookie").to_owned())
        .context("read the session's cookie")?;
    // The driver demands one; the server sends none, which means itself alone.
    cookie.set_domain("127.0.0.1");
    Ok(cookie)
}

async fn watch(browser: &Browser, seconds: u32, pixels: &mut Figures) -> Result<()> {
    tokio::time::sleep(Duration::from_secs(seconds.into())).await;
    let seen = browser.script("return window.seen.pixels").await?;
    for late in seen
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_f64)
    {
        pixels.add(late);
    }
    Ok(())
}
