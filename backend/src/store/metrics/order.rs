//! Hosts send the same series in the same order again and again: where each value of such a frame goes;
//! pure, never a database.

use std::sync::Arc;

use common::series::SeriesKey;

use super::dictionary::{Columns, SeriesNumber};

/// The series of a frame as it came, and the column of each.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Order {
    keys: Vec<SeriesKey>,
    /// For each column its place in the frame.
    places: Vec<usize>,
    columns: Columns,
    layout: u32,
}

impl Order {
    /// The order of a frame with these series, from the number and the place of each that is stored.
    pub(super) fn new(
        values: &[(SeriesKey, f64)],
        cells: &[(SeriesNumber, usize)],
        columns: Columns,
        layout: u32,
    ) -> Self {
        Self {
            keys: values.iter().map(|(key, _)| key.clone()).collect(),
            places: cells.iter().map(|(_, place)| *place).collect(),
            columns,
            layout,
        }
    }

    /// The values of a frame column by column; `None` when its series are others.
    pub(super) fn values(&self, frame: &[(SeriesKey, f64)]) -> Option<Vec<f64>> {
        let same = self.keys.len() == frame.len()
            && frame
                .iter()
                .zip(&self.keys)
                .all(|((key, _), known)| key == known);
        same.then(|| self.places.iter().map(|place| frame[*place].1).collect())
    }

    /// What the columns are.
    pub(super) fn columns(&self) -> Columns {
        Arc::clone(&self.columns)
    }

    /// Their layout.
    pub(super) fn layout(&self) -> u32 {
        self.layout
    }
}
