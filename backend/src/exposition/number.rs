//! Numbers as Go writes them, so that answers are Prometheus's byte for byte; never a rounding.

use std::io::Write;

/// Below it, and from [`LARGE`] on, Go writes an exponent.
const SMALL: f64 = 1e-6;
const LARGE: f64 = 1e21;

/// Decimals that [`decimal`] looks for.
const DECIMALS: usize = 3;
/// Two decimal numbers of 15 digits are never the same `f64`: what has no more of them is the shortest.
const FIFTEEN_DIGITS: f64 = 1e15;

/// A value: `NaN`, `+Inf`, `-Inf`, or the shortest digits that are read back as the same.
pub fn value(into: &mut Vec<u8>, value: f64) {
    if let Some((is_negative, thousandths)) = decimal(value) {
        with_decimals(into, is_negative, thousandths);
    } else if value.is_nan() {
        into.extend_from_slice(b"NaN");
    } else if value.is_infinite() {
        into.extend_from_slice(if value > 0.0 { b"+Inf" } else { b"-Inf" });
    } else if value != 0.0 && !(SMALL..LARGE).contains(&value.abs()) {
        with_exponent(into, value);
    } else {
        put(into, format_args!("{value}"));
    }
}

/// Most values have few decimals: found by arithmetic they take a tenth of the time of any value.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "a whole number below 10^15, and exactly the same"
)]
fn decimal(value: f64) -> Option<(bool, u64)> {
    let thousandths = (value.abs() * 1_000.0).round();
    let is_same = thousandths < FIFTEEN_DIGITS && thousandths / 1_000.0 == value.abs();
    is_same.then_some((value.is_sign_negative(), thousandths as u64))
}

fn with_decimals(into: &mut Vec<u8>, is_negative: bool, thousandths: u64) {
    if is_negative {
        into.push(b'-');
    }
    whole(into, thousandths / 1_000);
    let rest = thousandths % 1_000;
    if rest == 0 {
        return;
    }
    let digits = three_digits(rest);
    let zeros = digits.iter().rev().take_while(|digit| **digit == b'0');
    let length = DECIMALS - zeros.count();
    into.push(b'.');
    into.extend_from_slice(&digits[..length]);
}

fn three_digits(below_1000: u64) -> [u8; DECIMALS] {
    let digit = |place: u64| b'0' + u8::try_from(below_1000 / place % 10).unwrap_or(0);
    [digit(100), digit(10), digit(1)]
}

fn whole(into: &mut Vec<u8>, number: u64) {
    into.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// As `1.5e-07`: Go gives an exponent a sign and two digits at least.
fn with_exponent(into: &mut Vec<u8>, value: f64) {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    put(into, format_args!("{digits}e{sign}{exponent:0>2}"));
}

/// Milliseconds since 1970 as seconds, with decimals only when there are any.
pub fn seconds(into: &mut Vec<u8>, ms: i64) {
    if ms < 0 {
        into.push(b'-');
    }
    let (seconds, rest) = (ms.unsigned_abs() / 1_000, ms.unsigned_abs() % 1_000);
    whole(into, seconds);
    if rest > 0 {
        into.push(b'.');
        into.extend_from_slice(&three_digits(rest));
    }
}

fn put(into: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to memory cannot fail.
    into.write_fmt(text).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn values_are_written_as_go_writes_them() {
        for (number, expected) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (-0.25, "-0.25"),
            (99.001, "99.001"),
            (0.0004, "0.0004"),
            (0.1 + 0.2, "0.30000000000000004"),
            (999_999_999_999.875, "999999999999.875"),
            (123_456_789_012_345.6, "123456789012345.6"),
            (1e-6, "0.000001"),
            (9.9e-7, "9.9e-07"),
            (-1.25e-10, "-1.25e-10"),
            (5e-324, "5e-324"),
            (123_456_789_012.0, "123456789012"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(text(|into| value(into, number)), expected);
        }
    }

    #[test]
    fn times_are_seconds_with_the_decimals_that_they_need() {
        for (ms, expected) in [
            (0, "0"),
            (1_435_781_451_781, "1435781451.781"),
            (1_435_781_451_000, "1435781451"),
            (1_435_781_451_100, "1435781451.100"),
            (1_435_781_451_090, "1435781451.090"),
            (1_001, "1.001"),
            (-1_500, "-1.500"),
            (i64::MIN, "-9223372036854775.808"),
        ] {
            assert_eq!(text(|into| seconds(into, ms)), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_value_is_read_back_as_the_same(bits in proptest::num::u64::ANY) {
            let number = f64::from_bits(bits);
            let written = text(|into| value(into, number));
            let read: f64 = written.parse().unwrap();
            proptest::prop_assert!(read.to_bits() == bits || number.is_nan() && read.is_nan());
        }

        #[test]
        fn few_decimals_are_written_as_any_value_is(whole in -1_000_000_000_i64..1_000_000_000, by in 0_i32..6) {
            #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
            let number = whole as f64 / 10_f64.powi(by);
            let written = text(|into| value(into, number));
            proptest::prop_assume!(number == 0.0 || number.abs() >= SMALL);
            proptest::prop_assert_eq!(written, format!("{number}"));
        }
    }
}
