//! Samples that lie in no pack yet, in memory: each is durable as a frame before it comes here.
//! Pure: never a database, never a clock.
//!
//! They are kept by server and *window* of five minutes, in blocks: one for the frames of one
//! layout, its values in tiles of eight rows, column by column: a row is quickly added, and a column
//! of many is read without looking into as many lines of the processor's cache. A full window is closed, packed, and forgotten once its
//! packs are committed; what comes late for it opens it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use common::ids::ServerId;
use common::time::UnixMs;

use super::block::Block;
use super::dictionary::{Columns, SeriesNumber};
use super::runs::{Recent, Run};
use crate::query::HOUR_MS;

/// What one pack covers at most.
pub(super) const WINDOW_MS: i64 = 300_000;
/// A window is closed so long after its end, so that what is on its way still finds it.
pub(super) const GRACE_MS: i64 = 5_000;
/// With more bytes than this the oldest windows are closed early.
const MOST_BYTES: usize = 64 << 20;

/// A stored frame on its way into the head.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// The number of its row: a later one replaces values of an earlier one.
    pub(super) id: i64,
    pub(super) server: ServerId,
    pub(super) at: UnixMs,
    pub(super) columns: Columns,
    /// One for each column.
    pub(super) values: Vec<f64>,
}

/// Which window of which server.
pub(super) type WindowKey = (ServerId, i64);

/// The samples of one server in one window.
#[derive(Debug, Default)]
pub(super) struct Window {
    blocks: Vec<Block>,
    /// The lowest row number in here.
    first_id: Option<i64>,
}

/// What is in memory.
#[derive(Debug, Default)]
pub(super) struct Head {
    open: BTreeMap<WindowKey, Window>,
    /// Closed and not yet committed as packs.
    closed: BTreeMap<WindowKey, Vec<Arc<Window>>>,
    bytes: usize,
    /// The highest row number that was ever in here.
    last_id: i64,
}

/// The window of a moment, by its start.
pub(super) fn window_of(at_ms: i64) -> i64 {
    at_ms.saturating_sub(at_ms.rem_euclid(WINDOW_MS))
}

/// The windows of a server that may have samples in `range`.
fn keys(server: ServerId, range: &Range<i64>) -> Range<WindowKey> {
    let keys = (server, window_of(range.start))..(server, range.end);
    if keys.start < keys.end {
        keys
    } else {
        (server, 0)..(server, 0)
    }
}

impl Head {
    /// Takes a frame that was committed.
    pub(super) fn push(&mut self, row: Row) {
        self.bytes += row.values.len() * 8 + 16;
        self.last_id = self.last_id.max(row.id);
        let key = (row.server, window_of(row.at.0));
        self.open.entry(key).or_default().push(row);
    }

    /// Closes the windows that ended by `now`, and older ones early while there is too much; those
    /// that were closed before and not forgotten come along.
    pub(super) fn close(&mut self, now: UnixMs) -> Vec<(WindowKey, Arc<Window>)> {
        let mut due: Vec<WindowKey> = self.open.keys().copied().collect();
        due.sort_unstable_by_key(|(_, start)| *start);
        let closed: usize = self.closed.values().flatten().map(|it| it.bytes()).sum();
        let mut left = self.bytes.saturating_sub(closed);
        for key in due {
            let is_over = key.1.saturating_add(WINDOW_MS + GRACE_MS) <= now.0;
            if !is_over && left <= MOST_BYTES {
                continue;
            }
            if let Some(window) = self.open.remove(&key) {
                left = left.saturating_sub(window.bytes());
                self.closed.entry(key).or_default().push(Arc::new(window));
            }
        }
        let all = self.closed.iter();
        all.flat_map(|(key, windows)| windows.iter().map(|it| (*key, Arc::clone(it))))
            .collect()
    }

    /// The number below which no row is in here: all that came and have a lower one lie in packs.
    pub(super) fn first_id(&self) -> i64 {
        let closed = self.closed.values().flatten();
        let windows = closed.map(Arc::as_ref).chain(self.open.values());
        let first = windows.filter_map(|window| window.first_id).min();
        first.unwrap_or(self.last_id + 1)
    }

