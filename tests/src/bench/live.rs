//! Sample taken → message at a client, and change committed → message at another client.

use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use common::time::UnixMs;
use serde_json::{Value, json};

use super::Table;
use super::figures::Figures;
use crate::api::Api;
use crate::live::{Live, Received};
use crate::server::TestServer;

/// How many alerts are acknowledged and resolved.
const ALERTS: usize = 40;

/// Watches for `seconds`, then changes alerts.
pub(super) async fn run(seconds: u32) -> Result<Table> {
    let server = TestServer::builder().start().await?;
    let admin = server.login("admin").await?;
    let id = local_server(&admin).await?;
    let mut table = Table::of_figures("message at the client after, ms");
    for (what, topic) in [
        ("sample taken, topic server", format!("server:{id}")),
        ("sample taken, topic fleet", "fleet".to_owned()),
    ] {
        let figures = samples(&server, &admin, &topic, seconds).await?;
        table.figures(what, &figures, "150");
    }
    let (fired, changed) = alerts(&server, &admin).await?;
    table.figures("sample taken, alert fired", &fired, "");
    table.figures(
        "request to change an alert sent (commit included)",
        &changed,
        "100",
    );
    Ok(table)
}

/// The id of the machine itself.
pub(super) async fn local_server(api: &Api) -> Result<String> {
    let servers = api.get("/api/v1/servers").await?.expect(200)?;
    let id = servers["items"][0]["id"].as_str();
    Ok(id
        .context("the local server is there from the start")?
        .to_owned())
}

async fn samples(server: &TestServer, api: &Api, topic: &str, seconds: u32) -> Result<Figures> {
    let mut live = Live::authenticated(&server.base(), api.token()).await?;
    live.subscribe(topic).await?;
    let mut figures = Figures::default();
    let until = Instant::now() + Duration::from_secs(seconds.into());
    while Instant::now() < until {
        let Received::Message(message) = live.next().await? else {
            bail!("the live connection was closed");
        };
        let at = match message["type"].as_str() {
            Some("sample") => &message["at"],
            Some("fleet") => &message["items"][0]["last_seen_at"],
            _ => continue,
        };
        if message["snapshot"] == false {
            figures.add(since(at)?);
        }
    }
    Ok(figures)
}

/// Milliseconds since a moment in a message.
fn since(at: &Value) -> Result<f64> {
    let at = at.as_str().and_then(UnixMs::parse).context("a time")?;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(now.as_secs_f64() * 1000.0
        - Duration::from_millis(at.0.unsigned_abs()).as_secs_f64() * 1000.0)
}

/// Fires alerts, then acknowledges and resolves each while a second client listens.
async fn alerts(server: &TestServer, admin: &Api) -> Result<(Figures, Figures)> {
    let mut live = Live::authenticated(&server.base(), admin.token()).await?;
    live.subscribe("alerts").await?;
    let (mut fired, mut changed) = (Figures::default(), Figures::default());
    for number in 0..ALERTS {
        let name = format!("Bench {number}");
        let rule = json!({
            "name": name, "metric": "host_memory_usage_percent", "comparison": ">", "warning": 0,
        });
        admin
            .post("/api/v1/alerts/rules", &rule)
            .await?
            .expect(201)?;
        let alert = alert_of(&mut live, &name).await?;
        fired.add(since(&alert["started_at"])?);
        let id = alert["id"].as_str().context("the alert's id")?;
        for action in ["acknowledge", "resolve"] {
            let sent = Instant::now();
            let path = format!("/api/v1/alerts/{id}/{action}");
            let message = async {
                alert_of(&mut live, &name).await?;
                anyhow::Ok(1000.0 * sent.elapsed().as_secs_f64())
            };
            let answer = async { admin.post(&path, &json!({})).await?.expect(200) };
            // A refusal ends it: no message would come.
            let (_, after) = tokio::try_join!(answer, message)?;
            changed.add(after);
        }
    }
    Ok((fired, changed))
}

/// The next change of an alert of this rule; those of other rules are passed over.
async fn alert_of(live: &mut Live, rule: &str) -> Result<Value> {
    loop {
        let message = live.until("alert").await?;
        if message["alert"]["rule"] == rule {
            return Ok(message["alert"].clone());
        }
    }
}
