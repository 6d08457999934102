//! Builds a pack, series after series; never reads one.

use super::column::{Effort, write_times, write_values};
use super::{CRC, Directory, HEAD, Times, VERSION, Values};

/// A pack in the making.
#[derive(Debug, Default)]
pub(in crate::store::metrics) struct Writer {
    directory: Directory,
    /// The times that columns of values have, in the order of the directory.
    known: Vec<Vec<i64>>,
    times: Vec<u8>,
    values: Vec<u8>,
    last: Option<u32>,
    first: Option<u32>,
    effort: Effort,
}

/// A finished pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store::metrics) struct Packed {
    /// The lowest and the highest number of its series.
    pub(in crate::store::metrics) series: (u32, u32),
    /// The first and the last time of a sample.
    pub(in crate::store::metrics) span: (i64, i64),
    /// How many samples it has.
    pub(in crate::store::metrics) samples: usize,
    /// The bytes.
    pub(in crate::store::metrics) body: Vec<u8>,
}

impl Writer {
    /// A pack without series yet.
    pub(in crate::store::metrics) fn new(effort: Effort) -> Self {
        Self {
            effort,
            ..Self::default()
        }
    }

    /// Adds a series; numbers and times ascend, and there is a value for each time.
    pub(in crate::store::metrics) fn add(&mut self, series: u32, times: &[i64], values: &[f64]) {
        debug_assert!(self.last.is_none_or(|last| last < series), "series ascend");
        debug_assert_eq!(times.len(), values.len(), "a value for each time");
        if times.is_empty() {
            return;
        }
        let times = self.column_of(times);
        let length = framed(&mut self.values, |bytes| {
            write_values(values, self.effort, bytes);
        });
        self.directory.series.push(Values {
            after: series - self.last.unwrap_or_default(),
            times,
            length,
        });
        self.first.get_or_insert(series);
        self.last = Some(series);
    }

    /// Bytes so far, about.
    pub(in crate::store::metrics) fn size(&self) -> usize {
        self.times.len() + self.values.len()
    }

    /// The pack.
    pub(in crate::store::metrics) fn finish(self) -> Packed {
        // Numbers in memory: writing them cannot fail.
        let directory = postcard::to_allocvec(&self.directory).unwrap_or_default();
        let length = u32::try_from(directory.len()).unwrap_or(u32::MAX);
        let mut body =
            Vec::with_capacity(HEAD + directory.len() + self.times.len() + self.values.len());
        body.push(VERSION);
        body.extend_from_slice(&crc32fast::hash(&directory).to_le_bytes());
        body.extend_from_slice(&length.to_le_bytes());
        body.extend_from_slice(&directory);
        body.extend_from_slice(&self.times);
        body.extend_from_slice(&self.values);
        let firsts = self.known.iter().filter_map(|times| times.first());
        let lasts = self.known.iter().filter_map(|times| times.last());
        let per_column = self.directory.series.iter().filter_map(|column| {
            let times = usize::try_from(column.times).ok()?;
            Some(self.known.get(times)?.len())
        });
        Packed {
            series: (
                self.first.unwrap_or_default(),
                self.last.unwrap_or_default(),
            ),
            span: (
                firsts.min().copied().unwrap_or_default(),
                lasts.max().copied().unwrap_or_default(),
            ),
            samples: per_column.sum(),
            body,
        }
    }

    /// The number of a column of times, which is added when it is new.
    fn column_of(&mut self, times: &[i64]) -> u32 {
        let known = self.known.iter().rposition(|known| known == times);
        let index = known.unwrap_or_else(|| {
            let length = framed(&mut self.times, |bytes| write_times(times, bytes));
            let count = u32::try_from(times.len()).unwrap_or(u32::MAX);
            self.directory.times.push(Times { count, length });
            self.known.push(times.to_vec());
            self.known.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }
}

/// Adds a column behind the CRC of its bytes; their length together.
fn framed(to: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) -> u32 {
    let start = to.len();
    to.extend_from_slice(&[0; CRC]);
    write(to);
    let crc = crc32fast::hash(&to[start + CRC..]);
    to[start..start + CRC].copy_from_slice(&crc.to_le_bytes());
    u32::try_from(to.len() - start).unwrap_or(u32::MAX)
}
