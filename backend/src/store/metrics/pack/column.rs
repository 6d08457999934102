//! One column of numbers ⇄ bytes: the codec of times and of values; pure, never a database.
//!
//! A byte tells the form: one number that stands for all; times at one distance; or `pco`, which
//! keeps every bit of a float, and takes whole numbers faster and smaller than floats: what has no
//! fraction, or one of a few decimals, is taken as those. What is constant or regular costs a few bytes
//! however long it is.

use pco::standalone::{simple_compress_into, simple_decompress_into};
use pco::{ChunkConfig, DeltaSpec};

const SAME: u8 = 0;
const REGULAR: u8 = 1;
const PACKED: u8 = 2;
const WHOLE: u8 = 3;
const DECIMAL: u8 = 4;

/// Ten to the number of decimals.
const POWERS: [f64; 7] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];

/// Floats below this that have no fraction are whole numbers to the bit.
const MOST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// How hard the codec tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::store::metrics) enum Effort {
    /// For minutes that are packed again with their hour: more would find little in them.
    Little,
    /// For what stays.
    #[default]
    Much,
}

impl Effort {
    /// Higher levels find little more and take longer.
    fn level(self) -> usize {
        match self {
            Self::Little => 3,
            Self::Much => 8,
        }
    }
}

/// Bytes that are no column, or one of another length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a column of {0} numbers")]
pub(in crate::store) struct BadColumn(usize);

/// Adds the bytes of values to `to`.
pub(super) fn write_values(values: &[f64], effort: Effort, to: &mut Vec<u8>) {
    let config = ChunkConfig::default()
        .with_compression_level(effort.level())
        .with_delta_spec(delta(values));
    match values.split_first() {
        Some((first, rest)) if rest.iter().all(|one| one.to_bits() == first.to_bits()) => {
            to.push(SAME);
            to.extend_from_slice(&first.to_le_bytes());
        }
        _ => {
            if let Some((shift, numbers)) = whole(values) {
                to.extend([WHOLE, shift]);
                compress(&numbers, &config, to);
            } else if let Some((decimals, numbers)) = decimal(values) {
                to.extend([DECIMAL, decimals]);
                compress(&numbers, &config, to);
            } else {
                to.push(PACKED);
                compress(values, &config, to);
            }
        }
    }
}

/// The values as whole numbers without the low bits that none of them has, and how many those are;
/// `None` when that would lose a bit.
fn whole(values: &[f64]) -> Option<(u8, Vec<i64>)> {
    let number = |value: &f64| {
        let is_whole = value.abs() < MOST_WHOLE && value.trunc().to_bits() == value.to_bits();
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        (is_whole && value.to_bits() != (-0.0_f64).to_bits()).then_some(*value as i64)
    };
    let mut numbers: Vec<i64> = values.iter().map(number).collect::<Option<_>>()?;
    let bits = numbers.iter().fold(0, |bits, number| bits | number);
    let shift = bits.trailing_zeros().min(63);
    for number in &mut numbers {
        *number >>= shift;
    }
    Some((u8::try_from(shift).ok()?, numbers))
}

/// The values as whole numbers of the last of a few decimals, and how many those are; `None` when that
/// would lose a bit.
fn decimal(values: &[f64]) -> Option<(u8, Vec<i64>)> {
    let number = |value: f64, power: f64| {
        let number = (value * power).round();
        #[expect(clippy::cast_possible_truncation, reason = "below 2^53, or not taken")]
        let number = (number.abs() < MOST_WHOLE).then_some(number as i64)?;
        (of_decimals(number, power).to_bits() == value.to_bits()).then_some(number)
    };
    (1_u8..).zip(&POWERS[1..]).find_map(|(decimals, power)| {
        let numbers = values.iter().map(|value| number(*value, *power));
        Some((decimals, numbers.collect::<Option<_>>()?))
    })
}

#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
fn of_decimals(number: i64, power: f64) -> f64 {
    number as f64 / power
}

