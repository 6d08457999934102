//! The bytes of a pack: samples of many series of one server, each found without reading the
//! others; pure, never a database.
//!
//! Version 1: one byte `1`, the CRC of the directory and its length (4 bytes each, little endian),
//! the directory (postcard), then the columns. Series that were read together share a column of
//! times. Each column begins with the CRC of its bytes, so that a flipped bit costs one series.

pub(super) mod column;
mod reader;
mod writer;

pub(super) use column::Effort;
pub(super) use reader::{BadPack, Reader};
pub(super) use writer::{Packed, Writer};

use serde::{Deserialize, Serialize};

/// The version that is written.
const VERSION: u8 = 1;
/// Bytes before the directory.
const HEAD: usize = 1 + 4 + 4;
/// Bytes of a CRC.
const CRC: usize = 4;

/// How many samples a pack has, each of them decoded; `None` when it cannot be read whole.
pub(in crate::store) fn samples_in(body: &[u8]) -> Option<u64> {
    let mut reader = Reader::open(body).ok()?;
    let series: Vec<u32> = reader.series().collect();
    let mut count = 0;
    for number in series {
        let (times, _) = reader.samples(number).ok()??;
        count += u64::try_from(times.len()).unwrap_or_default();
    }
    Some(count)
}

/// Where everything is.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Directory {
    times: Vec<Times>,
    /// Ascending by series.
    series: Vec<Values>,
}

/// A column of times, before all columns of values.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Times {
    count: u32,
    length: u32,
}

/// A column of values.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Values {
    /// The number of the series after that of the one before.
    after: u32,
    /// Which column of times it has.
    times: u32,
    length: u32,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    type Samples = BTreeMap<i64, f64>;

    fn pack(series: &BTreeMap<u32, Samples>) -> Vec<u8> {
        let mut writer = Writer::default();
        for (number, samples) in series {
            let times: Vec<i64> = samples.keys().copied().collect();
            let values: Vec<f64> = samples.values().copied().collect();
            writer.add(*number, &times, &values);
        }
        writer.finish().body
    }

    fn series() -> BTreeMap<u32, Samples> {
        let at = |step: i64| (0..300).map(move |turn| turn * step);
        let value = |at: i64| f64::from(i32::try_from(at % 977).unwrap());
        [(3, 1_000), (4, 1_000), (90, 777)]
            .map(|(number, step)| (number, at(step).map(|at| (at, value(at))).collect()))
            .into()
    }

    fn read(bytes: &[u8]) -> BTreeMap<u32, Samples> {
        let mut reader = Reader::open(bytes).unwrap();
        let numbers: Vec<u32> = reader.series().collect();
        let samples = |number| {
            let (times, values) = reader.samples(number).unwrap().unwrap();
            (number, times.iter().copied().zip(values).collect())
        };
        numbers.into_iter().map(samples).collect()
    }

    proptest! {
        #[test]
        fn a_pack_comes_back(series in prop::collection::btree_map(
            any::<u32>(),
            prop::collection::btree_map(any::<i64>(), any::<u64>(), 1..40),
            0..20,
        )) {
            let floats = |samples: &BTreeMap<i64, u64>| -> Samples {
                samples.iter().map(|(at, bits)| (*at, f64::from_bits(*bits))).collect()
            };
            let bits = |samples: &Samples| -> BTreeMap<i64, u64> {
                samples.iter().map(|(at, value)| (*at, value.to_bits())).collect()
            };
            let floats = series.iter().map(|(number, samples)| (*number, floats(samples)));
            let read = read(&pack(&floats.collect()));
            let read = read.iter().map(|(number, samples)| (*number, bits(samples)));
            prop_assert_eq!(read.collect::<BTreeMap<_, _>>(), series);
        }

        #[test]
        fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..90)) {
            if let Some(version) = bytes.first_mut() {
                *version = VERSION;
            }
            // A directory that nobody wrote has no CRC that is right.
            prop_assert!(Reader::open(&bytes).is_err());
        }
    }

    #[test]
    fn a_flipped_bit_is_found_and_costs_one_series() {
        let series = series();
        let bytes = pack(&series);
        for place in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[place] ^= 1;
            let Ok(mut reader) = Reader::open(&bytes) else {
                continue;
            };
            let good = series
                .iter()
                .filter(|(number, samples)| match reader.samples(**number) {
                    Ok(Some((times, values))) => {
                        let read: Samples = times.iter().copied().zip(values).collect();
                        assert_eq!(read, **samples, "byte {place}");
                        true
                    }
                    Ok(None) => panic!("byte {place}: the directory lost series {number}"),
                    Err(BadPack) => false,
                })
                .count();
            // Two of the three share their times.
            assert!(good == 2 || good == 1, "byte {place}: {good} of 3 read");
        }
    }

    #[test]
    fn a_series_that_is_not_there_is_no_fault() {
        let bytes = pack(&series());
        assert!(Reader::open(&bytes).unwrap().samples(5).unwrap().is_none());
    }

    #[test]
    fn series_share_their_times() {
        let series = series();
        let apart: usize = series
            .iter()
            .map(|(number, samples)| pack(&[(*number, samples.clone())].into()).len())
            .sum();
        assert!(pack(&series).len() < apart - 2 * HEAD);
    }
}
