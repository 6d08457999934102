//! Frames after one another as they were stored, for who sends them on; never what lies in packs alone.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use common::ids::ServerId;
use common::series::SeriesKey;
use common::time::UnixMs;

use super::Metrics;
use super::dictionary::{Columns, SeriesNumber};
use super::frame::{self, StoredFrame};
use super::replay::learn_layouts;
use crate::store::Actor;
use crate::store::error::StoreError;
use crate::store::tables;
use crate::store::tables::forward::{self, ForwardRow};

const ACTOR: Actor = Actor::System("forward");

/// A frame that was stored.
#[derive(Debug, Clone, PartialEq)]
pub struct TailFrame {
    /// Its number; a later one has a higher one.
    pub id: i64,
    /// Whose.
    pub server: ServerId,
    /// Of which moment.
    pub at: UnixMs,
    /// Its series by number, which is the same as long as the process runs, and their values.
    pub values: Vec<(SeriesNumber, f64)>,
}

impl Metrics {
    /// The number of the last frame that was stored; 0 before the first.
    pub fn last_frame(&self) -> i64 {
        self.next_frame.load(Ordering::Relaxed) - 1
    }

    /// The number below which all frames that were stored lie in packs.
    pub fn first_unpacked(&self) -> i64 {
        self.head().first_id()
    }

    /// The frames after the one of that number that lie in no pack yet, out of `rows` rows of them.
    /// Where the first number is not the next one, those between were packed and are found by their
    /// times.
    pub async fn frames_after(&self, id: i64, rows: i64) -> Result<Vec<TailFrame>, StoreError> {
        let metrics = self.clone();
        let read = self.database.read(move |conn| {
            let mut layouts = HashMap::new();
            let mut frames = Vec::new();
            for row in tables::frame::after(conn, id, rows)? {
                learn_layouts(conn, &row, &mut layouts)?;
                let Ok(stored) = frame::read(&row.body) else {
                    metrics.report_bad_frames(u64::try_from(row.frames).unwrap_or(1));
                    continue;
                };
                let first = row.id - i64::try_from(stored.len()).unwrap_or_default() + 1;
                let numbered = (first..).zip(&stored).filter(|(number, _)| *number > id);
                frames.extend(numbered.filter_map(|(number, frame)| {
                    let columns = layouts.get(&frame.layout)?.as_ref()?;
                    Some(decoded(number, frame, columns))
                }));
            }
            Ok::<_, StoreError>(frames)
        });
        read.await
    }

    /// The series of a number that a frame names.
    pub fn series_of(&self, number: SeriesNumber) -> Option<SeriesKey> {
        self.dictionary().key(number).cloned()
    }

    /// How far a receiver has come; `None` when it never took anything.
    pub async fn forwarded(&self, receiver: String) -> Result<Option<ForwardRow>, StoreError> {
        let read = self
            .database
            .read(move |conn| forward::find(conn, &receiver));
        read.await
    }

    /// Remembers how far a receiver has come.
    pub async fn note_forwarded(&self, row: ForwardRow) -> Result<(), StoreError> {
        self.database
            .change(ACTOR, move |conn| forward::put(conn, &row))
            .await
    }

    /// Forgets how far others than these receivers have come: nothing waits for them any more.
    pub async fn forward_only_to(&self, receivers: Vec<String>) -> Result<(), StoreError> {
        self.database
            .change(ACTOR, move |conn| forward::keep_only(conn, &receivers))
            .await
    }
}

fn decoded(id: i64, frame: &StoredFrame<'_>, columns: &Columns) -> TailFrame {
    TailFrame {
        id,
        server: frame.server,
        at: frame.at,
        values: columns.iter().copied().zip(frame.values()).collect(),
    }
}
