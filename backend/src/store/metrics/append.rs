//! Frames on their way to the disk: numbers for their series, then one row each.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use common::host::Process;
use common::ids::ServerId;
use common::series::SeriesKey;
use common::time::UnixMs;
use tokio::sync::oneshot;

use super::dictionary::{Columns, Dictionary, News, SeriesNumber};
use super::frame::encode;
use super::head::{Head, Row};
use super::order::Order;
use super::processes;
use crate::store::Connection;
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
    /// The number of the next frame; only the writing thread takes one.
    pub(super) next_frame: Arc<AtomicI64>,
    pub(super) news: News,
    /// What the head takes after the commit.
    pub(super) rows: Vec<Row>,
    /// `None` before it ran.
    pub(super) outcome: Option<Result<(), StoreError>>,
    pub(super) reply: oneshot::Sender<Result<(), StoreError>>,
}

impl Job for Append {
    fn run(&mut self, conn: &mut Connection) -> Verdict {
        let dictionary = self
            .dictionary
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let mut numbering = Numbering {
            conn,
            dictionary: &dictionary,
            next_frame: &self.next_frame,
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

/// Finds numbers in memory first, then among what this job added, then in the database.
struct Numbering<'a> {
    conn: &'a mut Connection,
    dictionary: &'a Dictionary,
    next_frame: &'a AtomicI64,
    news: &'a mut News,
}

impl Numbering<'_> {
    fn store(&mut self, frame: &Frame) -> Result<Row, StoreError> {
        if let Some(processes) = &frame.processes {
            let body = processes::encode(processes)?;
            tables::processes::put(self.conn, frame.server, frame.at, &body)?;
        }
        let (layout, columns, values) = match self.dictionary.order(frame.server, &frame.values) {
            Some((order, values)) => (order.layout(), order.columns(), values),
            None => self.arrange(frame)?,
        };
        let body = encode(layout, values.iter().copied());
        let id = self.next_frame.fetch_add(1, Ordering::Relaxed);
        tables::frame::add(self.conn, id, frame.server, frame.at, &body)?;
        Ok(Row {
            id,
            server: frame.server,
            at: frame.at,
            columns,
            values,
        })
    }

    /// The layout of a frame in an order that is not known yet, its columns, and their values.
    fn arrange(&mut self, frame: &Frame) -> Result<(u32, Columns, Vec<f64>), StoreError> {
        let mut cells = Vec::with_capacity(frame.values.len());
        let finite = frame.values.iter().enumerate();
        let finite = finite.filter(|(_, (_, value))| value.is_finite());
        for (place, (key, _)) in finite {
            cells.push((self.number(key)?, place));
        }
        cells.sort_by_key(|(number, _)| *number);
        cells.dedup_by_key(|(number, _)| *number);
        let columns: Columns = cells.iter().map(|(number, _)| *number).collect();
        let layout = self.layout(Columns::clone(&columns))?;
        let values = cells.iter().map(|(_, place)| frame.values[*place].1);
        let values = values.collect();
        if frame.values.iter().all(|(_, value)| value.is_finite()) {
            let order = Order::new(&frame.values, &cells, Columns::clone(&columns), layout);
            self.news.orders.push((frame.server, order));
        }
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
