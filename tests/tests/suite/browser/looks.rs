//! Every page, in both themes and on a phone: nothing scrolls sideways, the console is silent,
//! and axe-core finds no violation.

use reqwest::Method;
use serde_json::{Value, json};
use tests::browser::{Browser, Screen};
use tests::server::TestServer;

use super::local_server;
use crate::alerts::{active, always};

/// Runs axe-core in the page; what it found.
const AXE: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, {resultTypes: ['violations']}).then(
        found => done(found.violations.map(it => `${it.id}: ${it.nodes.map(node => node.target).join(' ')}`)),
        error => done([String(error)]),
    )";

async fn violations(browser: &Browser) -> Value {
    let file = std::env::var_os("WATCHPOST_AXE")
        .unwrap_or_else(|| panic!("WATCHPOST_AXE names axe.min.js: run cargo xtask test"));
    let axe = std::fs::read_to_string(file).unwrap();
    browser.script(&axe).await.unwrap();
    browser
        .client()
        .execute_async(AXE, Vec::new())
        .await
        .unwrap()
}

async fn pages(server: &TestServer) -> Vec<String> {
    let api = server.login("admin").await.unwrap();
    let id = local_server(&api).await;
    let rule = api
        .post("/api/v1/alerts", &always("For the look"))
        .await
        .unwrap();
    let rule = rule.expect(201).unwrap()["id"].as_str().unwrap().to_owned();
    let alert = active(&api, "For the look").await;
    vec![
        "/".to_owned(),
        format!("/servers/{id}"),
        "/alerts".to_owned(),
        format!("/alerts/{}", alert["id"].as_str().unwrap()),
        "/alerts/history".to_owned(),
        "/alerts/rules".to_owned(),
        format!("/alerts/rules/{rule}"),
        "/alerts/rules/new".to_owned(),
        "/alerts/settings".to_owned(),
        "/alerts/notifications".to_owned(),
        "/alerts/notifications?view=log".to_owned(),
        "/alerts/notifications?view=templates".to_owned(),
        "/alerts/notifications?view=templates&template=new".to_owned(),
        "/alerts/notifications?view=browsers".to_owned(),
        "/explore".to_owned(),
        "/explore?metric=host_cpu_usage_percent&range=5m".to_owned(),
        "/explore/query".to_owned(),
        "/explore/query?q=rate(node_cpu_seconds_total%5B1m%5D)&range=5m".to_owned(),
        "/explore/targets".to_owned(),
        "/explore/remote-write".to_owned(),
        "/database".to_owned(),
        "/database/jobs".to_owned(),
        "/users".to_owned(),
        "/settings".to_owned(),
        "/no/such/page".to_owned(),
    ]
}

async fn every_page_is_in_order(screen: Screen) {
    let server = TestServer::builder().start().await.unwrap();
    let pages = pages(&server).await;
    let api = server.login("admin").await.unwrap();
    let browser = Browser::open_as(screen).await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    let mut wrong = Vec::new();
    for theme in ["light", "dark"] {
        let settings = json!({"theme": theme});
        let saved = api
            .call(Method::PUT, "/api/v1/auth/me/settings", &settings)
            .await
            .unwrap();
        assert!(saved.status < 300, "{saved:?}");
        for page in &pages {
            browser
                .goto(&format!("{}{page}", server.base()))
                .await
                .unwrap();
            browser
                .find(&format!("html[data-theme={theme}] main h1"))
                .await
                .unwrap();
            browser.until_loaded().await.unwrap();
            let sideways = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
            if browser.script(sideways).await.unwrap() == true {
                wrong.push(format!("{page} {theme}: scrolls sideways"));
            }
            let found = violations(&browser).await;
            if found != json!([]) {
                wrong.push(format!("{page} {theme}: {found:#}"));
            }
            for message in browser.console().await.unwrap() {
                wrong.push(format!("{page} {theme}: {message}"));
            }
        }
    }
    browser.close().await.unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_page_is_in_order_on_a_desktop() {
    every_page_is_in_order(Screen::Desktop).await;
}

#[tokio::test]
async fn every_page_is_in_order_on_a_phone() {
    every_page_is_in_order(Screen::Phone).await;
}
