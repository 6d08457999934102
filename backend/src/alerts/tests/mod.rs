//! A bench for the engine: a real store in a directory of its own, and a clock that the test moves.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::access::Role;
use common::alert::{Alert, AlertChange, AlertState, Comparison, RuleInput, RulePatch, Severity};
use common::api::alerts::{AlertFilter, EngineState, EngineStatus};
use common::api::rules::Preview;
use common::api::servers::{Monitoring, ServerKind};
use common::health::HealthWeights;
use common::ids::{AlertId, ServerId, SessionId, UserId};
use common::series::{Labels, SeriesKey};
use common::time::UnixMs;
use common::version::{Seen, Version};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::action::{Act, Command, Request};
use super::changed::AlertChanged;
use super::engine::{Engine, Outside};
use super::error::{AlertError, RuleError};
use super::evaluations::Evaluations;
use super::handle::Alerts;
use super::noise::{Holders, Present};
use super::rule_book::RuleBook;
use super::snapshot::Witness;
use crate::auth::{Allowed, Credential, Principal, Scope, may};
use crate::clock::Clock;
use crate::ingest::{FiringCounts, Latest, Origin, Stored};
use crate::query::{self, Limits};
use crate::rules::default_rules;
use crate::store::tables::server::ServerRow;
use crate::store::tables::{Blob, Json, Moment, Word};
use crate::store::{Actor, Store, StoreError, tables};

mod decisions;
mod explain;
mod files;
mod flapping;
mod interrupted;
mod life;
mod lists;
mod past;
mod preview;
mod recorder;
mod rules;
mod said;
mod snapshot;
mod timed;

const WEB: ServerId = ServerId(Uuid::from_u128(1));
const PERSON: Actor = Actor::Person {
    user: UserId(Uuid::from_u128(2)),
    session: SessionId(Uuid::from_u128(3)),
};
const START: UnixMs = UnixMs(1_700_000_000_000);

/// A running engine with what it told.
struct Bench {
    engine: Engine,
    store: Store,
    clock: Clock,
    firing: FiringCounts,
    told: Arc<Mutex<Vec<AlertChanged>>>,
    /// What the server sent last.
    seen: Arc<Mutex<Option<Arc<Latest>>>>,
}

impl Bench {
    async fn open(directory: &Path, clock: &Clock) -> Self {
        let store = Store::open(directory, None).unwrap();
        add_server(&store).await;
        Self::over(store, clock).await
    }

    async fn over(store: Store, clock: &Clock) -> Self {
        let told = Arc::<Mutex<Vec<AlertChanged>>>::default();
        let into = Arc::clone(&told);
        let firing = FiringCounts::default();
        let outside = Outside {
            firing: firing.clone(),
            status: status(),
            evaluations: Evaluations::default(),
            timetable: watch::Sender::new(Arc::default()),
            present: Present::default(),
            on_holding: Arc::new(|| {}),
        };
        let on_change = Arc::new(move |changed| into.lock().unwrap().push(changed));
        let seen = Arc::<Mutex<Option<Arc<Latest>>>>::default();
        let look = Arc::clone(&seen);
        let witness = Witness {
            latest: Arc::new(move |_| look.lock().unwrap().clone()),
            weights: HealthWeights::default(),
        };
        let engine = Engine::restore(store.clone(), clock.clone(), outside, on_change, witness)
            .await
            .unwrap();
        Self {
            engine,
            store,
            clock: clock.clone(),
            firing,
            told,
            seen,
        }
    }

    /// A sample of the metric each second.
    async fn feed(&mut self, metric: &str, labels: Labels, seconds: u32, value: f64) {
        for _ in 0..seconds {
            self.take(Origin::Host, (metric, labels.clone()), value)
                .await;
        }
    }

    /// A second passes, then a value comes.
    async fn take(&mut self, origin: Origin, (metric, labels): (&str, Labels), value: f64) {
        self.clock.advance(Duration::from_secs(1));
        let sample = Stored {
            server: WEB,
            at: self.clock.now(),
            origin,
            values: Arc::from([(SeriesKey::new(WEB, metric, labels), value)]),
        };
        self.engine.observe(&[sample]).await;
        self.engine.tick().await;
    }

    async fn cpu(&mut self, seconds: u32, value: f64) {
        self.feed("host_cpu_usage_percent", Labels::none(), seconds, value)
            .await;
    }

    async fn silence(&mut self, seconds: u32) {
        for _ in 0..seconds {
            self.clock.advance(Duration::from_secs(1));
            self.engine.tick().await;
        }
    }

