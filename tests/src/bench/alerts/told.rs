//! How quickly alerts are told, and that none is lost: a server, its one channel and what comes there; never
//! who is right.

use anyhow::Result;

use super::{crossing, delivery};
use crate::api::Api;
use crate::bench::document::Section;
use crate::bench::figures::Figures;
use crate::bench::figures::Table;
use crate::receiver::Receiver;
use crate::server::TestServer;

const TEXT: &str = "One webhook to a receiver on the same machine that notes when the last byte of each message came; \
    values are pushed over HTTP, and a rule fires at once (for = 0). First 2,000 series, as of 100 servers, each watched \
    by one of 20 rules, all pushed each second; five of them cross their threshold in each of 100 seconds. Then 5,000 \
    series that fire and recover within a minute, while the receiver answers 503 to one request in ten: a change counts \
    as arrived when the request came that was taken.";

/// Measures both; `is_quick` is a tenth of it, for a look whether all works.
pub(super) async fn run(is_quick: bool) -> Result<Section> {
    let part = if is_quick { 10 } else { 1 };
    let busy = Stage::new().await?;
    let busy = crossing::run(&busy, part).await?;
    let many = Stage::new().await?;
    let many = delivery::run(&many, part).await?;
    let mut table = Table::new([
        "from the push to the receiver, ms",
        "messages",
        "p50",
        "p99",
        "max",
        "must",
    ]);
    let line = |what: &str, figures: &Figures, must: &str| {
        let at = |percent| format!("{:.1}", figures.percentile(percent));
        [
            what.to_owned(),
            figures.count().to_string(),
            at(50),
            at(99),
            at(100),
            must.to_owned(),
        ]
    };
    table.row(line(
        "crossing, 100 servers × 20 rules",
        &busy,
        "p99 < 1,000",
    ));
    table.row(line("10,000 changes in a minute", &many.delays, ""));
    let mut kept = Table::new(["10,000 changes in a minute", "", "must"]);
    let row = |what: &str, found: String, must: &str| [what.to_owned(), found, must.to_owned()];
    kept.row(row(
        "within 5 s",
        format!("{:.3} %", many.in_time),
        "99.98 %",
    ));
    kept.row(row("lost", many.lost.to_string(), "0"));
    kept.row(row("taken twice", many.twice.to_string(), ""));
    Ok(Section {
        name: "delivery",
        title: "Alerts told",
        text: TEXT.to_owned(),
        tables: vec![table, kept],
    })
}

/// A server with one channel, and where that leads.
pub(super) struct Stage {
    pub(super) receiver: Receiver,
    pub(super) api: Api,
    channel: serde_json::Value,
    _server: TestServer,
}

impl Stage {
    async fn new() -> Result<Self> {
        let receiver = Receiver::start()?;
        let server = TestServer::builder()
            .with_env("WATCHPOST_EGRESS__ALLOW_PRIVATE", "true")
            .with_env("WATCHPOST_METRICS__MAX_SERIES_PER_SERVER", "100000")
            .start()
            .await?;
        let api = server.login("admin").await?;
        let config = serde_json::json!({ "url": receiver.base });
        let channel = serde_json::json!({ "name": "bench", "kind": "webhook", "config": config });
        let channel = api.post("/api/v1/notifications/channels", &channel).await?;
        let channel = channel.expect(201)?["id"].clone();
        Ok(Self {
            receiver,
            api,
            channel,
            _server: server,
        })
    }

    /// Adds a rule that fires at once when its metric reaches 1.
    pub(super) async fn rule(&self, metric: &str) -> Result<()> {
        let rule = serde_json::json!({
            "name": metric, "metric": metric, "comparison": ">=", "warning": 1.0,
            "cooldown_seconds": 0, "channels": [self.channel],
        });
        let added = self.api.post("/api/v1/alerts/rules", &rule).await?;
        added.expect(201)?;
        Ok(())
    }

    pub(super) async fn push(&self, body: String) -> Result<()> {
        let push = self
            .api
            .request(reqwest::Method::POST, "/api/v1/metrics/custom");
        let push = push.header("Content-Type", "text/plain").body(body);
        self.api.send(push).await?.expect(200)?;
        Ok(())
    }
}

pub(super) fn millis(duration: std::time::Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
