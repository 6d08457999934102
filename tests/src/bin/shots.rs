//! Pictures of every page, in both themes, on a desktop and on a phone: `cargo xtask shots`.
//! Never a check: people look at them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::browser::{Browser, Screen};
use tests::server::TestServer;
use tests::wait;

/// Charts with a minute in them say more than empty ones.
const HISTORY: usize = 60;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("target/shots"), PathBuf::from);
    std::fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
    let server = TestServer::builder()
        .with_user("operator")
        .with_user("viewer")
        .start()
        .await?;
    let api = server.login("admin").await?;
    let scene = Scene::set(&api).await?;
    for screen in [Screen::Desktop, Screen::Phone] {
        let browser = Browser::open_as(screen).await?;
        browser.goto(&server.base()).await?;
        browser.find("#username").await?;
        shoot(
            &browser,
            &folder.join(format!("login-{}.png", size(screen))),
        )
        .await?;
        browser.login(&server.base(), "admin").await?;
        for theme in ["light", "dark"] {
            let path = "/api/v1/auth/me/settings";
            let settings = json!({"theme": theme});
            api.call(Method::PUT, path, &settings).await?.expect(200)?;
            for (name, page) in &scene.pages {
                browser.goto(&format!("{}{page}", server.base())).await?;
                browser.until_loaded().await?;
                let file = format!("{name}-{theme}-{}.png", size(screen));
                shoot(&browser, &folder.join(file)).await?;
            }
        }
        browser.close().await?;
    }
    Ok(())
}

/// What the pictures show: this machine after a minute, with an alert that fires.
struct Scene {
    pages: Vec<(&'static str, String)>,
}

impl Scene {
    async fn set(api: &Api) -> Result<Self> {
        let rule = json!({
            "name": "Memory in use", "metric": "host_memory_usage_percent",
            "comparison": ">=", "warning": 1.0, "critical": 99.0,
        });
        let rule = api.post("/api/v1/alerts/rules", &rule).await?.expect(201)?;
        let servers = api.get("/api/v1/servers").await?.expect(200)?;
        let server = text(&servers["items"][0]["id"]);
        let query = format!(
            "/api/v1/metrics/query?server={server}&metric=host_memory_usage_percent&from=0"
        );
        let patience = Duration::from_mins(2);
        wait::until_within("a minute of samples", patience, async || {
            let answer = api.get(&query).await?.expect(200)?;
            let points = answer["series"][0]["points"].as_array().map_or(0, Vec::len);
            Ok((points >= HISTORY).then_some(()))
        })
        .await?;
        let alerts = api.get("/api/v1/alerts").await?.expect(200)?;
        Ok(Self {
            pages: vec![
                ("overview", "/".to_owned()),
                ("server", format!("/servers/{server}")),
                ("alerts", "/alerts".to_owned()),
                (
                    "alert",
                    format!("/alerts/{}", text(&alerts["items"][0]["id"])),
                ),
                ("alerts-history", "/alerts/history".to_owned()),
                ("rules", "/alerts/rules".to_owned()),
                ("rule", format!("/alerts/rules/{}", text(&rule["id"]))),
                ("channels", "/alerts/notifications".to_owned()),
                ("delivery-log", "/alerts/notifications?view=log".to_owned()),
                ("explore", "/explore".to_owned()),
                (
                    "explore-metric",
                    "/explore?metric=host_cpu_usage_percent&range=5m".to_owned(),
                ),
                ("storage", "/database".to_owned()),
                ("jobs", "/database/jobs".to_owned()),
                ("users", "/users".to_owned()),
                ("settings", "/settings".to_owned()),
            ],
        })
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn size(screen: Screen) -> &'static str {
    match screen {
        Screen::Desktop => "1280x800",
        Screen::Phone => "360x740",
    }
}

async fn shoot(browser: &Browser, file: &Path) -> Result<()> {
    let picture = browser.screenshot().await?;
    std::fs::write(file, picture).with_context(|| format!("write {}", file.display()))
}