/// What walks is told by its steps, what stays around a level by itself: trying both would take
/// longer than the packing.
fn delta(values: &[f64]) -> DeltaSpec {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a column is far shorter than 2^53"
    )]
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let around: f64 = values.iter().map(|value| (value - mean).abs()).sum();
    let steps: f64 = values
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .sum();
    if steps < around {
        DeltaSpec::TryConsecutive(1)
    } else {
        DeltaSpec::NoOp
    }
}

/// Adds the bytes of whole numbers to `to`: times, mostly.
pub(in crate::store::metrics) fn write_times(times: &[i64], to: &mut Vec<u8>) {
    let Some(step) = regular_step(times) else {
        to.push(PACKED);
        let config = ChunkConfig::default().with_compression_level(Effort::Much.level());
        return compress(times, &config, to);
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

fn compress<N: pco::data_types::Number>(numbers: &[N], config: &ChunkConfig, to: &mut Vec<u8>) {
    let start = to.len();
    // Writing into memory cannot fail; should the codec refuse, the column is empty and its reader says so.
    if simple_compress_into(numbers, config, &mut *to).is_err() {
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
        Some((&WHOLE, rest)) => read_whole(rest, count),
        Some((&DECIMAL, rest)) => read_decimal(rest, count),
        _ => Err(BadColumn(count)),
    }
}

fn read_whole(bytes: &[u8], count: usize) -> Result<Vec<f64>, BadColumn> {
    let (shift, rest) = bytes.split_first().ok_or(BadColumn(count))?;
    let shift = u32::from(*shift);
    if shift > 63 {
        return Err(BadColumn(count));
    }
    let numbers = read_packed::<i64>(rest, count)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "written of floats without a fraction"
    )]
    let values = numbers.into_iter().map(|number| (number << shift) as f64);
    Ok(values.collect())
}

fn read_decimal(bytes: &[u8], count: usize) -> Result<Vec<f64>, BadColumn> {
    let (decimals, rest) = bytes.split_first().ok_or(BadColumn(count))?;
    let power = POWERS.get(usize::from(*decimals)).ok_or(BadColumn(count))?;
    let numbers = read_packed::<i64>(rest, count)?.into_iter();
    Ok(numbers.map(|number| of_decimals(number, *power)).collect())
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
        write_values(values, Effort::Much, &mut bytes);
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
        fn decimals_come_back_bit_for_bit(
            numbers in prop::collection::vec(-10_000_000_i32..10_000_000, 1..400),
            decimals in 0_usize..9,
        ) {
            let power = 10_f64.powi(i32::try_from(decimals).unwrap());
            let values: Vec<f64> = numbers.iter().map(|it| f64::from(*it) / power).collect();
            let bits: Vec<u64> = values.iter().copied().map(f64::to_bits).collect();
            prop_assert_eq!(values_again(&values), bits);
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
    fn a_percentage_with_two_decimals_is_taken_as_whole_numbers() {
        let percent = |at: u32| f64::from(at * 7_919 % 10_000) / 100.0;
        let values: Vec<f64> = (0..3_600).map(percent).collect();
        let mut bytes = Vec::new();
        write_values(&values, Effort::Much, &mut bytes);
        assert_eq!(bytes[..2], [DECIMAL, 2]);
        for others in [vec![0.1, -0.0], vec![0.1, f64::NAN], vec![0.1, 1.0 / 3.0]] {
            bytes.clear();
            write_values(&others, Effort::Much, &mut bytes);
            assert_eq!(bytes[0], PACKED, "{others:?}");
        }
    }

    #[test]
    fn what_does_not_change_costs_nothing() {
        let hour: Vec<i64> = (0..3_600).map(|second| second * 1_000).collect();
        let mut bytes = Vec::new();
        write_values(&vec![7.5; 3_600], Effort::Much, &mut bytes);
        assert_eq!(bytes.len(), 9);
        bytes.clear();
        write_times(&hour, &mut bytes);
        assert_eq!(bytes.len(), 17);
    }
}
