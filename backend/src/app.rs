//! Wiring of the parts: builds them, connects bounded channels; never does their work.

use std::sync::Arc;
use std::time::Duration;

use common::api::root::{Health, HealthChecks, HealthStatus};

use crate::auth::{Auth, AuthError};
use crate::clock::Clock;
use crate::config::Config;
use crate::query::Engine;
use crate::store::{Store, StoreError};
use crate::tasks::Tasks;

/// How long tasks may take to end before they are aborted.
const GRACE: Duration = Duration::from_secs(10);

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
        Ok(Self {
            query,
            auth,
            config,
            clock,
            tasks: Tasks::new(),
            store,
        })
    }

    /// How the parts are, with all details.
    pub fn health(&self) -> Health {
        let database = if self.store.is_read_only() {
            HealthStatus::Failing
        } else {
            HealthStatus::Ok
        };
        let checks = HealthChecks {
            database,
            ingest: HealthStatus::Ok,
            rules: HealthStatus::Ok,
            notifications: HealthStatus::Ok,
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