    /// Forgets a closed window whose packs are committed.
    pub(super) fn forget(&mut self, key: WindowKey, window: &Arc<Window>) {
        let Some(windows) = self.closed.get_mut(&key) else {
            return;
        };
        windows.retain(|one| !Arc::ptr_eq(one, window));
        if windows.is_empty() {
            self.closed.remove(&key);
        }
        self.bytes = self.bytes.saturating_sub(window.bytes());
    }

    /// The samples of some series of a server in `range`, window by window: each with the place of its
    /// series among `wanted`.
    pub(super) fn samples(
        &self,
        server: ServerId,
        wanted: &[SeriesNumber],
        range: &Range<i64>,
    ) -> Vec<(usize, Recent)> {
        let mut found = Vec::new();
        for window in self.of_server(server, range) {
            window.gather(wanted, range, &mut found);
        }
        found
    }

    /// The newest sample of a series in `range`; of several at one time the last that came.
    pub(super) fn newest(
        &self,
        server: ServerId,
        series: SeriesNumber,
        range: &Range<i64>,
    ) -> Option<(i64, f64)> {
        let windows = self.of_server(server, range);
        let newest = windows.filter_map(|window| window.newest(series, range));
        let newest = newest.max_by_key(|(at, id, _)| (*at, *id));
        newest.map(|(at, _, value)| (at, value))
    }

    /// How many samples of some series there are in the windows of `range`.
    pub(super) fn count(
        &self,
        server: ServerId,
        series: &[SeriesNumber],
        range: &Range<i64>,
    ) -> u64 {
        let windows = self.of_server(server, range);
        let blocks = windows.flat_map(|window| &window.blocks);
        let counts = blocks.map(|block| {
            let is_here = |number: &&SeriesNumber| block.columns.binary_search(number).is_ok();
            series.iter().filter(is_here).count() * block.times.len()
        });
        counts.map(|count| count as u64).sum()
    }

    /// Takes away the series of a server that have samples in a window of which `range` has a part.
    pub(super) fn cross_out<T>(
        &self,
        server: ServerId,
        range: &Range<i64>,
        left: &mut BTreeMap<SeriesNumber, T>,
    ) {
        for window in self.of_server(server, range) {
            for number in window.blocks.iter().flat_map(|block| block.columns.iter()) {
                left.remove(number);
            }
        }
    }

    /// The first and the last time of a server in `range`; `None` when there is none.
    pub(super) fn span(&self, server: ServerId, range: &Range<i64>) -> Option<(i64, i64)> {
        let times = || {
            let windows = self.of_server(server, range);
            let blocks = windows.flat_map(|window| &window.blocks);
            let times = blocks.flat_map(|block| block.times.iter().copied());
            times.filter(|at| range.contains(at))
        };
        times().min().zip(times().max())
    }

    /// The hours of a server, by their starts, that may have samples in `range`.
    pub(super) fn hours(&self, server: ServerId, range: &Range<i64>) -> BTreeSet<i64> {
        let keys = keys(server, range);
        let closed = self.closed.range(keys.clone()).map(|(key, _)| key.1);
        let open = self.open.range(keys).map(|(key, _)| key.1);
        let starts = closed.chain(open).filter(|start| *start >= range.start);
        starts
            .map(|start| start - start.rem_euclid(HOUR_MS))
            .collect()
    }

    /// All values of the newest moment of a server; `None` when there is none.
    pub(super) fn latest(&self, server: ServerId) -> Option<(i64, BTreeMap<SeriesNumber, f64>)> {
        let all = i64::MIN..i64::MAX;
        let (_, at) = self.span(server, &all)?;
        let mut cells = Vec::new();
        for window in self.of_server(server, &(at..at.saturating_add(1))) {
            for block in &window.blocks {
                block.cells_at(at, &mut cells);
            }
        }
        cells.sort_unstable_by_key(|(id, ..)| *id);
        let values = cells.into_iter().map(|(_, series, value)| (series, value));
        Some((at, values.collect()))
    }

