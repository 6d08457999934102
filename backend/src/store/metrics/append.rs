//! Frames on their way to the disk: numbers for their series, then one row each.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use common::host::Process;
use common::ids::ServerId;
use common::series::SeriesKey;
use common::time::UnixMs;
use diesel::SqliteConnection;
use tokio::sync::oneshot;

use super::dictionary::{Columns, Dictionary, News, SeriesNumber};
use super::frame::{Body, encode};
use super::head::{Head, Row};
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
    pub(super) head: Arc<RwLock<Head>>,
    pub(super) news: News,
    /// What the head takes after the commit.
    pub(super) rows: Vec<Row>,
    /// `None` before it ran.
    pub(super) outcome: Option<Result<(), StoreError>>,
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
        let rows: Result<Vec<Row>, StoreError> = self
            .frames
            .iter()
            .map(|frame| numbering.store(frame))
            .collect();
        match rows {
            Ok(rows) => {
                self.rows = rows;
                self.outcome = Some(Ok(()));
                Verdict::Keep
            }
            Err(error) => {
                self.outcome = Some(Err(error));
                Verdict::Undo
            }
        }
    }

    fn answer(self: Box<Self>, commit: Result<(), StoreError>) {
        let Self {
            dictionary,
            head,
            news,
            rows,
            outcome,
            reply,
            ..
        } = *self;
        let outcome = match outcome {
            Some(outcome) => outcome.and(commit),
            None => commit.and(Err(StoreError::Closed)),
        };
        if outcome.is_ok() {
            if !news.is_empty() {
                let mut dictionary = dictionary.write().unwrap_or_else(PoisonError::into_inner);
                dictionary.learn(news);
            }
            let mut head = head.write().unwrap_or_else(PoisonError::into_inner);
            for row in rows {
                head.push(row);
            }
        }
        // Who asked may have gone away; the frames stand all the same.
        drop(reply.send(outcome));
    }
}

/// A series and its value.
type Cell = (SeriesNumber, f64);

fn row(id: i64, frame: &Frame, columns: Columns, cells: Vec<Cell>) -> Row {
    Row {
        id,
        server: frame.server,
        at: frame.at,
        columns,
        values: cells.into_iter().map(|(_, value)| value).collect(),
    }
}

/// Finds numbers in memory first, then among what this job added, then in the database.
struct Numbering<'a> {
    conn: &'a mut SqliteConnection,
    dictionary: &'a Dictionary,
    news: &'a mut News,
}

impl Numbering<'_> {
    fn store(&mut self, frame: &Frame) -> Result<Row, StoreError> {
        let mut cells = Vec::with_capacity(frame.values.len());
        for (key, value) in frame.values.iter().filter(|(_, value)| value.is_finite()) {
            cells.push((self.number(key)?, *value));
        }
        cells.sort_by_key(|(number, _)| *number);
        cells.dedup_by_key(|(number, _)| *number);
        if let Some(processes) = &frame.processes {
            let body = processes::encode(processes)?;
            tables::processes::put(self.conn, frame.server, frame.at, &body)?;
        }
        let (columns, body) = self.body(&cells)?;
        if let Some(id) = tables::frame::add(self.conn, frame.server, frame.at, &body)? {
            return Ok(row(id, frame, columns, cells));
        }
        let cells = self.with_stored(frame, cells)?;
        let (columns, body) = self.body(&cells)?;
        let id = tables::frame::replace(self.conn, frame.server, frame.at, &body)?;
        Ok(row(id, frame, columns, cells))
    }

    /// The layout and the bytes of cells, which ascend by number.
    fn body(&mut self, cells: &[Cell]) -> Result<(Columns, Vec<u8>), StoreError> {
        let columns: Columns = cells.iter().map(|(number, _)| *number).collect();
        let layout = self.layout(Columns::clone(&columns))?;
        Ok((
            columns,
            encode(layout, cells.iter().map(|(_, value)| *value)),
        ))
    }

    /// The cells, and those of the stored frame of that moment that they do not replace.
    fn with_stored(&mut self, frame: &Frame, cells: Vec<Cell>) -> Result<Vec<Cell>, StoreError> {
        let Some(bytes) = tables::frame::find(self.conn, frame.server, frame.at)? else {
            return Ok(cells);
        };
        let Ok(body) = Body::read(&bytes) else {
            return Ok(cells);
        };
        let columns = match self.dictionary.columns(body.layout()) {
            Some(columns) => columns,
            None => tables::series::columns_of(self.conn, body.layout())?
                .unwrap_or_default()
                .into(),
        };
        let stored = columns.iter().enumerate();
        let stored = stored.filter_map(|(column, number)| Some((*number, body.value(column)?)));
        let mut all: BTreeMap<SeriesNumber, f64> = stored.collect();
        all.extend(cells);
        Ok(all.into_iter().collect())
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
