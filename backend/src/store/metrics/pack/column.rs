//! One column of numbers ⇄ bytes: the codec of times and of values; pure, never a database.
//!
//! A byte tells the form: one number that stands for all; times at one distance; or `pco`, which
//! keeps every bit of a float. What is constant or regular costs a few bytes however long it is.

use pco::ChunkConfig;
use pco::standalone::{simple_compress_into, simple_decompress_into};

/// Higher levels find little more in an hour of samples and take longer.
const LEVEL: usize = 8;

const SAME: u8 = 0;
const REGULAR: u8 = 1;
const PACKED: u8 = 2;

/// Bytes that are no column, or one of another length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a column of {0} numbers")]
pub(in crate::store) struct BadColumn(usize);

/// Adds the bytes of values to `to`.
pub(super) fn write_values(values: &[f64], to: &mut Vec<u8>) {
    match values.split_first() {
        Some((first, rest)) if rest.iter().all(|one| one.to_bits() == first.to_bits()) => {
            to.push(SAME);
            to.extend_from_slice(&first.to_le_bytes());
        }
        _ => write_packed(values, to),
    }
}

/// Adds the bytes of whole numbers to `to`: times, mostly.
pub(in crate::store::metrics) fn write_times(times: &[i64], to: &mut Vec<u8>) {
    let Some(step) = regular_step(times) else {
        return write_packed(times, to);
    };
    to.push(REGULAR);
    to.extend_from_slice(&times.first().copied().unwrap_or_default().to_le_bytes());
    to.extend_from_slice(&step.to_le_bytes());
}

/// The one distance between times; `None` when there is more than one.
fn regular_step(times: &[i64]) -> Option<i64> {
    let step = match times {
        [first, second, ..] => second.checked_sub(*first)?,
        _ => 0,
    };
    times
        .windows(2)
        .all(|pair| pair[1].checked_sub(pair[0]) == Some(step))
        .then_some(step)
}

fn write_packed<N: pco::data_types::Number>(numbers: &[N], to: &mut Vec<u8>) {
    to.push(PACKED);
    let config = ChunkConfig::default().with_compression_level(LEVEL);
    let start = to.len();
    // Writing into memory cannot fail; should the codec refuse, the column is empty and its reader says so.
    if simple_compress_into(numbers, &config, &mut *to).is_err() {
        to.truncate(start);
    }
}

/// The `count` values of a column.
pub(super) fn read_values(bytes: &[u8], count: usize) -> Result<Vec<f64>, BadColumn> {
    match bytes.split_first() {
        Some((&SAME, rest)) => {
            let value = <[u8; 8]>::try_from(rest).map_err(|_| BadColumn(count))?;
            Ok(vec![f64::from_le_bytes(value); count])
        }
        Some((&PACKED, rest)) => read_packed(rest, count),
        _ => Err(BadColumn(count)),
    }
}

/// The `count` times of a column.
pub(in crate::store::metrics) fn read_times(
    bytes: &[u8],
    count: usize,
) -> Result<Vec<i64>, BadColumn> {
    match bytes.split_first() {
        Some((&REGULAR, rest)) => {
            let (first, step) = rest.split_at_checked(8).ok_or(BadColumn(count))?;
            let number = |bytes| <[u8; 8]>::try_from(bytes).map(i64::from_le_bytes);
            match (number(first), number(step), i64::try_from(count)) {
                (Ok(first), Ok(step), Ok(many)) => Ok((0..many)
                    .map(|at| first.wrapping_add(step.wrapping_mul(at)))
                    .collect()),
                _ => Err(BadColumn(count)),
            }
        }
        Some((&PACKED, rest)) => read_packed(rest, count),
        _ => Err(BadColumn(count)),
    }
}

fn read_packed<N: pco::data_types::Number + Default>(
    bytes: &[u8],
    count: usize,
) -> Result<Vec<N>, BadColumn> {
    let mut numbers = vec![N::default(); count];
    match simple_decompress_into(bytes, &mut numbers) {
        Ok(progress) if progress.n_processed == count && progress.finished => Ok(numbers),
        _ => Err(BadColumn(count)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values_again(values: &[f64]) -> Vec<u64> {
        let mut bytes = Vec::new();
        write_values(values, &mut bytes);
        let read = read_values(&bytes, values.len()).unwrap();
        read.into_iter().map(f64::to_bits).collect()
    }

    proptest! {
        #[test]
        fn any_floats_come_back_bit_for_bit(values in prop::collection::vec(any::<u64>(), 1..400)) {
            let floats: Vec<f64> = values.iter().copied().map(f64::from_bits).collect();
            prop_assert_eq!(values_again(&floats), values);
        }

        #[test]
        fn times_come_back(times in prop::collection::btree_set(any::<i64>(), 1..400)) {
            let times: Vec<i64> = times.into_iter().collect();
            let mut bytes = Vec::new();
            write_times(&times, &mut bytes);
            prop_assert_eq!(read_times(&bytes, times.len()).unwrap(), times);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let values = read_values(&bytes, 9);
            prop_assert!(values.is_err() || values.unwrap().len() == 9);
            let times = read_times(&bytes, 9);
            prop_assert!(times.is_err() || times.unwrap().len() == 9);
        }
    }

    #[test]
    fn what_does_not_change_costs_nothing() {
        let hour: Vec<i64> = (0..3_600).map(|second| second * 1_000).collect();
        let mut bytes = Vec::new();
        write_values(&vec![7.5; 3_600], &mut bytes);
        assert_eq!(bytes.len(), 9);
        bytes.clear();
        write_times(&hour, &mut bytes);
        assert_eq!(bytes.len(), 17);
    }
}
