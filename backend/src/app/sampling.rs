//! Wires the way of this host's samples: collector, ingest, fleet; never looks into a sample.

use std::sync::Arc;
use std::time::Duration;

use common::health::HealthWeights;
use tokio::sync::{Notify, mpsc};

use super::StartError;
use crate::clock::Clock;
use crate::collect::local::{LocalCollector, Reading, Sampler};
use crate::config::collect::CollectConfig;
use crate::config::metrics::MetricsConfig;
use crate::fleet::{Fleet, LocalHost, Parts};
use crate::ingest::{FiringCounts, Ingest, Outlets, Stored};
use crate::live::{LiveEvent, Publisher, Watched};
use crate::store::Store;
use crate::tasks::Tasks;

/// How many samples of this host may wait while the disk is slow.
const WAITING: usize = 16;

/// What sampling needs.
pub(super) struct Sampling {
    /// How often this host is read and how much of it.
    pub(super) collect: CollectConfig,
    /// Where the time comes from.
    pub(super) clock: Clock,
    /// Where samples are kept.
    pub(super) store: Store,
    /// How many alerts fire on each server, as the alerts tell.
    pub(super) firing: FiringCounts,
    /// What readings and alerts cost in a server's score.
    pub(super) weights: HealthWeights,
    /// Shows samples and changes of servers to those who are connected.
    pub(super) publisher: Publisher,
    /// Takes stored samples to the rules.
    pub(super) rules: mpsc::Sender<Stored>,
    /// Takes stored values that somebody pushed to the rules.
    pub(super) pushed: mpsc::Sender<Vec<Stored>>,
    /// How much may be pushed.
    pub(super) metrics: MetricsConfig,
    /// Tells the rules that servers are not what they were.
    pub(super) servers_changed: Arc<Notify>,
}

/// What sampling brings.
pub(super) struct Sampled {
    /// The entrance for samples.
    pub(super) ingest: Ingest,
    /// The watched servers, this host among them.
    pub(super) fleet: Fleet,
}

impl Sampling {
    /// Opens the fleet and begins to sample this host.
    pub(super) async fn start(
        self,
        tasks: &Tasks,
        watched: &Watched,
    ) -> Result<Sampled, StartError> {
        let outlets = self.outlets();
        let (clock, firing) = (self.clock.clone(), self.firing.clone());
        let ingest = Ingest::new(clock, firing, self.weights, outlets);
        let collector = self.collector().await?;
        let host = LocalHost {
            facts: collector.facts().clone(),
            interval_seconds: self.collect.interval_seconds,
        };
        let publisher = self.publisher.clone();
        let servers_changed = self.servers_changed;
        let parts = Parts {
            store: self.store.clone(),
            clock: self.clock.clone(),
            ingest: ingest.clone(),
            firing: self.firing,
            weights: self.weights,
            max_series: usize::try_from(self.metrics.max_series_per_server).unwrap_or(usize::MAX),
            retention_days: self.metrics.retention_days,
            on_change: Arc::new(move || {
                publisher.publish(LiveEvent::Servers);
                servers_changed.notify_one();
            }),
        };
        let fleet = Fleet::open(parts, host).await?;
        let (out, taken) = mpsc::channel(WAITING);
        let sampler = Sampler {
            collector,
            clock: self.clock,
            interval: seconds(self.collect.interval_seconds),
            watched: watched.flag(fleet.local()),
            out,
            lost: ingest.losses().samples(),
        };
        tasks.spawn("sampler", sampler.run(tasks.token()));
        tasks.spawn("ingest", ingest.clone().follow(fleet.local(), taken));
        Ok(Sampled { ingest, fleet })
    }

    fn outlets(&self) -> Outlets {
        let publisher = self.publisher.clone();
        Outlets {
            keep: Arc::new(self.store.metrics().clone()),
            live: Arc::new(move |taken| {
                publisher.publish(LiveEvent::Sample {
                    server: taken.server,
                    at: taken.at,
                    sample: Arc::clone(&taken.sample),
                });
            }),
            rules: self.rules.clone(),
            pushed: self.pushed.clone(),
        }
    }

    /// The first reading takes milliseconds and happens off the async threads.
    async fn collector(&self) -> Result<LocalCollector, StartError> {
        let reading = Reading::from(&self.collect);
        let clock = self.clock.clone();
        tokio::task::spawn_blocking(move || LocalCollector::new(&reading, clock))
            .await
            .map_err(|_| StartError::Interrupted)
    }
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(u64::from(seconds))
}
