//! The way of a sample: checked, shown live, stored, then shown to the rules; never evaluated here.

use super::board::{Board, Seen};
use super::otlp::DeltaSums;
use super::remote_write::KnownSeries;
use super::{FiringCounts, IngestError, Ingested, Losses, MetadataBook, Origin, Stored, Values};
use crate::clock::Clock;
use crate::collect::local::{Readings, Taken};
use crate::store::StoreError;
use common::alert::AlertCounts;
use common::health::{self, HealthWeights};
use common::host::{HostSample, Process};
use common::ids::ServerId;
use common::metric::{Value, flatten};
use common::series::{MetricName, SeriesKey};
use common::time::UnixMs;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use tokio::sync::mpsc;

/// A clock that is wrong by more is not trusted.
pub(super) const FUTURE_MS: i64 = 10 * 60 * 1_000;
/// The processes are stored at most this often, however often somebody looks at them.
const PROCESSES_EVERY_MS: i64 = 5_000;

/// What is stored of a sample.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Whose.
    pub server: ServerId,
    /// When it was taken.
    pub at: UnixMs,
    /// The values of its series.
    pub values: Values,
    /// The processes; `None` when they are not to be stored this time.
    pub processes: Option<Vec<Process>>,
}

/// How many series a server has, and how many more it would have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesCount {
    /// Those that it has.
    pub known: usize,
    /// Those that would be new.
    pub new: usize,
}

/// Where samples are stored.
pub trait Keep: Send + Sync + 'static {
    /// Stores samples, all or none; done when they are durable.
    fn keep(&self, kept: Vec<Kept>) -> BoxFuture<'_, Result<(), StoreError>>;

    /// How many series the server has, and how many of `keys` would be new to it.
    fn count(&self, server: ServerId, keys: &[SeriesKey]) -> SeriesCount;
}

/// Shows a sample to whoever looks at it now. It must not wait.
pub type Publish = Arc<dyn Fn(&Ingested) + Send + Sync>;

/// Where accepted samples go.
#[derive(Clone)]
pub struct Outlets {
    /// Keeps them.
    pub keep: Arc<dyn Keep>,
    /// Shows them before they are durable.
    pub live: Publish,
    /// Takes them to the rules after they are. When it is full the rules miss one.
    pub rules: mpsc::Sender<Stored>,
    /// Takes pushed values to the rules, a push at a time. Who pushes waits while it is full.
    pub pushed: mpsc::Sender<Vec<Stored>>,
}

/// The entrance for samples. Clones share it.
#[derive(Clone)]
pub struct Ingest(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) clock: Clock,
    pub(super) board: Board,
    firing: FiringCounts,
    weights: HealthWeights,
    losses: Losses,
    pub(super) outlets: Outlets,
    /// Held over a push that adds series, so that two together keep to the limit.
    pub(super) growing: tokio::sync::Mutex<()>,
    pub(super) metadata: MetadataBook,
    /// Series that remote write brought before.
    pub(super) known: KnownSeries,
    /// What deltas of OTLP came down to.
    pub(super) sums: DeltaSums,
}

impl std::fmt::Debug for Ingest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ingest")
            .field("lost", &self.0.losses.so_far())
            .finish_non_exhaustive()
    }
}

impl Ingest {
    /// An entrance that takes no samples yet: see [`Ingest::want`].
    pub fn new(
        clock: Clock,
        firing: FiringCounts,
        weights: HealthWeights,
        outlets: Outlets,
    ) -> Self {
        Self(Arc::new(Inner {
            clock,
            board: Board::default(),
            firing,
            weights,
            losses: Losses::default(),
            outlets,
            growing: tokio::sync::Mutex::default(),
            metadata: MetadataBook::default(),
            known: KnownSeries::default(),
            sums: DeltaSums::default(),
        }))
    }

    /// Takes samples of `server` from now on; `last_seen_at` is what earlier runs knew of it.
    pub fn want(&self, server: ServerId, last_seen_at: Option<UnixMs>) {
        self.0
            .board
            .want(server, self.0.clock.monotonic(), last_seen_at);
    }

    /// Refuses samples of `server` from now on; what is known of it stays.
    pub fn refuse(&self, server: ServerId, last_seen_at: Option<UnixMs>) {
        self.0.board.refuse(server, last_seen_at);
    }

    /// What is known of a server.
    pub fn seen(&self, server: ServerId) -> Seen {
        self.0.board.look(server)
    }

