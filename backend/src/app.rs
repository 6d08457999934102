//! Wiring of the parts: builds them, connects bounded channels; never does their work.

use std::time::Duration;

use crate::clock::Clock;
use crate::config::Config;
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
}

impl App {
    /// Opens the data and builds the parts. Needs a tokio runtime.
    pub async fn build(config: Config, clock: Clock) -> Result<Self, StartError> {
        let data_dir = config.data_dir.clone();
        let opened = tokio::task::spawn_blocking(move || Store::open(&data_dir)).await;
        let store = opened.map_err(|_| StartError::Interrupted)??;
        Ok(Self {
            config,
            clock,
            tasks: Tasks::new(),
            store,
        })
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
