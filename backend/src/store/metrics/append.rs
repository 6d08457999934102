//! Frames on their way to the disk: those of all who ask while one commit runs are written together, as
//! few rows, by the next. Numbers for their series come first.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use common::host::Process;
use common::ids::ServerId;
use common::series::SeriesKey;
use common::time::UnixMs;
use tokio::sync::oneshot;

use super::dictionary::{Columns, Dictionary, News, SeriesNumber};
use super::frame::RowWriter;
use super::head::{Head, Row};
use super::order::Order;
use super::processes;
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::tables;
use crate::store::writer::{Job, Verdict};

/// Who may wait at once; one more is refused as busy.
const MOST_ASKED: usize = 4_096;
/// A row is finished when it has so many bytes.
const ROW_BYTES: usize = 256 << 10;

/// Values of series, shared by all who need them.
pub type Values = Arc<[(SeriesKey, f64)]>;

/// What one server reported at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The server. The keys of the values name the same.
    pub server: ServerId,
    /// When they were read.
    pub at: UnixMs,
    /// Of a series that comes twice the first value stands. Any bits are kept.
    pub values: Values,
    /// The processes; `None` when they were not read, or are not to be stored this time.
    pub processes: Option<Vec<Process>>,
}

/// Frames that are stored together or not at all, and who waits for that.
#[derive(Debug)]
struct Asked {
    frames: Vec<Frame>,
    reply: oneshot::Sender<Result<(), StoreError>>,
}

/// Those that the next commit takes. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiting(Arc<Mutex<Vec<Asked>>>);

impl Waiting {
    /// Adds some; whether nobody waited before, so that the writing thread has to be told.
    pub(super) fn add(
        &self,
        frames: Vec<Frame>,
        reply: oneshot::Sender<Result<(), StoreError>>,
    ) -> Result<bool, StoreError> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= MOST_ASKED {
            return Err(StoreError::Busy);
        }
        waiting.push(Asked { frames, reply });
        Ok(waiting.len() == 1)
    }

    /// All of them get that answer: the writing thread was not told.
    pub(super) fn refuse(&self, error: StoreError) {
        answer(self.take(), Err(error));
    }

    fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Answers all. Who asked may have gone away; the frames stand all the same.
fn answer(asked: Vec<Asked>, outcome: Result<(), StoreError>) {
    match outcome {
        Ok(()) => asked.into_iter().for_each(|it| drop(it.reply.send(Ok(())))),
        Err(error) => {
            let errors = error.for_each(asked.len());
            for (Asked { reply, .. }, error) in asked.into_iter().zip(errors) {
                drop(reply.send(Err(error)));
            }
        }
    }
}

/// The frames of all who wait when it runs, in one transaction.
pub(super) struct Append {
    pub(super) waiting: Waiting,
    pub(super) dictionary: Arc<RwLock<Dictionary>>,
    pub(super) head: Arc<RwLock<Head>>,
    /// The number of the next frame; only the writing thread takes one.
    pub(super) next_frame: Arc<AtomicI64>,
    written: Written,
}

/// What it took and wrote; `outcome` is `None` before it ran.
#[derive(Default)]
struct Written {
    asked: Vec<Asked>,
    news: News,
    /// What the head takes after the commit.
    rows: Vec<Row>,
    outcome: Option<Result<(), StoreError>>,
}

impl Append {
    pub(super) fn new(
        waiting: Waiting,
        dictionary: Arc<RwLock<Dictionary>>,
        head: Arc<RwLock<Head>>,
        next_frame: Arc<AtomicI64>,
    ) -> Self {
        Self {
            waiting,
            dictionary,
            head,
            next_frame,
            written: Written::default(),
        }
    }
}

impl Job for Append {
    fn run(&mut self, conn: &mut Connection) -> Verdict {
        let dictionary = self
            .dictionary
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let asked = self.waiting.take();
        let mut writing = Writing {
            conn,
            dictionary: &dictionary,
            next_frame: &self.next_frame,
            row: RowWriter::default(),
            news: News::default(),
            rows: Vec::new(),
        };
        let frames = asked.iter().flat_map(|asked| &asked.frames);
        let outcome = writing.all(frames);
        let verdict = if outcome.is_ok() {
            Verdict::Keep
        } else {
            Verdict::Undo
        };
        let Writing { news, rows, .. } = writing;
        self.written = Written {
            asked,
            news,
            rows,
            outcome: Some(outcome),
        };
        verdict
    }

    fn answer(self: Box<Self>, commit: Result<(), StoreError>) {
        let Written {
            mut asked,
            news,
            rows,
            outcome,
        } = self.written;
        let outcome = if let Some(outcome) = outcome {
            outcome.and(commit)
        } else {
            asked = self.waiting.take();
            commit.and(Err(StoreError::Closed))
        };
        if outcome.is_ok() {
            if !news.is_empty() {
                let mut dictionary = self
                    .dictionary
                    .write()
                    .unwrap_or_else(PoisonError::into_inner);
                dictionary.learn(news);
            }
            let mut head = self.head.write().unwrap_or_else(PoisonError::into_inner);
            for row in rows {
                head.push(row);
            }
        }
        answer(asked, outcome);
    }
}

/// Finds numbers in memory first, then among what this job added, then in the database.
struct Writing<'a> {
    conn: &'a mut Connection,
    dictionary: &'a Dictionary,
    next_frame: &'a AtomicI64,
    row: RowWriter,
    news: News,
    rows: Vec<Row>,
}

impl Writing<'_> {
    fn all<'f>(&mut self, frames: impl Iterator<Item = &'f Frame>) -> Result<(), StoreError> {
        for frame in frames {
            self.store(frame)?;
            if self.row.size() >= ROW_BYTES {
                self.end_row()?;
            }
        }
        self.end_row()
    }

    fn store(&mut self, frame: &Frame) -> Result<(), StoreError> {
        if let Some(processes) = &frame.processes {
            let body = processes::encode(processes)?;
            tables::processes::put(self.conn, frame.server, frame.at, &body)?;
        }
        let (layout, columns, values) = match self.dictionary.order(frame.server, &frame.values) {
            Some((order, values)) => (order.layout(), order.columns(), values),
            None => self.arrange(frame)?,
        };
        self.row.add(frame.server, frame.at, layout, &values);
        self.rows.push(Row {
            id: self.next_frame.fetch_add(1, Ordering::Relaxed),
            server: frame.server,
            at: frame.at,
            columns,
            values,
        });
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), StoreError> {
        let row = std::mem::take(&mut self.row);
        let last = self.rows.last().map(|row| row.id);
        let (Some(row), Some(id)) = (row.finish(), last) else {
            return Ok(());
        };
        tables::frame::add(self.conn, id, row.frames, row.newest, &row.body)
    }

    /// The layout of a frame in an order that is not known yet, its columns, and their values.
    fn arrange(&mut self, frame: &Frame) -> Result<(u32, Columns, Vec<f64>), StoreError> {
        let mut cells = Vec::with_capacity(frame.values.len());
        for (place, (key, _)) in frame.values.iter().enumerate() {
            cells.push((self.number(key)?, place));
        }
        cells.sort_by_key(|(number, _)| *number);
        cells.dedup_by_key(|(number, _)| *number);
        let columns: Columns = cells.iter().map(|(number, _)| *number).collect();
        let layout = self.layout(Columns::clone(&columns))?;
        let values = cells.iter().map(|(_, place)| frame.values[*place].1);
        let values = values.collect();
        let order = Order::new(&frame.values, &cells, Columns::clone(&columns), layout);
        self.news.orders.push((frame.server, order));
        Ok((layout, columns, values))
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
