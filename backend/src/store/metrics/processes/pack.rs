//! The bytes of a pack of lists of processes; pure, never a database.
//!
//! Version 1: one byte `1`, the CRC of the rest (4 bytes, little endian), then postcard: words, each
//! once, and columns of whole numbers. All readings of a process stand beside each other, list
//! after list, as differences to the one before: what does not change costs nothing.

use std::collections::{BTreeMap, HashMap};

use common::host::Process;
use serde::{Deserialize, Serialize};

use super::cells::{self, Against, CELLS, CPU, Cells};
use super::fields::{interval, total_memory};
use super::tracks::{self, Key, Seen};
use super::{BadLists, List, order};
use crate::store::error::StoreError;
use crate::store::metrics::pack::column::{read_times, write_times};

/// The version that is written.
const VERSION: u8 = 1;
/// Numbers at most in a column: bytes that claim more are none.
const MOST: u32 = 10_000_000;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Stored {
    /// Names and users.
    words: Vec<String>,
    /// Memory of the host in bytes; 0 when no process tells it.
    memory: i64,
    /// Of lists: times, intervals, whether the order is told, and those orders. Of processes:
    /// numbers, how many runs, and those runs. Of processes in lists: each of their cells.
    columns: Vec<Column>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Column {
    count: u32,
    bytes: Vec<u8>,
}

type Tracks<'a> = BTreeMap<Key, Vec<Seen<'a>>>;

/// The bytes of lists, whose times ascend.
pub(super) fn encode(lists: &[List]) -> Result<Vec<u8>, StoreError> {
    let tracks = tracks::of(lists);
    let intervals = intervals(lists);
    let mut stored = Stored {
        memory: memory(lists),
        ..Stored::default()
    };
    stored.add(&lists.iter().map(|(at, _)| *at).collect::<Vec<_>>());
    stored.add(&intervals);
    stored.add_orders(lists.len(), &tracks);
    stored.add_tracks(&tracks);
    stored.add_cells(&tracks, &intervals);
    let corrupt = |_| StoreError::Corrupt {
        what: "lists of processes",
    };
    let stored = postcard::to_allocvec(&stored).map_err(corrupt)?;
    let crc = crc32fast::hash(&stored).to_le_bytes();
    Ok([&[VERSION][..], &crc, &stored].concat())
}

/// The lists, in the order of their times.
pub(super) fn decode(body: &[u8]) -> Result<Vec<List>, BadLists> {
    let (&[version, a, b, c, d], rest) = body.split_first_chunk().ok_or(BadLists)?;
    if version != VERSION || crc32fast::hash(rest) != u32::from_le_bytes([a, b, c, d]) {
        return Err(BadLists);
    }
    let stored: Stored = postcard::from_bytes(rest).map_err(|_| BadLists)?;
    let mut columns = stored.columns.iter().map(Column::read);
    let mut next = || columns.next().unwrap_or(Err(BadLists));
    let (times, intervals) = (next()?, next()?);
    let (is_told, orders) = (next()?, next()?);
    let mut lists: Vec<Vec<Process>> = vec![Vec::new(); times.len()];
    let (pids, run_counts, runs) = (next()?, next()?, next()?);
    let rows: Result<Vec<Vec<i64>>, BadLists> = (0..CELLS).map(|_| next()).collect();
    let mut rows = Rows::new(rows?);
    let mut runs = runs.as_slice();
    for (pid, count) in pids.iter().zip(run_counts) {
        let pid = u32::try_from(*pid).map_err(|_| BadLists)?;
        let (own, rest) = split(runs, count)?;
        runs = rest;
        rows.begin_track();
        for list in tracks::lists(own, times.len())? {
            let against = Against {
                memory: stored.memory,
                interval: *intervals.get(list).ok_or(BadLists)?,
            };
            let process = cells::read(pid, &rows.next()?, &stored.words, against)?;
            lists[list].push(process);
        }
    }
    in_order(times, lists, &is_told, &orders)
}

fn in_order(
    times: Vec<i64>,
    lists: Vec<Vec<Process>>,
    is_told: &[i64],
    mut orders: &[i64],
) -> Result<Vec<List>, BadLists> {
    let mut ordered = Vec::with_capacity(lists.len());
    for ((at, list), is_told) in times.into_iter().zip(lists).zip(is_told) {
        let mut told = None;
        if *is_told != 0 {
            let (own, rest) = orders.split_at_checked(list.len()).ok_or(BadLists)?;
            (told, orders) = (Some(own), rest);
        }
        ordered.push((at, order::read(list, told)?));
    }
    Ok(ordered)
}

fn split(numbers: &[i64], count: i64) -> Result<(&[i64], &[i64]), BadLists> {
    let count = usize::try_from(count).map_err(|_| BadLists)?;
    numbers.split_at_checked(count).ok_or(BadLists)
}

/// The memory of the host, as that of its processes tells it that has most.
fn memory(lists: &[List]) -> i64 {
    let processes = lists.iter().flat_map(|(_, processes)| processes);
    let shares = processes.filter_map(|it| Some((it.memory_bytes, it.memory_percent?)));
    let most = shares.max_by_key(|(bytes, _)| *bytes);
    most.map_or(0, |(bytes, percent)| total_memory(bytes, percent))
}

fn intervals(lists: &[List]) -> Vec<i64> {
    let mut before = 0;
    let mut of_list = |(_, processes): &List| {
        let shares: Vec<f64> = processes.iter().filter_map(|it| it.cpu_percent).collect();
        before = interval(&shares, before);
        before
    };
    lists.iter().map(&mut of_list).collect()
}

impl Stored {
    fn add(&mut self, numbers: &[i64]) {
        let mut bytes = Vec::new();
        write_times(numbers, &mut bytes);
        let count = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        self.columns.push(Column { count, bytes });
    }

    fn add_orders(&mut self, lists: usize, tracks: &Tracks<'_>) {
        let mut of_lists: Vec<(Vec<&Process>, Vec<usize>)> = vec![Default::default(); lists];
        for seen in tracks.values().flatten() {
            let (processes, places) = &mut of_lists[seen.list];
            processes.push(seen.process);
            places.push(seen.place);
        }
        let orders = of_lists.iter();
        let orders = orders.map(|(processes, places)| order::write(processes, places));
        let orders: Vec<Option<Vec<i64>>> = orders.collect();
        let is_told = orders.iter().map(|order| i64::from(order.is_some()));
        self.add(&is_told.collect::<Vec<_>>());
        self.add(&orders.into_iter().flatten().flatten().collect::<Vec<_>>());
    }

    fn add_tracks(&mut self, tracks: &Tracks<'_>) {
        let pids = tracks.keys().map(|key| i64::from(key.pid));
        self.add(&pids.collect::<Vec<_>>());
        let runs = tracks.values();
        let runs = runs.map(|track| tracks::runs(track.iter().map(|seen| seen.list)));
        let runs: Vec<Vec<i64>> = runs.collect();
        let counts = runs.iter();
        let counts = counts.map(|runs| i64::try_from(runs.len()).unwrap_or(i64::MAX));
        self.add(&counts.collect::<Vec<_>>());
        self.add(&runs.concat());
    }

    fn add_cells(&mut self, tracks: &Tracks<'_>, intervals: &[i64]) {
        let mut columns: [Vec<i64>; CELLS] = std::array::from_fn(|_| Vec::new());
        let mut words = Words::default();
        let mut first = Cells::default();
        for track in tracks.values() {
            let mut before = first;
            for (turn, seen) in track.iter().enumerate() {
                let name = words.number(&seen.process.name);
                let user = seen.process.user.as_ref().map(|user| words.number(user));
                let against = Against {
                    memory: self.memory,
                    interval: intervals[seen.list],
                };
                let cells = cells::write(seen.process, name, user, against);
                for (place, column) in columns.iter_mut().enumerate() {
                    let before = if place == CPU { 0 } else { before[place] };
                    column.push(cells[place].wrapping_sub(before));
                }
                before = cells;
                if turn == 0 {
                    first = cells;
                }
            }
        }
        self.words = words.all;
        for column in columns {
            self.add(&column);
        }
    }
}

impl Column {
    fn read(&self) -> Result<Vec<i64>, BadLists> {
        let count = Some(self.count).filter(|count| *count <= MOST);
        let count = usize::try_from(count.ok_or(BadLists)?).map_err(|_| BadLists)?;
        read_times(&self.bytes, count).map_err(|_| BadLists)
    }
}

/// Words in the order in which they were first seen.
#[derive(Default)]
struct Words {
    all: Vec<String>,
    numbers: HashMap<String, i64>,
}

impl Words {
    fn number(&mut self, word: &str) -> i64 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = i64::try_from(self.all.len()).unwrap_or(i64::MAX);
        self.all.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }
}

/// Columns of cells, read row by row.
struct Rows {
    columns: Vec<Vec<i64>>,
    row: usize,
    before: Cells,
    /// The first cells of the process before this one, once this one has its own.
    first: Cells,
    is_first: bool,
}

impl Rows {
    fn new(columns: Vec<Vec<i64>>) -> Self {
        Self {
            columns,
            row: 0,
            before: Cells::default(),
            first: Cells::default(),
            is_first: true,
        }
    }

    fn begin_track(&mut self) {
        self.before = self.first;
        self.is_first = true;
    }

    fn next(&mut self) -> Result<Cells, BadLists> {
        let mut cells = Cells::default();
        for (place, column) in self.columns.iter().enumerate() {
            let before = if place == CPU { 0 } else { self.before[place] };
            let difference = column.get(self.row).ok_or(BadLists)?;
            cells[place] = before.wrapping_add(*difference);
        }
        self.row += 1;
        self.before = cells;
        if std::mem::take(&mut self.is_first) {
            self.first = cells;
        }
        Ok(cells)
    }
}

#[cfg(test)]
mod tests;
