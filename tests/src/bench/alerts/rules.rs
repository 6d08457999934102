//! A turn of 10,000 rules in this process, by the engine that the server runs; never over HTTP.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use backend::alerts::noise::Present;
use backend::alerts::{self, AlertChanged, Parts, Witness};
use backend::clock::Clock;
use backend::ingest::{FiringCounts, Origin, Stored};
use backend::query::{Engine, Limits};
use backend::store::{Actor, Store, StoreError, tables};
use backend::tasks::Tasks;
use common::alert::{Comparison, Rule, RuleInput, RuleScope};
use common::api::servers::Monitoring;
use common::health::HealthWeights;
use common::ids::RuleId;
use common::series::{Labels, SeriesKey};
use common::time::UnixMs;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::bench::figures::Table;
use crate::bench::footprint::cpu_seconds;
use crate::bench::store::fill::{id_of, row};
use crate::bench::{figures::Figures, machine};

/// What is said about it.
pub(super) const TEXT: &str = "Rules: 100 servers hand over a sample of 100 series each, which is a turn; \
    10,000 pairs of a threshold rule and a series are evaluated in it. Quiet: no value crosses; waiting: \
    every value crosses and each rule waits for its time, so that each has a pending alert. Processor time \
    of the whole process, without the making of the samples. Watchpost must: ≤ 200 ms of one core.";

const ACTOR: Actor = Actor::System("bench");
const HOSTS: usize = 100;
const METRICS: usize = 100;
const PATIENCE: Duration = Duration::from_mins(2);
/// A rule on this metric fires when all that came before it is evaluated.
const MARK: &str = "bench_mark";

/// How the rules lie.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Each on one metric of one server.
    OfOneServer,
    /// Each on one metric of all servers.
    OfAll,
}

/// The table of the turns.
pub(super) async fn run(is_quick: bool) -> Result<Table> {
    let turns = if is_quick { 5 } else { 50 };
    let mut table = Table::new(["rules", "values", "ms a turn, p50", "ms a turn, p95"]);
    for (name, shape) in [
        (
            "10,000 rules, 100 on each of 100 servers",
            Shape::OfOneServer,
        ),
        ("100 rules on each of 100 servers", Shape::OfAll),
    ] {
        for (values, value) in [("quiet", 1.0), ("waiting", 99.0)] {
            let figures = measure(shape, value, turns).await?;
            table.row([
                name.to_owned(),
                values.to_owned(),
                format!("{:.1}", figures.percentile(50)),
                format!("{:.1}", figures.percentile(95)),
            ]);
        }
    }
    Ok(table)
}

async fn measure(shape: Shape, value: f64, turns: usize) -> Result<Figures> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().to_owned();
    let store = tokio::task::spawn_blocking(move || Store::open(&path, None)).await??;
    let clock = Clock::fixed(machine::now()?);
    fill(&store, clock.now(), shape).await?;
    let (mut running, tasks) = start(&store, &clock).await?;
    let mut figures = Figures::default();
    // The first turn is left out: pending alerts are written in it.
    for turn in 0..=turns {
        clock.advance(Duration::from_secs(1));
        let samples = samples(clock.now(), value);
        let before = cpu_seconds();
        for sample in samples {
            running.samples.send(sample).await?;
        }
        running.mark(clock.now(), turn).await?;
        if turn > 0 {
            figures.add(1_000.0 * (cpu_seconds() - before));
        }
    }
    tasks.stop(PATIENCE).await;
    store.close().await;
    Ok(figures)
}

struct Running {
    samples: mpsc::Sender<Stored>,
    changes: mpsc::Receiver<AlertChanged>,
}

