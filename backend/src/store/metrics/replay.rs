//! At the start: the frames that lie in no pack yet, back into the head.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::Metrics;
use super::dictionary::{Columns, News};
use super::frame::Body;
use super::head::Row;
use crate::store::error::StoreError;
use crate::store::readers::snapshot;
use crate::store::tables::{self, frame::FrameRow};

/// Frames that are read at once.
const BATCH: i64 = 512;

impl Metrics {
    /// Reads all frames in the order in which they came. When there are more than memory should
    /// hold (an earlier version kept all of them) they are packed on the way. Blocks.
    pub(super) fn replay(&self) -> Result<(), StoreError> {
        let mut layouts = HashMap::new();
        let mut last_id = 0;
        loop {
            let frames = snapshot(self.database.readers(), |conn| {
                let frames = tables::frame::after(conn, last_id, BATCH)?;
                for frame in &frames {
                    learn_layout(conn, frame, &mut layouts)?;
                }
                Ok::<_, StoreError>(frames)
            })?;
            let Some(last) = frames.last() else { break };
            last_id = last.id;
            for frame in frames {
                self.take(&frame, &layouts);
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

    fn take(&self, frame: &FrameRow, layouts: &HashMap<u32, Option<Columns>>) {
        let row = Body::read(&frame.body).ok().and_then(|body| {
            let columns = layouts.get(&body.layout())?.clone()?;
            let values: Option<Vec<f64>> = (0..body.columns()).map(|at| body.value(at)).collect();
            let values = values.filter(|values| values.len() == columns.len())?;
            Some(Row {
                id: frame.id,
                server: frame.server.0,
                at: frame.at.0,
                columns,
                values,
            })
        });
        match row {
            Some(row) => {
                let mut head = self.head.write().unwrap_or_else(PoisonError::into_inner);
                head.push(row);
            }
            None => self.report_corrupt(frame.server.0, 1),
        }
    }
}

fn learn_layout(
    conn: &mut crate::store::Connection,
    frame: &FrameRow,
    layouts: &mut HashMap<u32, Option<Columns>>,
) -> Result<(), StoreError> {
    let Ok(body) = Body::read(&frame.body) else {
        return Ok(());
    };
    if let Entry::Vacant(unknown) = layouts.entry(body.layout()) {
        let columns = tables::series::columns_of(conn, body.layout())?;
        unknown.insert(columns.map(Columns::from));
    }
    Ok(())
}
