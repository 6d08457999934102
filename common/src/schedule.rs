//! When scheduled work is due, as a person writes it; pure, never a clock.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::UnixMs;

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// Seconds of the shortest and of the longest time between two runs.
const EVERY_SECONDS: (u32, u32) = (10, 30 * 24 * 3_600);
/// What a text has to look like, for the error.
const FORMS: &str =
    "has to be like `every 5m` (10s to 30d), `daily 03:30` or `weekly sunday 04:00`";
const UNITS: [(char, u32); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// When work is due. As text, in JSON too: `every 5m`, `daily 03:30`, `weekly sunday 04:00`; times
/// of the day are UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Schedule {
    /// Again and again, so many seconds after the last start.
    Every(u32),
    /// Each day, at a minute of it.
    Daily(u16),
    /// Each week, on a day of it, at a minute of that.
    Weekly(Weekday, u16),
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weekday {
    /// The first.
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The seventh.
    Sunday,
}

impl Weekday {
    const ALL: [(&str, Self); 7] = [
        ("monday", Self::Monday),
        ("tuesday", Self::Tuesday),
        ("wednesday", Self::Wednesday),
        ("thursday", Self::Thursday),
        ("friday", Self::Friday),
        ("saturday", Self::Saturday),
        ("sunday", Self::Sunday),
    ];

    /// Days since the Thursday with which the epoch begins, 0 to 6.
    fn since_thursday(self) -> i64 {
        (self as i64 + 4) % 7
    }
}

impl Schedule {
    /// When work is due that was last started at `last`; for the first time when that is `None`,
    /// of a plan that was made at `since`.
    pub fn next(self, last: Option<UnixMs>, since: UnixMs) -> UnixMs {
        let after = last.unwrap_or(since);
        match self {
            Self::Every(seconds) => {
                last.map_or(since, |last| last.plus_ms(i64::from(seconds) * SECOND_MS))
            }
            Self::Daily(minute) => following(after, i64::from(minute) * MINUTE_MS, DAY_MS),
            Self::Weekly(day, minute) => {
                let offset = day.since_thursday() * DAY_MS + i64::from(minute) * MINUTE_MS;
                following(after, offset, 7 * DAY_MS)
            }
        }
    }
}

/// The first moment after `after` that lies `offset` into a `period` since the epoch.
fn following(after: UnixMs, offset: i64, period: i64) -> UnixMs {
    let started = (after.0 - offset).div_euclid(period);
    UnixMs((started + 1) * period + offset)
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Every(seconds) => {
                let whole = UNITS
                    .into_iter()
                    .find(|(_, unit)| seconds.is_multiple_of(*unit));
                let (letter, unit) = whole.unwrap_or(('s', 1));
                write!(f, "every {}{letter}", seconds / unit)
            }
            Self::Daily(minute) => write!(f, "daily {:02}:{:02}", minute / 60, minute % 60),
            Self::Weekly(day, minute) => {
                let named = Weekday::ALL.into_iter().find(|(_, one)| *one == day);
                let name = named.map_or("", |(name, _)| name);
                write!(f, "weekly {name} {:02}:{:02}", minute / 60, minute % 60)
            }
        }
    }
}

/// The text is no schedule; says what one looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotASchedule;

impl fmt::Display for NotASchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FORMS)
    }
}

impl std::error::Error for NotASchedule {}

impl FromStr for Schedule {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, NotASchedule> {
        let text = text.to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let schedule = match words.as_slice() {
            ["every", length] => seconds(length).map(Self::Every),
            ["daily", time] => minute_of_day(time).map(Self::Daily),
            ["weekly", day, time] => {
                let day = Weekday::ALL.into_iter().find(|(name, _)| name == day);
                day.zip(minute_of_day(time))
                    .map(|((_, day), minute)| Self::Weekly(day, minute))
            }
            _ => None,
        };
        schedule.ok_or(NotASchedule)
    }
}

fn seconds(length: &str) -> Option<u32> {
    let (_, unit) = UNITS
        .into_iter()
        .find(|(letter, _)| length.ends_with(*letter))?;
    let count: u32 = digits(length.get(..length.len() - 1)?)?;
    let seconds = count.checked_mul(unit)?;
    (EVERY_SECONDS.0..=EVERY_SECONDS.1)
        .contains(&seconds)
        .then_some(seconds)
}

fn minute_of_day(time: &str) -> Option<u16> {
    let (hours, minutes) = time.split_once(':')?;
    let (hours, minutes): (u16, u16) = (digits(hours)?, digits(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

fn digits<T: FromStr>(text: &str) -> Option<T> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

impl Serialize for Schedule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Schedule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_read_and_written() {
        for (text, written) in [
            ("every 10s", "every 10s"),
            ("every 90s", "every 90s"),
            ("every 300s", "every 5m"),
            ("Every 24h", "every 1d"),
            ("daily 3:05", "daily 03:05"),
            ("weekly Sunday 23:59", "weekly sunday 23:59"),
        ] {
            let schedule: Schedule = text.parse().unwrap();
            assert_eq!(schedule.to_string(), written);
            assert_eq!(written.parse(), Ok(schedule));
        }
        for wrong in [
            "",
            "every",
            "every 5",
            "every 9s",
            "every 31d",
            "every -5m",
            "every +5m",
            "every 5µ",
            "every 99999999999d",
            "daily",
            "daily 24:00",
            "daily 12:60",
            "daily 12",
            "hourly",
            "weekly 04:00",
            "weekly someday 04:00",
            "daily 03:30 please",
        ] {
            assert_eq!(wrong.parse::<Schedule>(), Err(NotASchedule), "{wrong}");
        }
    }

    #[test]
    fn work_is_due_after_its_last_start() {
        // A Saturday.
        let made = "2026-11-21T12:00:00Z";
        for (schedule, last, due) in [
            ("every 5m", None, "2026-11-21T12:00:00Z"),
            (
                "every 5m",
                Some("2026-11-21T12:01:00Z"),
                "2026-11-21T12:06:00Z",
            ),
            ("daily 12:00", None, "2026-11-22T12:00:00Z"),
            ("daily 12:01", None, "2026-11-21T12:01:00Z"),
            (
                "daily 03:30",
                Some("2026-11-21T03:30:00Z"),
                "2026-11-22T03:30:00Z",
            ),
            (
                "daily 03:30",
                Some("2026-11-19T03:29:59Z"),
                "2026-11-19T03:30:00Z",
            ),
            ("weekly saturday 12:01", None, "2026-11-21T12:01:00Z"),
            ("weekly saturday 11:59", None, "2026-11-28T11:59:00Z"),
            ("weekly thursday 00:00", None, "2026-11-26T00:00:00Z"),
            ("weekly wednesday 04:00", None, "2026-11-25T04:00:00Z"),
        ] {
            let schedule: Schedule = schedule.parse().unwrap();
            let time = |text| UnixMs::parse(text).unwrap();
            let next = schedule.next(last.map(time), time(made));
            assert_eq!(next, time(due), "{schedule} after {last:?}");
        }
    }
}