impl Running {
    /// Waits until all that was sent is evaluated: the mark fires and ends in turns.
    async fn mark(&mut self, at: UnixMs, turn: usize) -> Result<()> {
        let value = if turn.is_multiple_of(2) { 1.0 } else { 0.0 };
        let key = SeriesKey::new(id_of(0), MARK, Labels::none());
        let mark = Stored {
            server: id_of(0),
            at,
            values: Arc::from([(key, value)]),
            origin: Origin::Host,
        };
        self.samples.send(mark).await?;
        let next = async {
            while let Some(change) = self.changes.recv().await {
                if change.alert.rule == MARK {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, next)
            .await
            .context("the turn did not end")
    }
}

async fn start(store: &Store, clock: &Clock) -> Result<(Running, Tasks)> {
    let (samples, stored) = mpsc::channel(256);
    let (_, pushed) = mpsc::channel(1);
    let (told, changes) = mpsc::channel(64);
    let tasks = Tasks::new();
    let limits = Limits {
        max_samples: 50_000_000,
        max_series: 20_000,
        timeout: PATIENCE,
    };
    let parts = Parts {
        present: Present::default(),
        store: store.clone(),
        clock: clock.clone(),
        tasks: tasks.clone(),
        firing: FiringCounts::default(),
        on_change: Arc::new(move |change| drop(told.try_send(change))),
        on_holding: Arc::new(|| {}),
        witness: Witness {
            latest: Arc::new(|_| None),
            weights: HealthWeights::default(),
        },
        samples: stored,
        pushed,
        servers_changed: Arc::default(),
        look_every: Duration::from_hours(1),
        query: Engine::new(Arc::new(store.metrics().clone()), limits),
    };
    alerts::start(parts).await?;
    Ok((Running { samples, changes }, tasks))
}

fn metric(at: usize) -> String {
    format!("bench_metric_{at:03}")
}

async fn fill(store: &Store, now: UnixMs, shape: Shape) -> Result<()> {
    let servers: Vec<_> = (0..HOSTS).map(|host| row(host, now)).collect();
    let rules = rules(now, shape);
    let added = store.change(&ACTOR, move |conn| {
        for mut server in servers {
            server.monitoring.0 = Monitoring::Running;
            tables::server::insert(conn, &server)?;
        }
        for rule in rules {
            tables::rule::insert(conn, &rule.into())?;
        }
        Ok::<_, StoreError>(())
    });
    Ok(added.await?)
}

fn rules(now: UnixMs, shape: Shape) -> Vec<Rule> {
    let rule = |input: RuleInput| Rule {
        id: RuleId(Uuid::now_v7()),
        version: 1,
        created_at: now,
        updated_at: now,
        input,
    };
    let plain = |name: String, metric: &str| RuleInput {
        warning: Some(80.0),
        critical: Some(90.0),
        clear_margin: 5.0,
        clear_for_seconds: 60,
        for_seconds: 86_400,
        ..RuleInput::plain(&name, metric, Comparison::AtLeast)
    };
    let hosts = match shape {
        Shape::OfOneServer => 0..HOSTS,
        Shape::OfAll => 0..1,
    };
    let all = hosts.flat_map(|host| (0..METRICS).map(move |at| (host, at)));
    let mut rules: Vec<Rule> = all
        .map(|(host, at)| {
            let mut input = plain(format!("bench {host} {at}"), &metric(at));
            if matches!(shape, Shape::OfOneServer) {
                input.scope = RuleScope {
                    servers: vec![id_of(host)],
                    groups: Vec::new(),
                };
            }
            rule(input)
        })
        .collect();
    rules.push(rule(RuleInput {
        warning: Some(0.5),
        cooldown_seconds: 0,
        ..RuleInput::plain(MARK, MARK, Comparison::AtLeast)
    }));
    rules
}

fn samples(at: UnixMs, value: f64) -> Vec<Stored> {
    (0..HOSTS)
        .map(|host| Stored {
            server: id_of(host),
            at,
            values: (0..METRICS)
                .map(|metric_at| {
                    let key =
                        SeriesKey::new(id_of(host), metric(metric_at).as_str(), Labels::none());
                    (key, value)
                })
                .collect(),
            origin: Origin::Host,
        })
        .collect()
}
