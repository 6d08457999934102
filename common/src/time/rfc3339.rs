//! RFC 3339 in both directions, by hand: a calendar library would be a tenth of what a browser loads.
//! Never a time zone's name, never a clock.

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// Milliseconds since 1970 as UTC with three decimals. Years beyond four digits are written with a sign.
pub(super) fn write(ms: i64) -> String {
    let (days, rest) = (ms.div_euclid(DAY_MS), ms.rem_euclid(DAY_MS));
    let (year, month, day) = date_of(days);
    let year = if (0..=9999).contains(&year) {
        format!("{year:04}")
    } else {
        format!("{year:+07}")
    };
    let (hour, minute) = (rest / 3_600_000, rest / MINUTE_MS % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// Milliseconds since 1970 of an RFC 3339 text with any offset; finer decimals are cut off.
/// `None` when it is none, or names a day that does not exist. A leap second is the second before it.
pub(super) fn read(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let (year, month, day) = (
        number(bytes, 0, 4)?,
        number(bytes, 5, 2)?,
        number(bytes, 8, 2)?,
    );
    let (hour, minute, second) = (
        number(bytes, 11, 2)?,
        number(bytes, 14, 2)?,
        number(bytes, 17, 2)?,
    );
    let marks = [
        (4, b"--"),
        (7, b"--"),
        (10, b"Tt"),
        (13, b"::"),
        (16, b"::"),
    ];
    let marked = marks.iter().all(|(at, either)| {
        bytes.get(*at).is_some_and(|byte| either.contains(byte)) || is_space(bytes, *at)
    });
    let is_time = hour < 24 && minute < 60 && second <= 60;
    let is_date = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    if !marked || !is_time || !is_date {
        return None;
    }
    let (milli, rest) = decimals(bytes.get(19..)?)?;
    let offset = offset_ms(rest)?;
    let day_ms = hour * 3_600_000 + minute * MINUTE_MS + second.min(59) * 1000 + milli;
    Some(days_to(year, month, day) * DAY_MS + day_ms - offset)
}

/// RFC 3339 allows a space between day and time.
fn is_space(bytes: &[u8], at: usize) -> bool {
    at == 10 && bytes.get(at) == Some(&b' ')
}

fn number(bytes: &[u8], from: usize, digits: usize) -> Option<i64> {
    let digits = bytes.get(from..from + digits)?;
    digits.iter().try_fold(0, |sum, digit| {
        digit
            .is_ascii_digit()
            .then(|| sum * 10 + i64::from(digit - b'0'))
    })
}

/// The decimals of a second in milliseconds, and what follows them.
fn decimals(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let Some(rest) = bytes.strip_prefix(b".") else {
        return Some((0, bytes));
    };
    let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = rest.split_at(count);
    let milli = [100, 10, 1]
        .iter()
        .zip(digits)
        .map(|(worth, digit)| worth * i64::from(digit - b'0'))
        .sum();
    (1..=9).contains(&count).then_some((milli, rest))
}

fn offset_ms(bytes: &[u8]) -> Option<i64> {
    let sign = match bytes {
        b"Z" | b"z" => return Some(0),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    let (hours, minutes) = (number(bytes, 1, 2)?, number(bytes, 4, 2)?);
    let is_offset = bytes.len() == 6 && bytes[3] == b':' && hours < 24 && minutes < 60;
    is_offset.then_some(sign * (hours * 60 + minutes) * MINUTE_MS)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970 of a day. Years are counted from March, so that a leap day is a year's last.
fn days_to(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month < 3);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The day that lies so many days after 1970.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = (month + 2) % 12 + 1;
    (era * 400 + year + i64::from(month < 3), month, day)
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_moment_is_as_a_calendar_library_has_it(ms in -62_135_596_800_000_i64..253_402_300_799_999) {
            let expected = jiff::Timestamp::from_millisecond(ms).unwrap();
            prop_assert_eq!(write(ms), format!("{expected:.3}"));
            prop_assert_eq!(read(&write(ms)), Some(ms));
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "now",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00+1:00",
            "2026-01-01T00:00:00+25:00",
            "2026-01-01T00:00:00Zx",
            "2026-01-01",
            "\u{fc}026-01-01T00:00:00Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn all_forms_of_a_moment_are_read() {
        for text in [
            "2024-02-29T12:00:00Z",
            "2024-02-29 12:00:00.000999z",
            "2024-02-29t13:30:00+01:30",
            "2024-02-28T23:00:00-13:00",
        ] {
            assert_eq!(read(text), Some(1_709_208_000_000), "{text}");
        }
        assert_eq!(read("2016-12-31T23:59:60Z"), read("2016-12-31T23:59:59Z"));
    }
}
