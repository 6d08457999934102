//! The only place with SQL: one writer a database, read-only readers; never knows a wire or a page.
//!
//! Two databases: one of people, servers, rules, alerts and the outbox, one of samples. They are
//! files in the data directory (`state.db`, `metrics.db`) or schemas of a `PostgreSQL` database. A change is answered after its commit; memory changes only after that.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

mod actor;
mod connection;
mod database;
mod either;
mod engine;
mod error;
mod figures;
mod forecast;
pub(crate) mod forget;
mod lock;
mod look;
pub mod metrics;
mod migrate;
mod past_alerts;
mod readers;
mod schema;
mod sizes;
mod storage;
pub mod tables;
mod transfer;
mod vacuum;
mod verify;
mod writer;

pub use actor::Actor;
pub use connection::Connection;
pub use error::StoreError;
pub use figures::Figures;
pub use look::{FileSize, Glance, Look};
pub use transfer::{Progress, transfer};
pub use verify::{Content, DamagedPack, Thoroughness, Verified};

use database::Database;
use engine::{Engine, Part};
use lock::DirectoryLock;
use metrics::Metrics;

use crate::config::database::DatabaseUrl;

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
    /// Whether there are databases on the server at `url`, or in a data directory when there is none.
    /// Blocks.
    pub fn is_in(data_dir: &Path, url: Option<&DatabaseUrl>) -> Result<bool, StoreError> {
        let is_there = |part| Engine::of(data_dir, url, part).is_there();
        Ok(is_there(Part::State)? && is_there(Part::Metrics)?)
    }

    /// Locks the data directory (made when missing), opens both databases and brings them to this
    /// version: those on the server at `url`, or files in the directory when there is none. Blocks;
    /// call it once, at the start.
    pub fn open(data_dir: &Path, url: Option<&DatabaseUrl>) -> Result<Self, StoreError> {
        let lock = DirectoryLock::take(data_dir)?;
        let open = |part| Database::open(Engine::of(data_dir, url, part));
        let state = open(Part::State)?;
        let metrics = open(Part::Metrics)?;
        Ok(Self {
            inner: Arc::new(Inner {
                state,
                metrics: Metrics::open(metrics)?,
                lock: Mutex::new(Some(lock)),
            }),
        })
    }

    /// Reads one consistent snapshot of people, servers, rules and alerts, off the async threads. Nothing can be changed.
    pub async fn read<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.inner.state.read(look).await
    }

    /// The way to change them. All that `change` writes is stored, or, when it returns an
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

    /// Gives free pages of embedded databases back to the file system, all but `spare` of the
    /// metrics'; how many bytes they became smaller. The logs beside the files are emptied.
    pub async fn give_back_space(&self, spare: u32) -> Result<u64, StoreError> {
        let state = self.inner.state.give_back_space(0).await?;
        let metrics = self.inner.metrics.database();
        Ok(state + metrics.give_back_space(spare).await?)
    }

    /// Whether one of the databases takes no changes now; it is tried again by itself.
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
pub(crate) mod testing;
#[cfg(test)]
mod tests;
