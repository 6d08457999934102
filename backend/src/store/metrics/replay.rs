//! At the start: the frames that lie in no pack yet, back into the head.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::Metrics;
use super::dictionary::{Columns, News};
use super::frame::{self, StoredFrame};
use super::head::Row;
use crate::store::error::StoreError;
use crate::store::readers::snapshot;
use crate::store::tables::{self, frame::FrameRow};

/// Rows that are read at once; most have less than a quarter of a MiB.
const BATCH: i64 = 64;

impl Metrics {
    /// Reads all frames in the order in which they came. When there are more than memory should
    /// hold (an earlier version kept all of them) they are packed on the way. Blocks.
    pub(super) fn replay(&self) -> Result<(), StoreError> {
        let mut layouts = HashMap::new();
        let mut last_id = 0;
        loop {
            let rows = snapshot(self.database.readers(), |conn| {
                let rows = tables::frame::after(conn, last_id, BATCH)?;
                for row in &rows {
                    learn_layouts(conn, row, &mut layouts)?;
                }
                Ok::<_, StoreError>(rows)
            })?;
            let Some(last) = rows.last() else { break };
            last_id = last.id;
            for row in rows {
                self.take(&row, &layouts);
            }
            self.pack_surplus()?;
        }
        self.next_frame.store(last_id + 1, Ordering::Relaxed);
        let layouts = layouts.into_iter();
        let layouts = layouts.filter_map(|(layout, columns)| Some((layout, columns?)));
        let news = News {
            series: Vec::new(),
            layouts: layouts.collect(),
            orders: Vec::new(),
        };
        let mut dictionary = self
            .dictionary
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        dictionary.learn(news);
        Ok(())
    }

    fn take(&self, row: &FrameRow, layouts: &HashMap<u32, Option<Columns>>) {
        let Ok(frames) = frame::read(&row.body) else {
            self.report_bad_frames(u64::try_from(row.frames).unwrap_or(1));
            return;
        };
        let first_id = row.id - i64::try_from(frames.len()).unwrap_or_default() + 1;
        let mut head = self.head.write().unwrap_or_else(PoisonError::into_inner);
        for (id, frame) in (first_id..).zip(&frames) {
            let known = layouts.get(&frame.layout).cloned().flatten();
            match known.and_then(|columns| to_row(id, frame, columns)) {
                Some(row) => head.push(row),
                None => self.report_corrupt(frame.server, 1),
            }
        }
    }
}

/// A frame as the head takes it; `None` when it has not the columns of its layout.
fn to_row(id: i64, frame: &StoredFrame, columns: Columns) -> Option<Row> {
    let values = frame.values();
    (values.len() == columns.len()).then_some(Row {
        id,
        server: frame.server,
        at: frame.at,
        columns,
        values,
    })
}

/// Looks up the layouts of a row that are not known yet.
pub(super) fn learn_layouts(
    conn: &mut crate::store::Connection,
    row: &FrameRow,
    layouts: &mut HashMap<u32, Option<Columns>>,
) -> Result<(), StoreError> {
    for layout in frame::layouts(&row.body) {
        if let Entry::Vacant(unknown) = layouts.entry(layout) {
            let columns = tables::series::columns_of(conn, layout)?;
            unknown.insert(columns.map(Columns::from));
        }
    }
    Ok(())
}