    /// The windows of a server that may have samples in `range`; closed ones first.
    fn of_server<'a>(
        &'a self,
        server: ServerId,
        range: &Range<i64>,
    ) -> impl Iterator<Item = &'a Window> + use<'a> {
        let keys = keys(server, range);
        let closed = self.closed.range(keys.clone());
        let closed = closed.flat_map(|(_, windows)| windows.iter().map(Arc::as_ref));
        closed.chain(self.open.range(keys).map(|(_, window)| window))
    }
}

impl Window {
    fn push(&mut self, row: Row) {
        self.first_id = Some(self.first_id.map_or(row.id, |first| first.min(row.id)));
        let place = self
            .blocks
            .iter()
            .rposition(|block| block.columns == row.columns);
        let place = place.unwrap_or_else(|| {
            self.blocks.push(Block::new(row.columns));
            self.blocks.len() - 1
        });
        if let Some(block) = self.blocks.get_mut(place) {
            block.push(row.id, row.at.0, &row.values);
        }
    }

    /// The numbers of its series, ascending.
    pub(super) fn series(&self) -> Vec<SeriesNumber> {
        let columns = self.blocks.iter().flat_map(|block| block.columns.iter());
        let mut series: Vec<SeriesNumber> = columns.copied().collect();
        series.sort_unstable();
        series.dedup();
        series
    }

    /// The samples of a series in `range`, by time; of several at one time the last that came.
    pub(super) fn samples(&self, series: SeriesNumber, range: &Range<i64>) -> Run {
        let blocks = self.blocks.iter();
        let mut blocks = blocks.filter_map(|block| Some((block, block.column(series)?)));
        let Some(first) = blocks.next() else {
            return Run::default();
        };
        match blocks.next() {
            None if first.0.ascends => first.0.run(first.1, range),
            second => sorted([first].into_iter().chain(second).chain(blocks), range),
        }
    }

    /// As [`Window::samples`], for many series: those of one block share their times.
    fn gather(
        &self,
        wanted: &[SeriesNumber],
        range: &Range<i64>,
        found: &mut Vec<(usize, Recent)>,
    ) {
        let mut of_blocks: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.blocks.len()];
        for (place, series) in wanted.iter().enumerate() {
            let blocks = self.blocks.iter().zip(&mut of_blocks);
            let mut owners =
                blocks.filter_map(|(block, taken)| Some((block, block.column(*series)?, taken)));
            let Some((block, column, taken)) = owners.next() else {
                continue;
            };
            if block.ascends && owners.next().is_none() {
                taken.push((place, column));
            } else {
                let (times, values) = self.samples(*series, range);
                found.push((place, (times.into(), values)));
            }
        }
        for (block, columns) in self.blocks.iter().zip(of_blocks) {
            block.gather(&columns, range, found);
        }
    }

    /// Time, row number and value of the newest sample of a series in `range`.
    fn newest(&self, series: SeriesNumber, range: &Range<i64>) -> Option<(i64, i64, f64)> {
        let blocks = self.blocks.iter();
        let newest = blocks.filter_map(|block| block.newest(block.column(series)?, range));
        newest.max_by_key(|(at, id, _)| (*at, *id))
    }

    fn bytes(&self) -> usize {
        let blocks = self.blocks.iter();
        blocks
            .map(|block| block.times.len() * (block.columns.len() * 8 + 16))
            .sum()
    }
}

/// The samples of several columns in `range`, by time; of several at one time the last that came.
fn sorted<'a>(columns: impl Iterator<Item = (&'a Block, usize)>, range: &Range<i64>) -> Run {
    let mut cells = Vec::new();
    for (block, column) in columns {
        let values = block.values(column, 0..block.times.len());
        let rows = block.times.iter().zip(&block.ids).zip(values);
        let rows = rows.filter(|((at, _), _)| range.contains(at));
        cells.extend(rows.map(|((at, id), value)| (*at, *id, value)));
    }
    cells.sort_unstable_by_key(|(at, id, _)| (*at, std::cmp::Reverse(*id)));
    cells.dedup_by_key(|(at, ..)| *at);
    cells.into_iter().map(|(at, _, value)| (at, value)).unzip()
}
