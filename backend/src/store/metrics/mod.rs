//! The database of metrics: samples and processes, durable when answered; never a status or an alert.
//!
//! A *frame* is all values of a server at one moment. Its columns are named by a *layout*, stored once:
//! the series that had a value. Frames that come together are one row. The *head* keeps the samples
//! of frames in memory. When a window of five minutes is over, its samples become *packs*, and then
//! its frames go; when an hour is over, its packs are sealed into those of an hour, and what they
//! came down to becomes an *aggregate* a series; when all hours of a day are sealed, their aggregates
//! are merged into that of the day. A query reads the head and the packs, or aggregates alone, never
//! a frame.

mod append;
mod at_hand;
mod block;
mod clean;
mod columns;
mod days;
mod decoded;
mod dictionary;
mod estimate;
mod frame;
mod head;
mod listed;
mod living;
mod newest;
mod order;
mod pack;
mod postings;
mod processes;
mod replay;
mod retention;
mod rollups;
mod runs;
mod scan;
mod seal;
mod source;
mod tail;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use common::ids::ServerId;
use common::series::{MetricName, SeriesKey};
use common::time::UnixMs;
use tokio::sync::oneshot;

use append::{Append, Waiting};
pub use append::{Frame, Values};
pub use clean::Cleaned;
pub use columns::Column;
use decoded::Decoded;
use dictionary::{Dictionary, News};
use head::Head;
use listed::Listed;
pub(super) use pack::samples_in;
pub(super) use processes::lists_in;
pub use retention::{DAY_MS, Plan, Retention};
pub use tail::TailFrame;

use super::connection::Connection;
use super::database::Database;
use super::error::StoreError;
use super::readers::snapshot;
use super::tables;

/// The samples of all servers. Clones share them; it is a `query::Source`.
#[derive(Debug, Clone)]
pub struct Metrics {
    database: Arc<Database>,
    dictionary: Arc<RwLock<Dictionary>>,
    head: Arc<RwLock<Head>>,
    /// Frames that the next commit takes.
    waiting: Waiting,
    /// The number of the next frame.
    next_frame: Arc<AtomicI64>,
    /// The number of the next pack. One that is removed never gives its number to another: what was
    /// decoded of it is found by that.
    next_pack: Arc<AtomicI64>,
    decoded: Arc<Decoded>,
    listed: Arc<Listed>,
    corrupt: Arc<AtomicU64>,
    /// Hours that cannot be sealed, by server and start.
    damaged: Arc<Mutex<BTreeSet<(ServerId, i64)>>>,
    /// Held by who removes packs: one that is removed while another is about to gives its number
    /// to a new one.
    removing: Arc<tokio::sync::Mutex<()>>,
}

impl Metrics {
    /// Reads what series there are and the frames that lie in no pack yet.
    pub(super) fn open(database: Database) -> Result<Self, StoreError> {
        let (series, last_pack) = snapshot(database.readers(), |conn| {
            let last_pack = tables::pack::last_number(conn)?;
            Ok::<_, StoreError>((tables::series::all(conn)?, last_pack))
        })?;
        let news = News {
            series,
            ..News::default()
        };
        let mut dictionary = Dictionary::default();
        dictionary.learn(news);
        let metrics = Self {
            database: Arc::new(database),
            dictionary: Arc::new(RwLock::new(dictionary)),
            head: Arc::default(),
            waiting: Waiting::default(),
            next_frame: Arc::default(),
            next_pack: Arc::new(AtomicI64::new(last_pack + 1)),
            decoded: Arc::default(),
            listed: Arc::default(),
            corrupt: Arc::default(),
            damaged: Arc::default(),
            removing: Arc::default(),
        };
        metrics.replay()?;
        Ok(metrics)
    }

