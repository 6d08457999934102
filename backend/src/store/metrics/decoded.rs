//! Columns of packs that were decoded of late, in bounded memory: dashboards ask for the same again and
//! again. A pack never changes, and its number is never another's.

use std::ops::Range;
use std::sync::Arc;

use common::series::Column::Shared;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::dictionary::SeriesNumber;
use super::runs::{Samples, within};
use crate::store::tables::pack::Span;

/// Bytes that are kept at most.
const MOST_BYTES: u64 = 16 << 20;
/// Columns that there is room for at first.
const COLUMNS: usize = 512;
/// Columns of times that are known to others,
const TIMES: usize = 128;
/// of so many samples at most: an hour of seconds.
const SHORT: usize = 3_600;
/// What an entry takes beside its samples.
const ENTRY_BYTES: usize = 64;

/// The samples of a series in a pack.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// What the pack covers.
    pub(super) span: Span,
    /// Shared by the series of the pack that were read together.
    pub(super) times: Arc<[i64]>,
    pub(super) values: Arc<[f64]>,
}

impl Column {
    /// The places of its samples with `start ≤ time < end`.
    pub(super) fn places(&self, range: &Range<i64>) -> Range<usize> {
        within(&self.times, range)
    }

    /// Its samples at these places, shared.
    pub(super) fn share(&self, places: Range<usize>) -> Samples {
        let times = Shared(Arc::clone(&self.times), places.clone());
        (times, Shared(Arc::clone(&self.values), places))
    }
}

/// What is known of a series in a pack.
#[derive(Debug, Clone)]
pub(super) enum Known {
    /// It is not in there.
    Absent,
    /// Its samples.
    Present(Column),
}

impl Known {
    /// Its samples; `None` when it is not in there.
    pub(super) fn column(self) -> Option<Column> {
        match self {
            Self::Absent => None,
            Self::Present(column) => Some(column),
        }
    }

    /// How many samples it has in there.
    pub(super) fn samples(&self) -> usize {
        match self {
            Self::Absent => 0,
            Self::Present(column) => column.values.len(),
        }
    }
}

/// Columns by the number of their pack and of their series, and times that many columns have.
#[derive(Debug)]
pub(super) struct Decoded {
    columns: Cache<(i64, SeriesNumber), Known, Bytes>,
    /// By the first, the last and how many there are.
    times: Cache<(i64, i64, usize), Arc<[i64]>>,
}

impl Default for Decoded {
    fn default() -> Self {
        Self {
            columns: Cache::with_weighter(COLUMNS, MOST_BYTES, Bytes),
            times: Cache::new(TIMES),
        }
    }
}

impl Decoded {
    /// What is kept of a series in a pack; `None` when nothing is.
    pub(super) fn get(&self, pack: i64, series: SeriesNumber) -> Option<Known> {
        self.columns.get(&(pack, series))
    }

    /// As [`Decoded::get`], of several series; `None` when one of them is not kept.
    pub(super) fn all(&self, pack: i64, series: &[SeriesNumber]) -> Option<Vec<Known>> {
        series.iter().map(|it| self.get(pack, *it)).collect()
    }

    /// Keeps what was decoded.
    pub(super) fn keep(&self, pack: i64, series: SeriesNumber, known: Known) {
        self.columns.insert((pack, series), known);
    }

    /// The same times as they lie in memory already: series of other packs have them too, and what
    /// is shared is merged once and stays in the processor's cache.
    pub(super) fn shared(&self, times: Arc<[i64]>) -> Arc<[i64]> {
        let (Some(first), Some(last)) = (times.first(), times.last()) else {
            return times;
        };
        let key = (*first, *last, times.len());
        match self.times.get(&key) {
            Some(known) if known == times => known,
            _ => {
                if times.len() <= SHORT {
                    self.times.insert(key, Arc::clone(&times));
                }
                times
            }
        }
    }
}

#[cfg(test)]
impl Decoded {
    /// Forgets all: a test changes a pack where it lies.
    pub(super) fn forget(&self) {
        self.columns.clear();
    }
}

/// What an entry weighs.
#[derive(Debug, Clone)]
struct Bytes;

impl Weighter<(i64, SeriesNumber), Known> for Bytes {
    fn weight(&self, _: &(i64, SeriesNumber), known: &Known) -> u64 {
        // The times are counted as if they were not shared.
        (ENTRY_BYTES + 16 * known.samples()) as u64
    }
}
