//! Times, durations and limits as Prometheus reads them; never a parameter's default but none.

use common::time::UnixMs;

use super::Fault;
use crate::http::problem::Problem;

/// The longest that Go's durations get, in seconds.
const LONGEST_SECONDS: f64 = 9_223_372_036.0;

/// Units of a duration, in their order, with their milliseconds.
const UNITS: [(&str, i64); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// A moment in milliseconds since 1970: seconds with decimals, or RFC 3339.
pub(in crate::http) fn time_ms(text: &str) -> Result<i64, String> {
    let wrong = || format!("cannot parse {text:?} to a valid timestamp");
    if let Ok(seconds) = text.parse::<f64>() {
        // Beyond, milliseconds cannot be counted; also for what is no number.
        return if seconds.abs() < 9e15 {
            Ok(milliseconds(seconds))
        } else {
            Err(wrong())
        };
    }
    match text {
        // The first and the last moment as Prometheus's own client sends them.
        "-292273086-05-16T16:47:06Z" => Ok(i64::MIN),
        "292277025-08-18T07:12:54.999999999Z" => Ok(i64::MAX),
        _ => UnixMs::parse(text).map(|at| at.0).ok_or_else(wrong),
    }
}

/// The moment of a parameter; what stands for it when it is left out.
pub(in crate::http) fn time_or(name: &str, text: &str, absent: i64) -> Result<i64, Problem> {
    if text.is_empty() {
        return Ok(absent);
    }
    time_ms(text).map_err(|error| {
        Fault::parameter(
            name,
            format_args!("invalid time value for '{name}': {error}"),
        )
    })
}

/// A duration in milliseconds: seconds with decimals, or like `1h30m`. What is shorter than a
/// millisecond counts as one.
pub(in crate::http) fn duration_ms(text: &str) -> Result<i64, String> {
    if let Ok(seconds) = text.parse::<f64>() {
        return if seconds.is_nan() || seconds.abs() > LONGEST_SECONDS {
            Err(format!(
                "cannot parse {text:?} to a valid duration. It overflows int64"
            ))
        } else if seconds > 0.0 {
            Ok(milliseconds(seconds).max(1))
        } else {
            Ok(milliseconds(seconds))
        };
    }
    units(text).ok_or_else(|| format!("cannot parse {text:?} to a valid duration"))
}

/// How many at most; 0 for no limit.
pub(in crate::http) fn limit(text: &str) -> Result<usize, Problem> {
    if text.is_empty() {
        return Ok(0);
    }
    let number = text.parse::<i64>().map_err(|_| {
        let what = format!("strconv.Atoi: parsing {text:?}: invalid syntax");
        Fault::parameter("limit", what)
    })?;
    usize::try_from(number).map_err(|_| Fault::parameter("limit", "limit must be non-negative"))
}

/// Seconds in milliseconds, rounded.
#[expect(
    clippy::cast_possible_truncation,
    reason = "bounded by the callers to what milliseconds can be"
)]
fn milliseconds(seconds: f64) -> i64 {
    let whole = seconds.trunc();
    let rest = ((seconds - whole) * 1000.0).round();
    (whole as i64).saturating_mul(1000) + rest as i64
}

/// Numbers with units, the larger units first, each once at most.
fn units(text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    let (mut rest, mut sum) = (text, 0_i64);
    let mut left = UNITS.iter();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (digits, after) = rest.split_at(end);
        let end = after.find(|c: char| c.is_ascii_digit());
        let (unit, after) = after.split_at(end.unwrap_or(after.len()));
        let (_, worth) = left.find(|(name, _)| *name == unit)?;
        let number: i64 = digits.parse().ok()?;
        sum = sum.checked_add(number.checked_mul(*worth)?)?;
        rest = after;
    }
    let longest = i64::MAX / 1_000_000;
    (sum <= longest).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_prometheus_reads_them() {
        for (text, ms) in [
            ("0", Some(0)),
            ("1435781451", Some(1_435_781_451_000)),
            ("1435781451.781", Some(1_435_781_451_781)),
            ("1435781451.7814", Some(1_435_781_451_781)),
            ("-1.5", Some(-1_500)),
            ("1e3", Some(1_000_000)),
            ("2015-07-01T20:10:51.781Z", Some(1_435_781_451_781)),
            ("2015-07-01T22:10:51.781+02:00", Some(1_435_781_451_781)),
            ("-292273086-05-16T16:47:06Z", Some(i64::MIN)),
            ("292277025-08-18T07:12:54.999999999Z", Some(i64::MAX)),
            ("", None),
            ("now", None),
            ("NaN", None),
            ("inf", None),
            ("1e300", None),
            ("2015-07-01", None),
        ] {
            assert_eq!(time_ms(text).ok(), ms, "{text}");
        }
        let error = time_or("time", "soon", 7).unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid parameter \"time\": invalid time value for 'time': \
             cannot parse \"soon\" to a valid timestamp"
        );
        assert_eq!(time_or("time", "", 7).ok(), Some(7));
    }

    #[test]
    fn durations_are_read_as_prometheus_reads_them() {
        for (text, ms) in [
            ("15", Some(15_000)),
            ("0.5", Some(500)),
            ("0.0001", Some(1)),
            ("0", Some(0)),
            ("-1", Some(-1_000)),
            ("15s", Some(15_000)),
            ("1h30m", Some(5_400_000)),
            ("1y2w3d4h5m6s7ms", Some(33_019_506_007)),
            ("250ms", Some(250)),
            ("", None),
            ("s", None),
            ("1m1h", None),
            ("1h1h", None),
            ("1.5h", None),
            ("-1h", None),
            ("1 h", None),
            ("1x", None),
            ("5é", None),
            ("1e300", None),
            ("NaN", None),
            ("300y", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(duration_ms(text).ok(), ms, "{text}");
        }
    }

    #[test]
    fn limits_are_whole_and_not_negative() {
        for (text, expected) in [("", Some(0)), ("0", Some(0)), ("5", Some(5))] {
            assert_eq!(limit(text).ok(), expected, "{text}");
        }
        for (text, what) in [
            ("x", "strconv.Atoi: parsing \"x\": invalid syntax"),
            ("-1", "limit must be non-negative"),
        ] {
            let expected = format!("invalid parameter \"limit\": {what}");
            assert_eq!(limit(text).unwrap_err().to_string(), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9a-zé.:+eE-]{0,30}") {
            drop(time_ms(&text));
            drop(duration_ms(&text));
            drop(limit(&text));
        }
    }
}
