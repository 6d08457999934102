//! Wiring of the parts: builds them, connects bounded channels; never does their work.

use std::sync::Arc;
use std::time::Duration;

use common::api::alerts::EngineState;
use common::api::root::{Health, HealthChecks, HealthStatus};
use tokio::sync::Notify;

use crate::alerts::{Alerts, RuleBook};
use crate::auth::{Auth, AuthError};
use crate::clock::Clock;
use crate::config::Config;
use crate::fleet::{Fleet, FleetError};
use crate::ingest::{FiringCounts, Ingest};
use crate::live::{self, Watched};
use crate::notify::{Inbox, Outbox};
use crate::query::Engine;
use crate::store::{Store, StoreError};
use crate::tasks::Tasks;

mod alerting;
mod sampling;

use alerting::Alerting;
use sampling::Sampling;

/// How long tasks may take to end before they are aborted.
const GRACE: Duration = Duration::from_secs(10);

/// How many samples may wait for the rules.
const WAITING_FOR_RULES: usize = 256;

/// The parts of a running server; handlers get it as `web::Data<App>`.
#[derive(Debug, Clone)]
pub struct App {
    /// The settings of this process.
    pub config: Config,
    /// Where the time comes from.
    pub clock: Clock,
    /// The running tasks.
    pub tasks: Tasks,
    /// The databases.
    pub store: Store,
    /// Questions about stored metrics.
    pub query: Engine,
    /// Logins and permissions.
    pub auth: Auth,
    /// The entrance for samples.
    pub ingest: Ingest,
    /// The watched servers.
    pub fleet: Fleet,
    /// The alerts.
    pub alerts: Alerts,
    /// The rules.
    pub rule_book: RuleBook,
    /// What people were told.
    pub inbox: Inbox,
    /// What is still to be told.
    pub outbox: Outbox,
}

impl App {
    /// Opens the data and builds the parts. Needs a tokio runtime.
    pub async fn build(config: Config, clock: Clock) -> Result<Self, StartError> {
        let data_dir = config.data_dir.clone();
        let opened = tokio::task::spawn_blocking(move || Store::open(&data_dir)).await;
        let store = opened.map_err(|_| StartError::Interrupted)??;
        let auth = Auth::open(
            &config.data_dir,
            config.auth.clone(),
            clock.clone(),
            store.clone(),
        )
        .await?;
        let query = Engine::new(Arc::new(store.metrics().clone()));
        let tasks = Tasks::new();
        let (publisher, _inflow) = live::channel();
        let (rules, to_rules) = tokio::sync::mpsc::channel(WAITING_FOR_RULES);
        let firing = FiringCounts::default();
        let servers_changed = Arc::new(Notify::new());
        let sampling = Sampling {
            collect: config.collect.clone(),
            clock: clock.clone(),
            store: store.clone(),
            firing: firing.clone(),
            publisher: publisher.clone(),
            rules,
            servers_changed: Arc::clone(&servers_changed),
        };
        let sampled = sampling.start(&tasks, &Watched::default()).await?;
        let look_every = config.alerts.evaluation_interval_seconds;
        let alerting = Alerting {
            clock: clock.clone(),
            store: store.clone(),
            firing,
            publisher,
            samples: to_rules,
            servers_changed,
            look_every: Duration::from_secs(u64::from(look_every)),
        };
        let alerted = alerting.start(&tasks).await?;
        Ok(Self {
            query,
            auth,
            config,
            clock,
            tasks,
            store,
            ingest: sampled.ingest,
            fleet: sampled.fleet,
            alerts: alerted.alerts,
            rule_book: alerted.rule_book,
            inbox: alerted.inbox,
            outbox: alerted.outbox,
        })
    }

    /// How the parts are, with all details.
    pub fn health(&self) -> Health {
        let unless = |wrong, status| {
            if wrong { status } else { HealthStatus::Ok }
        };
        let rules_fail = self.alerts.status().status == EngineState::Failing;
        let checks = HealthChecks {
            database: unless(self.store.is_read_only(), HealthStatus::Failing),
            ingest: unless(self.ingest.losses().is_failing(), HealthStatus::Failing),
            rules: unless(rules_fail, HealthStatus::Degraded),
            notifications: unless(self.outbox.is_failing(), HealthStatus::Degraded),
        };
        Health {
            status: checks.worst(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            uptime_seconds: Some(self.clock.monotonic().as_secs()),
            checks: Some(checks),
        }
    }

    /// Ends all tasks, commits what is queued and gives the data directory back.
    pub async fn stop(self) {
        self.tasks.stop(GRACE).await;
        self.store.close().await;
    }
}

/// Why the server did not start; each says what a person can do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data could not be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key of the logins could not be read or made.
    #[error("logins: {0}")]
    Auth(#[from] AuthError),
    /// The servers could not be read or the local one not be added.
    #[error("servers: {0}")]
    Fleet(#[from] FleetError),
    /// The address to listen on cannot be had.
    #[error("cannot listen on {address}: {source}; {advice}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        source: std::io::Error,
        /// What to do.
        advice: &'static str,
    },
    /// The process was told to stop while it started.
    #[error("stopped while starting")]
    Interrupted,
}