    /// What senders said that metrics are.
    pub fn metadata(&self) -> &MetadataBook {
        &self.0.metadata
    }

    /// What was lost so far.
    pub fn losses(&self) -> &Losses {
        &self.0.losses
    }

    /// How many samples and pushes wait for the rules.
    pub fn waiting_for_rules(&self) -> usize {
        let outlets = &self.0.outlets;
        let samples = outlets.rules.max_capacity() - outlets.rules.capacity();
        samples + outlets.pushed.max_capacity() - outlets.pushed.capacity()
    }

    /// Takes a sample; done when it is durable.
    pub async fn accept(
        &self,
        server: ServerId,
        at: UnixMs,
        readings: impl Into<Readings>,
    ) -> Result<(), IngestError> {
        let inner = &self.0;
        let Readings { sample, details } = readings.into();
        if !inner.board.wants(server) {
            return Err(IngestError::NotWanted(server));
        }
        if at.since_ms(inner.clock.now()) > FUTURE_MS {
            return Err(IngestError::FromTheFuture(at));
        }
        let before = inner
            .board
            .look(server)
            .latest
            .and_then(|latest| latest.processes.clone());
        let health_score = score(&sample, inner.firing.of(server), &inner.weights);
        let taken = Ingested {
            server,
            at,
            values: values(server, &sample, health_score, details),
            sample: Arc::new(sample),
        };
        let (heard_at, now) = (inner.clock.monotonic(), inner.clock.now());
        inner.board.note(&taken, heard_at, now, health_score);
        (inner.outlets.live)(&taken);
        let stored_before = before.and_then(|list| list.at);
        let kept = inner
            .outlets
            .keep
            .keep(vec![kept(&taken, stored_before)])
            .await;
        kept.inspect_err(|_| inner.losses.unstored())?;
        inner.losses.stored();
        self.hand_to_rules(taken);
        Ok(())
    }

    /// Takes the samples of this host until no more come; what was queued is stored first.
    pub async fn follow(self, server: ServerId, mut samples: mpsc::Receiver<Taken>) {
        let mut failing = false;
        while let Some(taken) = samples.recv().await {
            match self.accept(server, taken.at, taken.readings).await {
                Ok(()) => failing = false,
                Err(IngestError::NotWanted(_)) => {}
                Err(error) if failing => {
                    tracing::debug!(%server, %error, "a sample was not stored");
                }
                Err(error) => {
                    failing = true;
                    tracing::error!(%server, %error, "samples are not stored");
                }
            }
        }
    }

    fn hand_to_rules(&self, taken: Ingested) {
        let at = taken.at;
        let stored = Stored {
            server: taken.server,
            at,
            values: taken.values,
            origin: Origin::Host,
        };
        if let Err(mpsc::error::TrySendError::Full(_)) = self.0.outlets.rules.try_send(stored) {
            self.0.losses.unevaluated();
            tracing::warn!(%at, "the rules did not see a sample: they are too slow");
        }
    }
}

/// The values of the series of a sample and of what was read beside it. What is no finite number was
/// not read.
fn values(
    server: ServerId,
    sample: &HostSample,
    health_score: Option<f64>,
    details: Vec<Value>,
) -> Values {
    flatten(sample, health_score)
        .into_iter()
        .chain(details)
        .filter(|value| value.value.is_finite())
        .map(|value| {
            (
                SeriesKey::new(server, MetricName::known(value.metric), value.labels),
                value.value,
            )
        })
        .collect()
}

/// The health that goes with a sample; `None` when it is not known.
fn score(sample: &HostSample, firing: AlertCounts, weights: &HealthWeights) -> Option<f64> {
    let disk = sample.fullest_filesystem().and_then(|fs| fs.percent);
    let (cpu, memory) = (sample.cpu_percent(), sample.memory_percent());
    health::score(cpu, memory, disk, firing, weights).known_score()
}

/// Processes that were read because somebody looks are not all stored: `before` is the last reading.
fn kept(taken: &Ingested, before: Option<UnixMs>) -> Kept {
    let turn = |at: UnixMs| at.0.div_euclid(PROCESSES_EVERY_MS);
    let due = before.is_none_or(|before| turn(before) != turn(taken.at));
    Kept {
        server: taken.server,
        at: taken.at,
        values: Arc::clone(&taken.values),
        processes: taken.sample.processes.clone().filter(|_| due),
    }
}
