//! The fleet over a real store, samples handed in by the test.

use super::{Fleet, FleetError, LocalHost, Parts};
use crate::auth::{Allowed, Credential, Principal, Scope, may, policy::Marker};
use crate::clock::Clock;
use crate::ingest::{FiringCounts, Ingest, IngestError, Outlets};
use crate::store::Store;
use common::access::Role;
use common::alert::AlertCounts;
use common::api::servers::{Monitoring, ServerStatus};
use common::health::{HealthBand, HealthWeights};
use common::host::{Cpu, HostFacts, HostSample, Memory, Process};
use common::ids::{ServerId, SessionId, UserId};
use common::time::UnixMs;
use common::version::{Seen, Version};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use uuid::Uuid;

const START: UnixMs = UnixMs(1_760_000_000_000);

/// A running fleet; the next run in the same directory is another one.
struct Run {
    fleet: Fleet,
    store: Store,
    ingest: Ingest,
    clock: Clock,
    firing: FiringCounts,
    changes: Arc<AtomicU32>,
}

impl Run {
    async fn start(directory: &Path, now: UnixMs, hostname: &str) -> Self {
        let store = Store::open(directory, None).unwrap();
        let (clock, firing, changes) = (
            Clock::fixed(now),
            FiringCounts::default(),
            Arc::<AtomicU32>::default(),
        );
        let outlets = Outlets {
            keep: Arc::new(store.metrics().clone()),
            live: Arc::new(|_| {}),
            rules: mpsc::channel(1).0,
            pushed: mpsc::channel(1).0,
        };
        let weights = HealthWeights::default();
        let ingest = Ingest::new(clock.clone(), firing.clone(), weights, outlets);
        let count = Arc::clone(&changes);
        let parts = Parts {
            store: store.clone(),
            clock: clock.clone(),
            ingest: ingest.clone(),
            firing: firing.clone(),
            weights,
            max_series: 1_000,
            retention_days: 30,
            on_change: Arc::new(move || {
                count.fetch_add(1, Ordering::Relaxed);
            }),
        };
        let host = LocalHost {
            facts: HostFacts {
                hostname: Some(hostname.to_owned()),
                ..HostFacts::default()
            },
            interval_seconds: 1,
        };
        Self {
            fleet: Fleet::open(parts, host).await.unwrap(),
            store,
            ingest,
            clock,
            firing,
            changes,
        }
    }

    /// A sample of the local server, now.
    async fn sample(&self, cpu: f64) -> Result<(), IngestError> {
        let sample = HostSample {
            cpu: Some(Cpu {
                percent: Some(cpu),
                ..Cpu::default()
            }),
            memory: Some(Memory {
                percent: Some(20.0),
                ..Memory::default()
            }),
            processes: Some(vec![Process {
                pid: 7,
                ..Process::default()
            }]),
            ..HostSample::default()
        };
        self.ingest
            .accept(self.fleet.local(), self.clock.now(), sample)
            .await
    }

    fn status(&self) -> ServerStatus {
        self.fleet.realtime(&Scope::All)[0].status
    }

    fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

fn allowed<P: Marker>(role: Role) -> Allowed<P> {
    Allowed::for_test(Principal {
        user: UserId(Uuid::nil()),
        credential: Credential::Session(SessionId(Uuid::nil())),
        role,
        must_change_password: false,
        scope: Scope::All,
    })
}

fn reader() -> Allowed<may::ServersRead> {
    allowed(Role::Viewer)
}

#[tokio::test]
async fn the_local_server_is_there_from_the_first_start_and_stays_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let first = Run::start(directory.path(), START, "web-1").await;
    let servers = first.fleet.list(&reader(), None, 50);
    assert_eq!(servers.len(), 1);
    assert_eq!(servers[0].name, "web-1");
    assert_eq!(servers[0].status, ServerStatus::Unknown);
    assert!(servers[0].host.is_some() && servers[0].last_seen_at.is_none());
    first.sample(10.0).await.unwrap();
    first.store.close().await;
    let local = first.fleet.local();
    drop(first);

    let second = Run::start(directory.path(), START.plus_ms(60_000), "renamed").await;
    let servers = second.fleet.list(&reader(), None, 50);
    assert_eq!((servers.len(), servers[0].id), (1, local));
    assert_eq!(servers[0].name, "web-1");
    assert_eq!(servers[0].last_seen_at, Some(START));
    assert_eq!(second.status(), ServerStatus::Unknown);
    second.pass(15);
    assert_eq!(second.status(), ServerStatus::Down);
}

