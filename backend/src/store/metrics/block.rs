//! Frames of one layout in memory, in tiles: a row is quickly added, and a column of many is read
//! without looking into as many lines of the processor's cache. Pure.

use std::ops::Range;
use std::sync::Arc;

use super::dictionary::{Columns, SeriesNumber};
use super::runs::{Recent, Run, within};

/// Rows of a tile: as many values as a line of the processor's cache has.
const TILE: usize = 8;

/// The frames of one layout.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) columns: Columns,
    pub(super) ids: Vec<i64>,
    pub(super) times: Vec<i64>,
    /// Full tiles: the values of [`TILE`] rows together, and in there those of each column together.
    values: Vec<f64>,
    /// The rows after them, row by row: a block of few rows takes no more than these.
    rest: Vec<f64>,
    /// Whether each time is later than the one before.
    pub(super) ascends: bool,
}

impl Block {
    /// The place of a series; `None` when it is not in here.
    pub(super) fn column(&self, series: SeriesNumber) -> Option<usize> {
        self.columns.binary_search(&series).ok()
    }

    /// Without a row.
    pub(super) fn new(columns: Columns) -> Self {
        Self {
            columns,
            ids: Vec::new(),
            times: Vec::new(),
            values: Vec::new(),
            rest: Vec::new(),
            ascends: true,
        }
    }

    /// Adds a row: its number, its time, and a value for each column.
    pub(super) fn push(&mut self, id: i64, at: i64, values: &[f64]) {
        self.ascends &= self.times.last().is_none_or(|last| *last < at);
        self.ids.push(id);
        self.times.push(at);
        self.rest.extend_from_slice(values);
        let width = self.columns.len();
        if self.rest.len() == TILE * width {
            for column in 0..width {
                let of_column = self.rest.iter().skip(column).step_by(width);
                self.values.extend(of_column);
            }
            self.rest.clear();
        }
    }

    /// Rows that lie in tiles.
    fn tiled(&self) -> usize {
        self.values.len() / self.columns.len().max(1)
    }

    /// The value of a row in a column.
    fn value(&self, row: usize, column: usize) -> Option<f64> {
        let width = self.columns.len();
        let value = if let Some(row) = row.checked_sub(self.tiled()) {
            self.rest.get(row * width + column)
        } else {
            let tile = row / TILE * TILE * width;
            self.values.get(tile + column * TILE + row % TILE)
        };
        value.copied()
    }

    /// The values of a column in some rows.
    pub(super) fn values(&self, column: usize, rows: Range<usize>) -> Vec<f64> {
        let width = self.columns.len().max(1);
        let first = (rows.start / TILE * TILE).min(self.tiled());
        let mut values = Vec::with_capacity(rows.len() + 2 * TILE);
        let tiles = self.values.chunks_exact(TILE * width).skip(first / TILE);
        for tile in tiles.take((rows.end.saturating_sub(first)).div_ceil(TILE)) {
            // Of a length that the compiler knows, else each call takes longer than the copy.
            if let Some(part) = tile[column * TILE..].first_chunk::<TILE>() {
                values.extend_from_slice(part);
            }
        }
        values.extend(self.rest.iter().skip(column).step_by(width));
        values.drain(..(rows.start - first).min(values.len()));
        values.truncate(rows.len());
        values
    }

    /// The samples of a column in `range`; the times ascend.
    pub(super) fn run(&self, column: usize, range: &Range<i64>) -> Run {
        let rows = within(&self.times, range);
        let values = self.values(column, rows.clone());
        (self.times[rows].to_vec(), values)
    }

    /// Adds the samples of columns in `range`, each with its place; the times ascend.
    pub(super) fn gather(
        &self,
        columns: &[(usize, usize)],
        range: &Range<i64>,
        found: &mut Vec<(usize, Recent)>,
    ) {
        let rows = within(&self.times, range);
        if columns.is_empty() || rows.is_empty() {
            return;
        }
        let times: Arc<[i64]> = self.times[rows.clone()].into();
        found.extend(columns.iter().map(|(place, column)| {
            let values = self.values(*column, rows.clone());
            (*place, (Arc::clone(&times), values))
        }));
    }

    /// Time, row number and value of the newest sample of a column in `range`.
    pub(super) fn newest(&self, column: usize, range: &Range<i64>) -> Option<(i64, i64, f64)> {
        let rows = self.times.iter().zip(&self.ids).enumerate();
        let mut inside = rows.filter(|(_, (at, _))| range.contains(at));
        let newest = if self.ascends {
            inside.next_back()
        } else {
            inside.max_by_key(|(_, (at, id))| (**at, **id))
        };
        let (row, (at, id)) = newest?;
        Some((*at, *id, self.value(row, column)?))
    }

    /// Adds row number, series and value of the rows of one moment.
    pub(super) fn cells_at(&self, at: i64, cells: &mut Vec<(i64, SeriesNumber, f64)>) {
        let rows = self.times.iter().zip(&self.ids).enumerate();
        for (row, (_, id)) in rows.filter(|(_, (time, _))| **time == at) {
            let columns = self.columns.iter().enumerate();
            cells.extend(
                columns
                    .filter_map(|(column, series)| Some((*id, *series, self.value(row, column)?))),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_rows_are_what_was_pushed() {
        for rows in [0, 1, 7, 8, 9, 24, 27] {
            let mut block = Block::new(Arc::from([3, 5, 9]));
            let value =
                |row: i64, column: i64| f64::from(i32::try_from(row * 10 + column).unwrap());
            for row in 0..rows {
                block.push(
                    row + 100,
                    row * 2,
                    &[0, 1, 2].map(|column| value(row, column)),
                );
            }
            for (start, end) in [(0, rows), (3, rows), (rows / 2, rows - rows / 3), (8, 16)] {
                let (start, end) = (start.min(rows), end.clamp(start.min(rows), rows));
                for column in [0, 1, 2] {
                    let (times, values) =
                        block.run(usize::try_from(column).unwrap(), &(start * 2..end * 2));
                    assert_eq!(times, (start..end).map(|row| row * 2).collect::<Vec<_>>());
                    let expected = (start..end).map(|row| value(row, column));
                    assert_eq!(
                        values,
                        expected.collect::<Vec<_>>(),
                        "{rows} rows, {start}..{end}"
                    );
                }
            }
            let newest = block.newest(1, &(0..1_000));
            let last = (rows > 0).then(|| (rows * 2 - 2, rows + 99, value(rows - 1, 1)));
            assert_eq!(newest, last);
            let mut cells = Vec::new();
            block.cells_at(2, &mut cells);
            let second = [
                (101, 3, value(1, 0)),
                (101, 5, value(1, 1)),
                (101, 9, value(1, 2)),
            ];
            assert_eq!(
                cells,
                if rows > 1 {
                    second.to_vec()
                } else {
                    Vec::new()
                }
            );
        }
    }
}
