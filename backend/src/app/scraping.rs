//! Wires scraping to ingest: finds the server that a job names; never looks into what was scraped,
//! and shows how scraping goes as the API has it.

use std::sync::Arc;

use common::api::scrape::{ScrapeTarget, TargetState};
use common::ids::ServerId;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::App;
use super::sampling::Sampled;
use crate::auth::{Allowed, may};
use crate::clock::Clock;
use crate::collect::scrape::{self, BadJob, Board, Deliver, Delivery};
use crate::config::Config;
use crate::egress::Reach;
use crate::fleet::Fleet;
use crate::ingest::Ingest;
use crate::ingest::push::PushError;
use crate::tasks::Tasks;

/// Starts to scrape what the settings name.
pub(super) fn start(
    config: &Config,
    clock: &Clock,
    tasks: &Tasks,
    sampled: &Sampled,
) -> Result<Board, BadJob> {
    let board = Board::default();
    let most_series = usize::try_from(config.metrics.max_series_per_server).unwrap_or(usize::MAX);
    let storing = Storing {
        fleet: sampled.fleet.clone(),
        ingest: sampled.ingest.clone(),
        most_series,
        retention_days: config.metrics.retention_days,
    };
    let parts = scrape::Parts {
        clock: clock.clone(),
        tasks: tasks.clone(),
        egress: Reach::targets(&config.egress),
        deliver: Arc::new(storing),
        board: board.clone(),
        most_series,
    };
    scrape::start(config.scrape.clone(), &parts)?;
    Ok(board)
}

/// Stores what was scraped.
struct Storing {
    fleet: Fleet,
    ingest: Ingest,
    most_series: usize,
    retention_days: u32,
}

impl Storing {
    async fn store(&self, delivery: Delivery) -> Result<(), String> {
        let server = match &delivery.server {
            None => self.fleet.local(),
            Some(name) => {
                let named = self.fleet.of_name(name);
                named.ok_or_else(|| format!("there is no server named {name}"))?
            }
        };
        let stored = self
            .ingest
            .scraped(server, &delivery, self.most_series, self.retention_days);
        stored.await.map_err(|error| explain(&error))
    }
}

impl Deliver for Storing {
    fn deliver(&self, delivery: Delivery) -> BoxFuture<'_, Result<(), String>> {
        self.store(delivery).boxed()
    }
}

/// The first of what is wrong is enough for a person to find the exporter.
fn explain(error: &PushError) -> String {
    match error {
        PushError::Refused(flaws) => flaws.first().map_or_else(
            || error.to_string(),
            |flaw| format!("{}: {}", flaw.field(), flaw.fault),
        ),
        other => other.to_string(),
    }
}

impl App {
    /// The targets of all scrape jobs whose server is seen, by job and address.
    pub fn scrape_targets(&self, may: &Allowed<may::MetricsRead>) -> Vec<ScrapeTarget> {
        let targets = self.scraping.targets().into_iter();
        let targets = targets.map(|target| self.wire(target));
        let is_seen = |target: &ScrapeTarget| match target.server {
            Some(server) => self.fleet.knows(may.scope(), server),
            None => may.scope().sees(None),
        };
        targets.filter(is_seen).collect()
    }

    fn wire(&self, target: scrape::TargetState) -> ScrapeTarget {
        let server = match &target.server {
            None => Some(self.fleet.local()),
            Some(name) => self.fleet.of_name(name),
        };
        let own_name = |id: ServerId| self.fleet.name(id).unwrap_or_default();
        let state = match &target.last {
            None => TargetState::Unknown,
            Some(last) if last.error.is_none() => TargetState::Up,
            Some(_) => TargetState::Down,
        };
        let last = target.last;
        ScrapeTarget {
            job: target.job,
            url: target.url,
            server_name: target
                .server
                .unwrap_or_else(|| own_name(self.fleet.local())),
            server,
            labels: target.labels,
            state,
            interval_seconds: target.interval.as_secs(),
            timeout_seconds: target.timeout.as_secs(),
            last_scrape_at: last.as_ref().map(|last| last.at),
            duration_seconds: last.as_ref().map(|last| last.duration.as_secs_f64()),
            samples: last.as_ref().map(|last| last.samples),
            last_error: last.and_then(|last| last.error),
            failures: target.failures,
            next_scrape_at: target.next_at,
        }
    }
}
