//! Frames on their way to the disk: numbers for their series, then one row each.

use std::sync::{Arc, PoisonError, RwLock};

use common::host::Process;
use common::ids::ServerId;
use common::series::SeriesKey;
use common::time::UnixMs;
use diesel::SqliteConnection;
use tokio::sync::oneshot;

use super::dictionary::{Columns, Dictionary, News, SeriesNumber};
use super::frame::encode;
use super::processes;
use crate::store::error::StoreError;
use crate::store::tables;
use crate::store::writer::{Job, Verdict};

/// Values of series, shared by all who need them.
pub type Values = Arc<[(SeriesKey, f64)]>;

/// What one server reported at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The server. The keys of the values name the same.
    pub server: ServerId,
    /// When they were read.
    pub at: UnixMs,
    /// Each series once; a value that is no finite number is left out.
    pub values: Values,
    /// The processes; `None` when they were not read, or are not to be stored this time.
    pub processes: Option<Vec<Process>>,
}

/// Frames that are stored together or not at all.
pub(super) struct Append {
    pub(super) frames: Vec<Frame>,
    pub(super) dictionary: Arc<RwLock<Dictionary>>,
    pub(super) news: News,
    pub(super) outcome: Result<(), StoreError>,
    pub(super) reply: oneshot::Sender<Result<(), StoreError>>,
}

impl Job for Append {
    fn run(&mut self, conn: &mut SqliteConnection) -> Verdict {
        let dictionary = self
            .dictionary
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let mut numbering = Numbering {
            conn,
            dictionary: &dictionary,
            news: &mut self.news,
        };
        self.outcome = self
            .frames
            .iter()
            .try_for_each(|frame| numbering.store(frame));
        if self.outcome.is_ok() {
            Verdict::Keep
        } else {
            Verdict::Undo
        }
    }

    fn answer(self: Box<Self>, commit: Result<(), StoreError>) {
        let Self {
            dictionary,
            news,
            outcome,
            reply,
            ..
        } = *self;
        let outcome = outcome.and(commit);
        if outcome.is_ok() && !news.is_empty() {
            dictionary
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .learn(news);
        }
        // Who asked may have gone away; the frames stand all the same.
        drop(reply.send(outcome));
    }
}

/// Finds numbers in memory first, then among what this job added, then in the database.
struct Numbering<'a> {
    conn: &'a mut SqliteConnection,
    dictionary: &'a Dictionary,
    news: &'a mut News,
}

impl Numbering<'_> {
    fn store(&mut self, frame: &Frame) -> Result<(), StoreError> {
        let mut cells = Vec::with_capacity(frame.values.len());
        for (key, value) in frame.values.iter().filter(|(_, value)| value.is_finite()) {
            cells.push((self.number(key)?, *value));
        }
        cells.sort_by_key(|(number, _)| *number);
        cells.dedup_by_key(|(number, _)| *number);
        let columns: Columns = cells.iter().map(|(number, _)| *number).collect();
        let layout = self.layout(columns)?;
        let body = encode(layout, cells.iter().map(|(_, value)| *value));
        tables::frame::put(self.conn, frame.server, frame.at, &body)?;
        let Some(processes) = &frame.processes else {
            return Ok(());
        };
        let body = processes::encode(processes)?;
        tables::frame::put_processes(self.conn, frame.server, frame.at, &body)
    }

    fn number(&mut self, key: &SeriesKey) -> Result<SeriesNumber, StoreError> {
        if let Some(number) = self.dictionary.number(key) {
            return Ok(number);
        }
        let number = tables::series::number_of(self.conn, key)?;
        self.news.series.push((number, key.clone()));
        Ok(number)
    }

    fn layout(&mut self, columns: Columns) -> Result<u32, StoreError> {
        if let Some(layout) = self.dictionary.layout_of(&columns) {
            return Ok(layout);
        }
        let layout = tables::series::layout_of(self.conn, &columns)?;
        self.news.layouts.push((layout, columns));
        Ok(layout)
    }
}
