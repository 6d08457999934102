//! Reads a pack where it lies: only the columns that are asked for; never trusts a byte.

use std::sync::Arc;

use super::column::{read_times, read_values};
use super::{CRC, Directory, HEAD, VERSION};

/// Samples at most in a column: bytes that claim more are none.
const MOST: u32 = 10_000_000;

/// Bytes that are no pack, or a column of it that is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a damaged pack of samples")]
pub(in crate::store) struct BadPack;

/// Times, which other series may share, and their values.
pub(in crate::store::metrics) type Samples = (Arc<[i64]>, Vec<f64>);

/// A pack's bytes.
#[derive(Debug)]
pub(in crate::store::metrics) struct Reader<'a> {
    times: Vec<TimesColumn<'a>>,
    /// Number, column of times, bytes; ascending.
    series: Vec<(u32, usize, &'a [u8])>,
}

#[derive(Debug)]
struct TimesColumn<'a> {
    count: usize,
    bytes: &'a [u8],
    /// Once it was asked for.
    read: Option<Arc<[i64]>>,
}

impl<'a> Reader<'a> {
    /// Checks and reads the directory; the columns stay undecoded.
    pub(in crate::store::metrics) fn open(body: &'a [u8]) -> Result<Self, BadPack> {
        let (head, rest) = body.split_first_chunk::<HEAD>().ok_or(BadPack)?;
        let [version, c0, c1, c2, c3, l0, l1, l2, l3] = *head;
        let length = u32::from_le_bytes([l0, l1, l2, l3]);
        let (directory, columns) = usize::try_from(length)
            .ok()
            .and_then(|length| rest.split_at_checked(length))
            .ok_or(BadPack)?;
        let crc = u32::from_le_bytes([c0, c1, c2, c3]);
        if version != VERSION || crc32fast::hash(directory) != crc {
            return Err(BadPack);
        }
        let directory: Directory = postcard::from_bytes(directory).map_err(|_| BadPack)?;
        Self::columns(&directory, columns)
    }

    fn columns(directory: &Directory, mut rest: &'a [u8]) -> Result<Self, BadPack> {
        let mut take = |length: u32| {
            let length = usize::try_from(length).map_err(|_| BadPack)?;
            let (bytes, after) = rest.split_at_checked(length).ok_or(BadPack)?;
            rest = after;
            Ok(bytes)
        };
        let mut times = Vec::with_capacity(directory.times.len());
        for column in &directory.times {
            if column.count > MOST {
                return Err(BadPack);
            }
            times.push(TimesColumn {
                count: usize::try_from(column.count).map_err(|_| BadPack)?,
                bytes: take(column.length)?,
                read: None,
            });
        }
        let mut series = Vec::with_capacity(directory.series.len());
        let mut number = 0_u32;
        for column in &directory.series {
            number = number.checked_add(column.after).ok_or(BadPack)?;
            let index = usize::try_from(column.times).map_err(|_| BadPack)?;
            if index >= times.len() {
                return Err(BadPack);
            }
            series.push((number, index, take(column.length)?));
        }
        Ok(Self { times, series })
    }

    /// The numbers of its series, ascending.
    pub(in crate::store::metrics) fn series(&self) -> impl Iterator<Item = u32> + '_ {
        self.series.iter().map(|(number, ..)| *number)
    }

    /// How many samples a series has; `None` when it is not in here.
    pub(in crate::store::metrics) fn count(&self, series: u32) -> Option<usize> {
        let place = self.place(series)?;
        let (_, times, _) = self.series.get(place)?;
        Some(self.times.get(*times)?.count)
    }

    /// The times and values of a series; `None` when it is not in here.
    pub(in crate::store::metrics) fn samples(
        &mut self,
        series: u32,
    ) -> Result<Option<Samples>, BadPack> {
        let Some(place) = self.place(series) else {
            return Ok(None);
        };
        let (_, index, bytes) = self.series[place];
        let times = self.times[index].read()?;
        let values = read_values(checked(bytes)?, times.len()).map_err(|_| BadPack)?;
        Ok(Some((times, values)))
    }

    fn place(&self, series: u32) -> Option<usize> {
        let place = self
            .series
            .binary_search_by_key(&series, |(number, ..)| *number);
        place.ok()
    }
}

impl TimesColumn<'_> {
    fn read(&mut self) -> Result<Arc<[i64]>, BadPack> {
        if let Some(read) = &self.read {
            return Ok(Arc::clone(read));
        }
        let times = read_times(checked(self.bytes)?, self.count).map_err(|_| BadPack)?;
        let times = Arc::<[i64]>::from(times);
        self.read = Some(Arc::clone(&times));
        Ok(times)
    }
}

/// The bytes behind their CRC.
fn checked(bytes: &[u8]) -> Result<&[u8], BadPack> {
    let (crc, bytes) = bytes.split_first_chunk::<CRC>().ok_or(BadPack)?;
    if crc32fast::hash(bytes) == u32::from_le_bytes(*crc) {
        Ok(bytes)
    } else {
        Err(BadPack)
    }
}
