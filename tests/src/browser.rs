//! A real Chromium with a fresh profile; its console must stay silent.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::driver::Driver;
use crate::server::PASSWORD;
use crate::{process, wait};

/// The name under which WebDriver hands out elements.
const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Finds what can be pressed by what a person reads on it.
const BY_LABEL: &str = r"
    const root = document.querySelector('dialog[open]') || document;
    const text = it => {
        const copy = it.cloneNode(true);
        copy.querySelectorAll('[aria-hidden=true]').forEach(part => part.remove());
        return it.getAttribute('aria-label') || copy.textContent;
    };
    const label = it => text(it).trim().replace(/\s+/g, ' ');
    return [...root.querySelectorAll('button, a, summary')]
        .filter(it => it.checkVisibility() && !it.disabled)
        .find(it => label(it).startsWith(arguments[0])) || null;
";

/// Size of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// 1280 × 800.
    Desktop,
    /// 360 × 740, touch.
    Phone,
}

/// A browser window with a profile of its own.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    profile: TempDir,
    // Dropped last: the driver ends the browser.
    _driver: Driver,
}

impl Browser {
    /// Opens a desktop window.
    pub async fn open() -> Result<Self> {
        Self::open_as(Screen::Desktop).await
    }

    /// Opens a window of a size.
    pub async fn open_as(screen: Screen) -> Result<Self> {
        let driver = Driver::start()?;
        let profile = tempfile::tempdir()?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(screen, profile.path()))
            .connect(&driver.url())
            .await
            .context("open Chromium")?;
        Ok(Self {
            client,
            profile,
            _driver: driver,
        })
    }

    /// The WebDriver client, for what this type does not offer.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Goes to an address.
    pub async fn goto(&self, url: &str) -> Result<()> {
        Ok(self.client.goto(url).await?)
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> Result<Element> {
        self.client
            .wait()
            .at_most(wait::PATIENCE)
            .every(Duration::from_millis(30))
            .for_element(Locator::Css(css))
            .await
            .with_context(|| format!("wait for {css}"))
    }

    /// Clicks an element; again when it was redrawn in between.
    pub async fn click(&self, css: &str) -> Result<()> {
        wait::until(&format!("a click on {css}"), async || {
            self.find(css).await?.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Presses the button or follows the link that a person reads so (by its beginning).
    /// While a dialog is open only its own are found.
    pub async fn press(&self, label: &str) -> Result<()> {
        wait::until(&format!("a button “{label}”"), async || {
            let found = self.client.execute(BY_LABEL, vec![json!(label)]).await?;
            let Some(id) = found[ELEMENT_KEY].as_str() else {
                return Ok(None);
            };
            let id = ElementRef::from(id.to_owned());
            let element = Element::from_element_id(self.client.clone(), id);
            element.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Replaces the text of a field.
    pub async fn fill(&self, css: &str, text: &str) -> Result<()> {
        let field = self.find(css).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// The text of the whole page, as a person reads it.
    pub async fn text(&self) -> Result<String> {
        let text = self.script("return document.body.innerText").await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the page shows a text.
    pub async fn until_text(&self, wanted: &str) -> Result<()> {
        wait::until(&format!("the text “{wanted}”"), async || {
            Ok(self.text().await?.contains(wanted).then_some(()))
        })
        .await
    }

    /// Waits until the page does not show a text any more.
    pub async fn until_gone(&self, unwanted: &str) -> Result<()> {
        wait::until(&format!("the text “{unwanted}” to go"), async || {
            Ok((!self.text().await?.contains(unwanted)).then_some(()))
        })
        .await
    }

    /// Waits until the page is live and has nothing left to load.
    pub async fn until_loaded(&self) -> Result<()> {
        self.find(".live--live").await?;
        wait::until("the page to be loaded", async || {
            let skeletons = "return document.querySelectorAll('.skeleton').length";
            Ok((self.script(skeletons).await? == 0).then_some(()))
        })
        .await
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Fills in the login form and sends it.
    pub async fn enter(&self, username: &str, password: &str) -> Result<()> {
        self.fill("#username", username).await?;
        self.fill("#password", password).await?;
        self.press("Log in").await
    }

    /// Logs a person of the harness in by the form.
    pub async fn login(&self, base: &str, username: &str) -> Result<()> {
        self.goto(&format!("{base}/")).await?;
        self.enter(username, PASSWORD).await?;
        self.find("nav.rail").await?;
        Ok(())
    }

    /// A PNG of the window.
    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        Ok(self.client.screenshot().await?)
    }

    /// Where downloads land.
    pub fn downloads(&self) -> PathBuf {
        self.profile.path().join("downloads")
    }

    /// Waits for a finished download whose name begins so; its text.
    pub async fn downloaded(&self, prefix: &str) -> Result<String> {
        let folder = self.downloads();
        wait::until(&format!("a download {prefix}…"), async || {
            for entry in std::fs::read_dir(&folder)? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                if name.starts_with(prefix) && !name.ends_with(".crdownload") {
                    return Ok(Some(std::fs::read_to_string(folder.join(name))?));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Errors and warnings that the page wrote to its console since the last call.
    pub async fn console(&self) -> Result<Vec<String>> {
        let entries = self.client.issue_cmd(ConsoleLog).await?;
        Ok(entries
            .as_array()
            .into_iter()
            .flatten()
            .filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect())
    }

    /// Fails when the console has an error or a warning, but for those that contain one of `expected`.
    pub async fn expect_silent_console(&self, expected: &[&str]) -> Result<()> {
        let mut messages = self.console().await?;
        messages.retain(|message| !expected.iter().any(|part| message.contains(part)));
        if !messages.is_empty() {
            bail!("the console is not silent: {messages:#?}");
        }
        Ok(())
    }

    /// Sends a command of the browser's own protocol.
    pub async fn devtools(&self, command: &'static str, params: Value) -> Result<Value> {
        let command = DevTools { command, params };
        Ok(self.client.issue_cmd(command).await?)
    }

    /// Closes the window.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }
}

/// ChromeDriver's way to the console; not part of the WebDriver standard.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({"type": "browser"}).to_string();
        (http::Method::POST, Some(body))
    }
}

/// ChromeDriver's way to the browser's own protocol.
#[derive(Debug)]
struct DevTools {
    command: &'static str,
    params: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/goog/cdp/execute"))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({"cmd": self.command, "params": self.params}).to_string();
        (http::Method::POST, Some(body))
    }
}

fn capabilities(screen: Screen, profile: &Path) -> Capabilities {
    let mut options = json!({
        "binary": process::program("CHROMIUM", "/usr/bin/chromium"),
        "args": [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            format!("--user-data-dir={}", profile.display()),
        ],
        "prefs": {
            "download.default_directory": profile.join("downloads"),
            "download.prompt_for_download": false,
            "credentials_enable_service": false,
        },
    });
    // The size of the page; a window's own has a frame in it.
    options["mobileEmulation"]["deviceMetrics"] = match screen {
        Screen::Desktop => json!(
            {"width": 1280, "height": 800, "pixelRatio": 1.0, "touch": false, "mobile": false}
        ),
        Screen::Phone => json!({"width": 360, "height": 740, "pixelRatio": 2.0, "touch": true}),
    };
    let all = json!({
        "goog:chromeOptions": options,
        "goog:loggingPrefs": {"browser": "ALL"},
    });
    match all {
        Value::Object(map) => map,
        _ => Capabilities::new(),
    }
}
