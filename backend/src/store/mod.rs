//! The only place with SQL: one writer a file, read-only readers; never knows a wire or a page.
//!
//! Two files in the data directory: `state.db` (people, servers, rules, alerts, outbox) and
//! `metrics.db` (samples). A change is answered after its commit; memory changes only after that.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

pub use diesel::SqliteConnection as Connection;

mod actor;
mod connection;
mod database;
mod error;
mod forecast;
mod lock;
mod look;
pub mod metrics;
mod migrate;
mod schema;
mod sizes;
mod storage;
pub mod tables;
mod vacuum;
mod verify;
mod writer;

pub use actor::Actor;
pub use error::StoreError;
pub use look::{FileSize, Glance, Look};
pub use verify::{Content, DamagedPack, Thoroughness, Verified};

use database::{Database, Form};
use lock::DirectoryLock;
use metrics::Metrics;

const STATE_FILE: &str = "state.db";
const METRICS_FILE: &str = "metrics.db";

/// The two databases. Clones share them.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: Database,
    metrics: Metrics,
    /// Given back last: after both writers have ended.
    lock: Mutex<Option<DirectoryLock>>,
}

impl Store {
    /// Whether there are databases in a data directory.
    pub fn is_in(data_dir: &Path) -> bool {
        [STATE_FILE, METRICS_FILE]
            .iter()
            .all(|name| data_dir.join(name).is_file())
    }

    /// Locks the data directory (made when missing), opens both files and brings them to this
    /// version. Blocks; call it once, at the start.
    pub fn open(data_dir: &Path) -> Result<Self, StoreError> {
        let lock = DirectoryLock::take(data_dir)?;
        let state = Database::open(
            data_dir,
            Form {
                name: STATE_FILE,
                page_size_bytes: 4096,
                migrations: migrate::STATE,
                copy: migrate::Copy::Before,
            },
        )?;
        let metrics = Database::open(
            data_dir,
            Form {
                name: METRICS_FILE,
                // A frame has 2 to 8 KB and must not spill: a page takes several whole.
                page_size_bytes: 16_384,
                migrations: migrate::METRICS,
                copy: migrate::Copy::Never,
            },
        )?;
        Ok(Self {
            inner: Arc::new(Inner {
                state,
                metrics: Metrics::open(metrics)?,
                lock: Mutex::new(Some(lock)),
            }),
        })
    }

    /// Reads one consistent snapshot of `state.db`, off the async threads. Nothing can be changed.
    pub async fn read<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.inner.state.read(look).await
    }

    /// The way to change `state.db`. All that `change` writes is stored, or, when it returns an
    /// error, nothing. The answer comes after the commit. It runs on the one writing thread:
    /// no hashing, no network and no waiting in it.
    pub async fn change<T, E, F>(&self, actor: &Actor, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.inner.state.change(*actor, change).await
    }

    /// Samples and processes of the servers.
    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// Gives free pages of both files back to the file system, all but `spare` of the metrics';
    /// how many bytes they became smaller. The logs beside the files are emptied.
    pub async fn give_back_space(&self, spare: u32) -> Result<u64, StoreError> {
        let state = self.inner.state.give_back_space(0).await?;
        let metrics = self.inner.metrics.database();
        Ok(state + metrics.give_back_space(spare).await?)
    }

    /// Whether one of the files takes no changes, after failed commits, until its disk does again.
    pub fn is_read_only(&self) -> bool {
        self.inner.state.is_read_only() || self.inner.metrics.is_read_only()
    }

    /// Commits what is queued, ends the writers and gives the directory back.
    pub async fn close(&self) {
        let inner = Arc::clone(&self.inner);
        let closed = tokio::task::spawn_blocking(move || {
            inner.metrics.close();
            inner.state.close();
            let mut lock = inner.lock.lock().unwrap_or_else(PoisonError::into_inner);
            lock.take();
        });
        if closed.await.is_err() {
            tracing::error!("the store was not closed cleanly");
        }
    }
}

#[cfg(test)]
mod tests;
