//! `metrics.db`: raw frames and processes, durable when answered; never a status or an alert.
//!
//! A frame is one row with all values of a server at one moment. Its columns are named by a
//! layout, stored once: the series that had a value. A new one whenever that set changes.

mod append;
mod dictionary;
mod frame;
mod processes;
mod scan;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use common::host::Process;
use common::ids::ServerId;
use common::series::SeriesKey;
use common::time::UnixMs;
use diesel::SqliteConnection;
use tokio::sync::oneshot;

use append::Append;
pub use append::{Frame, Values};
use dictionary::{Dictionary, News};
use frame::Body;

use super::connection::snapshot;
use super::database::Database;
use super::error::StoreError;
use super::tables;

/// Processes are looked for this far back.
const PROCESSES_BACK_MS: i64 = 60_000;

/// The samples of all servers. Clones share them; it is a `query::Source`.
#[derive(Debug, Clone)]
pub struct Metrics {
    database: Arc<Database>,
    dictionary: Arc<RwLock<Dictionary>>,
    corrupt: Arc<AtomicU64>,
}

impl Metrics {
    /// Reads what series there are; frames stay where they are.
    pub(super) fn open(database: Database) -> Result<Self, StoreError> {
        let news = News {
            series: snapshot(database.readers(), tables::series::all)?,
            layouts: Vec::new(),
        };
        let mut dictionary = Dictionary::default();
        dictionary.learn(news);
        Ok(Self {
            database: Arc::new(database),
            dictionary: Arc::new(RwLock::new(dictionary)),
            corrupt: Arc::default(),
        })
    }

    /// Stores frames, all or none, and answers after the commit. A frame of a server and time that
    /// is stored already replaces it.
    pub async fn append(&self, frames: Vec<Frame>) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.database.submit(Box::new(Append {
            frames,
            dictionary: Arc::clone(&self.dictionary),
            news: News::default(),
            outcome: Err(StoreError::Closed),
            reply,
        }))?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// The newest values of a server, without processes; `None` when it never sent one, or when it cannot be read.
    pub async fn latest(&self, server: ServerId) -> Result<Option<Frame>, StoreError> {
        let metrics = self.clone();
        self.database
            .read(move |conn| {
                let Some((at, bytes)) = tables::frame::latest(conn, server)? else {
                    return Ok(None);
                };
                let values = metrics.values(conn, &bytes)?;
                if values.is_none() {
                    metrics.report_corrupt(server, 1);
                }
                Ok(values.map(|values| Frame {
                    server,
                    at,
                    values,
                    processes: None,
                }))
            })
            .await
    }

    /// When a server was last heard of; `None` when it never was.
    pub async fn last_seen(&self, server: ServerId) -> Result<Option<UnixMs>, StoreError> {
        self.database
            .read(move |conn| {
                let span = tables::frame::span(conn, server, &(i64::MIN..i64::MAX))?;
                Ok(span.map(|(_, last)| UnixMs(last)))
            })
            .await
    }

    /// The newest processes at `at` or up to a minute before it; `None` when there are none or
    /// when they cannot be read.
    pub async fn processes_at(
        &self,
        server: ServerId,
        at: UnixMs,
    ) -> Result<Option<(UnixMs, Vec<Process>)>, StoreError> {
        let since = at.plus_ms(-PROCESSES_BACK_MS);
        let row = self
            .database
            .read(move |conn| tables::frame::processes_at(conn, server, since, at))
            .await?;
        let Some((read_at, body)) = row else {
            return Ok(None);
        };
        let processes = processes::decode(&body);
        if processes.is_none() {
            self.report_corrupt(server, 1);
        }
        Ok(processes.map(|processes| (read_at, processes)))
    }

    /// How many series a server has, and how many of `keys` it does not have yet.
    pub fn series_count(&self, server: ServerId, keys: &[SeriesKey]) -> (usize, usize) {
        let dictionary = self.dictionary.read();
        let dictionary = dictionary.unwrap_or_else(PoisonError::into_inner);
        let new = keys.iter().filter(|key| dictionary.number(key).is_none());
        let new = new.count();
        (dictionary.count(server), new)
    }

    /// How many stored rows could not be read since the start.
    pub fn corrupt_rows(&self) -> u64 {
        self.corrupt.load(Ordering::Relaxed)
    }

    /// Whether failed commits have ended all writing.
    pub(super) fn is_read_only(&self) -> bool {
        self.database.is_read_only()
    }

    /// Commits what is queued and ends the writer; blocks until then.
    pub(super) fn close(&self) {
        self.database.close();
    }

    /// All values of a frame; `None` when it is corrupt.
    fn values(
        &self,
        conn: &mut SqliteConnection,
        bytes: &[u8],
    ) -> Result<Option<Values>, StoreError> {
        let Ok(body) = Body::read(bytes) else {
            return Ok(None);
        };
        let Some(columns) = self.columns(conn, body.layout())? else {
            return Ok(None);
        };
        let dictionary = self
            .dictionary
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let values = columns.iter().enumerate().filter_map(|(column, number)| {
            Some((dictionary.key(*number)?.clone(), body.value(column)?))
        });
        Ok((columns.len() == body.columns()).then(|| values.collect()))
    }

    /// Counts rows that were skipped, and says so once for each look.
    fn report_corrupt(&self, server: ServerId, rows: u64) {
        if rows > 0 {
            self.corrupt.fetch_add(rows, Ordering::Relaxed);
            tracing::error!(%server, rows, "stored samples cannot be read and were skipped");
        }
    }
}

#[cfg(test)]
mod tests;