    async fn act(&mut self, id: AlertId, act: Act) -> Result<Alert, AlertError> {
        let request = Request {
            id,
            act,
            actor: PERSON,
            comment: Some("on it".to_owned()),
        };
        self.engine.act(request).await
    }

    /// Replaces the rule on the processor.
    async fn set_rule(&mut self, change: impl FnOnce(&mut RuleInput)) {
        let rows = self.store.read(tables::rule::all).await.unwrap();
        let row = rows.into_iter().find(|row| row.name == "High CPU");
        let mut row = row.unwrap();
        change(&mut row.definition.0);
        row.version += 1;
        let update = move |conn: &mut crate::store::Connection| tables::rule::update(conn, &row);
        self.store.change(&PERSON, update).await.unwrap();
        self.engine.reload().await.unwrap();
    }

    /// What the rest of the server asks; acts go to nobody.
    fn reader(&self) -> Alerts {
        let (sender, _) = mpsc::channel(1);
        alerts_of(self, sender)
    }

    /// "fired warning", and so on, since the last call.
    fn steps(&self) -> Vec<String> {
        let told = std::mem::take(&mut *self.told.lock().unwrap());
        let step =
            |it: AlertChanged| format!("{} {}", it.change.as_str(), it.alert.severity.as_str());
        told.into_iter().map(step).collect()
    }

    async fn alerts(&self) -> Vec<Alert> {
        let wanted = tables::alert::Wanted {
            states: vec![
                AlertState::Pending,
                AlertState::Firing,
                AlertState::Acknowledged,
                AlertState::Resolved,
            ],
            ..tables::alert::Wanted::default()
        };
        let rows = self
            .store
            .read(move |conn| tables::alert::page(conn, &wanted, None, 100))
            .await
            .unwrap();
        rows.into_iter().map(Alert::from).collect()
    }

    /// How many intents there are; each belongs to another step.
    async fn intents(&self) -> usize {
        let due = self
            .store
            .read(|conn| tables::intent::due(conn, UnixMs(i64::MAX), 1_000));
        due.await.unwrap().len()
    }
}

/// Questions about what the store holds.
fn query(store: &Store) -> query::Engine {
    let limits = Limits {
        max_samples: 10_000_000,
        max_series: 1_000,
        timeout: Duration::from_mins(1),
    };
    query::Engine::new(Arc::new(store.metrics().clone()), limits)
}

async fn add_server(store: &Store) {
    let row = ServerRow {
        id: Blob(WEB),
        name: "web-1".to_owned(),
        kind: Word(ServerKind::Local),
        address: None,
        group_name: None,
        tags: Json(Vec::new()),
        interval_seconds: 1,
        enabled: true,
        monitoring: Word(Monitoring::Running),
        created_at: Moment(START),
        updated_at: Moment(START),
    };
    let add = store.change(&PERSON, move |conn| {
        if tables::server::find(conn, WEB)?.is_none() {
            tables::server::insert(conn, &row)?;
        }
        Ok::<_, StoreError>(())
    });
    add.await.unwrap();
}

async fn set_monitoring(store: &Store, monitoring: Monitoring) {
    let change = store.change(&PERSON, move |conn| {
        if let Some(mut row) = tables::server::find(conn, WEB)? {
            row.monitoring.0 = monitoring;
            tables::server::update(conn, &row)?;
        }
        Ok::<_, StoreError>(())
    });
    change.await.unwrap();
}

/// The files as a killed process leaves them.
fn left_behind(directory: &Path) -> tempfile::TempDir {
    let left = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), left.path().join(entry.file_name())).unwrap();
    }
    left
}

/// The way to an engine that is not there.
fn alerts_of(bench: &Bench, sender: mpsc::Sender<Command>) -> Alerts {
    let present = Present::default();
    let holders = Holders::new(bench.store.clone(), bench.clock.clone(), present);
    let evaluations = Evaluations::default();
    Alerts::new(bench.store.clone(), holders, sender, status(), evaluations)
}

/// What a fresh engine says of itself.
fn status() -> Arc<Mutex<EngineStatus>> {
    Arc::new(Mutex::new(EngineStatus {
        status: EngineState::Running,
        active_rules: 0,
        pending: 0,
        firing: 0,
    }))
}

fn allowed<P: crate::auth::policy::Marker>() -> Allowed<P> {
    Allowed::for_test(Principal {
        user: UserId(Uuid::from_u128(2)),
        credential: Credential::Session(SessionId(Uuid::from_u128(3))),
        role: Role::Admin,
        must_change_password: false,
        scope: Scope::All,
    })
}
