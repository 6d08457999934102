//! Series of others in a pack's form, beside the packs of the store; never a row of its own.

use super::Metrics;
use super::pack::{Reader, Writer};
use crate::store::error::StoreError;

/// A series: times in milliseconds, ascending, and the value at each.
pub type Column = (Vec<i64>, Vec<f64>);

impl Metrics {
    /// Packs series as the store packs its own, about a byte a sample.
    pub fn pack_columns(columns: &[Column]) -> Vec<u8> {
        let mut writer = Writer::default();
        for (number, (times, values)) in (0..).zip(columns) {
            writer.add(number, times, values);
        }
        writer.finish().body
    }

    /// The first `count` series of what `pack_columns` made; what had no samples has none.
    pub fn unpack_columns(body: &[u8], count: usize) -> Result<Vec<Column>, StoreError> {
        let damaged = |_| StoreError::Corrupt {
            what: "packed series",
        };
        let mut reader = Reader::open(body).map_err(damaged)?;
        let mut columns = Vec::new();
        for number in (0..).take(count) {
            let column = reader.samples(number).map_err(damaged)?;
            let column = column.map(|(times, values)| (times.to_vec(), values));
            columns.push(column.unwrap_or_default());
        }
        Ok(columns)
    }
}