#[tokio::test]
async fn a_stopped_server_is_paused_and_stores_nothing_over_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let operator = allowed::<may::MonitoringControl>(Role::Operator);
    let first = Run::start(directory.path(), START, "web-1").await;
    let local = first.fleet.local();
    first.sample(10.0).await.unwrap();
    assert_eq!(first.status(), ServerStatus::Up);
    let (server, _) = first
        .fleet
        .monitor(&operator, local, Monitoring::Stopped)
        .await
        .unwrap();
    assert_eq!(
        (server.status, server.monitoring),
        (ServerStatus::Paused, Monitoring::Stopped)
    );
    assert_eq!(first.changes.load(Ordering::Relaxed), 1);
    assert!(matches!(
        first.sample(10.0).await,
        Err(IngestError::NotWanted(_))
    ));
    first.store.close().await;
    drop(first);

    let second = Run::start(directory.path(), START.plus_ms(60_000), "web-1").await;
    assert_eq!(second.status(), ServerStatus::Paused);
    assert!(matches!(
        second.sample(10.0).await,
        Err(IngestError::NotWanted(_))
    ));
    second
        .fleet
        .monitor(&operator, local, Monitoring::Running)
        .await
        .unwrap();
    assert_eq!(second.status(), ServerStatus::Unknown);
    second.sample(10.0).await.unwrap();
    assert_eq!(second.status(), ServerStatus::Up);
}

#[tokio::test]
async fn toggling_honours_the_version_that_was_seen() {
    let directory = tempfile::tempdir().unwrap();
    let run = Run::start(directory.path(), START, "web-1").await;
    let manager = allowed::<may::ServersWrite>(Role::Manager);
    let local = run.fleet.local();
    let (_, version) = run.fleet.get(&reader(), local).unwrap();
    let seen = |version: Version| Seen::OneOf(vec![version]);
    let (server, after) = run
        .fleet
        .toggle(&manager, local, seen(version))
        .await
        .unwrap();
    assert_eq!(
        (server.enabled, server.status),
        (false, ServerStatus::Paused)
    );
    assert!(after > version);
    let stale = run.fleet.toggle(&manager, local, seen(version)).await;
    assert!(matches!(stale, Err(FleetError::Changed)));
    let (server, _) = run.fleet.toggle(&manager, local, Seen::Any).await.unwrap();
    assert!(server.enabled);
    let nobody = ServerId(Uuid::nil());
    let missing = run.fleet.toggle(&manager, nobody, Seen::Any).await;
    assert!(matches!(missing, Err(FleetError::NotFound)));
}

#[tokio::test]
async fn a_silent_server_goes_down_and_its_readings_with_it() {
    let directory = tempfile::tempdir().unwrap();
    let run = Run::start(directory.path(), START, "web-1").await;
    run.sample(50.0).await.unwrap();
    run.pass(14);
    assert_eq!(run.fleet.realtime(&Scope::All)[0].cpu_percent, Some(50.0));
    run.pass(1);
    let line = &run.fleet.realtime(&Scope::All)[0];
    assert_eq!(
        (line.status, line.cpu_percent, line.health_score),
        (ServerStatus::Down, None, None)
    );
    assert_eq!(line.last_seen_at, Some(START));
    run.sample(50.0).await.unwrap();
    assert_eq!(run.status(), ServerStatus::Up);
}

#[tokio::test]
async fn health_is_explained_by_its_terms() {
    let directory = tempfile::tempdir().unwrap();
    let run = Run::start(directory.path(), START, "web-1").await;
    let local = run.fleet.local();
    let unknown = run.fleet.detail(&reader(), local).unwrap();
    assert_eq!(
        (unknown.health.band, unknown.health.score),
        (HealthBand::Unknown, None)
    );
    run.sample(50.0).await.unwrap();
    run.firing.replace(HashMap::from([(
        local,
        AlertCounts {
            warning: 1,
            critical: 0,
        },
    )]));
    let detail = run.fleet.detail(&reader(), local).unwrap();
    assert_eq!(detail.health.score, Some(74.0));
    assert_eq!(detail.realtime.health_score, Some(74.0));
    assert_eq!(
        (detail.health.cpu, detail.health.disk, detail.health.alerts),
        (Some(15.0), None, 5.0)
    );
}

#[tokio::test]
async fn processes_are_those_of_the_moment() {
    let directory = tempfile::tempdir().unwrap();
    let run = Run::start(directory.path(), START, "web-1").await;
    let local = run.fleet.local();
    let at = async |at: Option<UnixMs>| run.fleet.processes(&reader(), local, at).await.unwrap();
    assert_eq!(at(None).await.at, None);
    run.sample(1.0).await.unwrap();
    run.pass(100);
    for (asked, expected) in [
        (None, Some(START)),
        (Some(START.plus_ms(3_000)), Some(START)),
        (Some(START.plus_ms(-1)), None),
    ] {
        let list = at(asked).await;
        assert_eq!(list.at, expected, "{asked:?}");
        assert_eq!(
            list.items.len(),
            usize::from(expected.is_some()),
            "{asked:?}"
        );
    }
    assert_eq!(run.fleet.latest(&reader(), local).unwrap().at, Some(START));
}
