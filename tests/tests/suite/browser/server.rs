//! The server page shows what this machine does while it does it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tests::browser::Browser;
use tests::server::TestServer;
use tests::wait;

use super::local_server;

/// Keeps every core busy until it is dropped.
struct Burn(Arc<AtomicBool>);

impl Burn {
    fn start() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        for _core in 0..std::thread::available_parallelism().unwrap().get() {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        Self(stop)
    }
}

impl Drop for Burn {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The CPU figure in the head of its chart.
async fn cpu_percent(browser: &Browser) -> anyhow::Result<Option<f64>> {
    let script =
        "return document.querySelector('section[aria-label=CPU] .chart__figure')?.innerText";
    let text = browser.script(script).await?;
    let digits = text.as_str().unwrap_or_default();
    let digits = digits.trim_end_matches(['%', ' ', '\u{a0}', '\u{202f}']);
    Ok(digits.parse().ok())
}

#[tokio::test]
async fn the_cpu_chart_rises_while_the_machine_works() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let id = local_server(&api).await;
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "admin").await.unwrap();
    browser
        .click(&format!("a[href='/servers/{id}']"))
        .await
        .unwrap();

    // What else this machine does is not ours to end.
    let patience = Duration::from_secs(100);
    let calm = wait::until_within("the machine to be calm", patience, async || {
        Ok(cpu_percent(&browser)
            .await?
            .filter(|percent| *percent < 70.0))
    })
    .await
    .unwrap();
    let burn = Burn::start();
    wait::until("the CPU chart to rise", async || {
        Ok(cpu_percent(&browser)
            .await?
            .filter(|percent| *percent > calm + 25.0))
    })
    .await
    .unwrap();
    drop(burn);
    wait::until("the CPU chart to fall", async || {
        Ok(cpu_percent(&browser)
            .await?
            .filter(|percent| *percent < calm + 20.0))
    })
    .await
    .unwrap();

    let painted = "const canvas = document.querySelector('section[aria-label=CPU] canvas');
        const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return data.some(byte => byte !== 0)";
    assert_eq!(
        browser.script(painted).await.unwrap(),
        true,
        "an empty canvas"
    );
    for heading in [
        "Cores",
        "Memory",
        "Disk I/O",
        "Network",
        "Load",
        "Processes",
    ] {
        browser.until_text(heading).await.unwrap();
    }
    for (range, address) in [
        ("1 h", Some("range=1h")),
        ("6 h", Some("range=6h")),
        ("24 h", Some("range=24h")),
        ("5 m", None),
    ] {
        browser.press(range).await.unwrap();
        wait::until(&format!("the range {range} in the address"), async || {
            let here = browser.client().current_url().await?;
            Ok((here.query().filter(|it| !it.is_empty()) == address).then_some(()))
        })
        .await
        .unwrap();
    }
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}

#[tokio::test]
async fn monitoring_is_stopped_and_started_by_hand() {
    let server = TestServer::builder()
        .with_user("operator")
        .start()
        .await
        .unwrap();
    let api = server.login("operator").await.unwrap();
    let id = local_server(&api).await;
    let browser = Browser::open().await.unwrap();
    browser.login(&server.base(), "operator").await.unwrap();
    browser
        .goto(&format!("{}/servers/{id}", server.base()))
        .await
        .unwrap();
    browser.press("Stop monitoring").await.unwrap();
    browser.until_text("Paused").await.unwrap();
    browser.press("Start monitoring").await.unwrap();
    browser.until_gone("Paused").await.unwrap();
    browser.expect_silent_console(&[]).await.unwrap();
    browser.close().await.unwrap();
}