    /// Stores frames, all or none, and answers after the commit. A value of a series and time that
    /// is stored already is replaced.
    pub async fn append(&self, frames: Vec<Frame>) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        if self.waiting.add(frames, reply)? {
            self.tell_the_writer();
        }
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    fn tell_the_writer(&self) {
        let job = Append::new(
            self.waiting.clone(),
            Arc::clone(&self.dictionary),
            Arc::clone(&self.head),
            Arc::clone(&self.next_frame),
        );
        if let Err(error) = self.database.submit(Box::new(job)) {
            self.waiting.refuse(error);
        }
    }

    /// The newest values of a server, without processes; `None` when it never sent one.
    pub async fn latest(&self, server: ServerId) -> Result<Option<Frame>, StoreError> {
        let metrics = self.clone();
        self.database
            .read(move |conn| metrics.newest(conn, server))
            .await
    }

    /// When a server was last heard of; `None` when it never was.
    pub async fn last_seen(&self, server: ServerId) -> Result<Option<UnixMs>, StoreError> {
        let all = i64::MIN..i64::MAX;
        let in_head = self.head().span(server, &all);
        let in_packs = self
            .database
            .read(move |conn| tables::pack::extent(conn, server, &all))
            .await?;
        let spans = in_head.into_iter().chain(in_packs);
        Ok(spans.map(|(_, last)| UnixMs(last)).max())
    }

    /// How many series a server has, and how many of `keys` it does not have yet.
    pub fn series_count(&self, server: ServerId, keys: &[SeriesKey]) -> (usize, usize) {
        let dictionary = self.dictionary.read();
        let dictionary = dictionary.unwrap_or_else(PoisonError::into_inner);
        let new = keys.iter().filter(|key| dictionary.number(key).is_none());
        let new = new.count();
        (dictionary.count(server), new)
    }

    /// How many series there are.
    pub fn series_total(&self) -> usize {
        self.dictionary().len()
    }

    /// The metrics that `servers` have series of, by name, with how many series they have together.
    pub fn metric_names(&self, servers: &[ServerId]) -> BTreeMap<MetricName, usize> {
        let dictionary = self.dictionary();
        let mut names = BTreeMap::new();
        for (metric, series) in servers.iter().flat_map(|it| dictionary.metrics(*it)) {
            *names.entry(metric.clone()).or_insert(0) += series;
        }
        names
    }

    /// How many stored rows could not be read since the start.
    pub fn corrupt_rows(&self) -> u64 {
        self.corrupt.load(Ordering::Relaxed)
    }

    /// The file that they lie in.
    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// Whether nothing can be written now; it is tried again by itself.
    pub(super) fn is_read_only(&self) -> bool {
        self.database.is_read_only()
    }

    /// Commits what is queued and ends the writer; blocks until then.
    pub(super) fn close(&self) {
        self.database.close();
    }

    fn newest(&self, conn: &mut Connection, server: ServerId) -> Result<Option<Frame>, StoreError> {
        let in_head = self.head().latest(server);
        let all = i64::MIN..i64::MAX;
        let in_packs = tables::pack::extent(conn, server, &all)?.map(|(_, last)| last);
        let (at, values) = match (in_head, in_packs) {
            (Some((at, values)), packed) if packed.is_none_or(|packed| packed < at) => (at, values),
            (_, Some(at)) => (at, self.values_at(conn, server, at)?),
            _ => return Ok(None),
        };
        let dictionary = self.dictionary();
        let values = values
            .into_iter()
            .filter(|(_, value)| value.is_finite())
            .filter_map(|(number, value)| Some((dictionary.key(number)?.clone(), value)));
        Ok(Some(Frame {
            server,
            at: UnixMs(at),
            values: values.collect(),
            processes: None,
        }))
    }

    fn dictionary(&self) -> RwLockReadGuard<'_, Dictionary> {
        self.dictionary
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn head(&self) -> RwLockReadGuard<'_, Head> {
        self.head.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts frames whose row tells nothing of them.
    fn report_bad_frames(&self, frames: u64) {
        self.corrupt.fetch_add(frames, Ordering::Relaxed);
        tracing::error!(frames, "a row of frames cannot be read and was skipped");
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
