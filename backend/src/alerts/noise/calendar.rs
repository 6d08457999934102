//! When intervals of local time lie in real time, by the rules of their zone; pure, never a clock.
//!
//! An interval is a row of spans, one for each day and time. A time that a change of the clock
//! leaves out is the moment of the change; of one that comes twice, a start is the first and an
//! end the second: a night's window happens once, whole.

use common::calendar::{DayRange, TimeInterval, TimeRange};
use common::time::UnixMs;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// So far ahead is looked for the next opening or closing, in days.
const AHEAD_DAYS: i32 = 400;
/// Minutes of a whole day.
const DAY_MINUTES: u16 = 24 * 60;

/// From a moment up to another, which is outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first moment.
    pub from: UnixMs,
    /// The first moment after it.
    pub to: UnixMs,
}

/// A time zone that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the name of a time zone, such as Europe/Berlin")]
pub struct UnknownZone(pub String);

/// Intervals with their zones looked up. It covers a moment when one of them does.
#[derive(Debug, Clone)]
pub struct Calendar(Vec<(TimeInterval, TimeZone)>);

impl Calendar {
    /// Looks the zones up.
    pub fn of(intervals: &[TimeInterval]) -> Result<Self, UnknownZone> {
        let zoned = |interval: &TimeInterval| {
            let zone = interval
                .time_zone
                .as_deref()
                .map_or(Ok(TimeZone::UTC), zone);
            zone.map(|zone| (interval.clone(), zone))
        };
        intervals
            .iter()
            .map(zoned)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether the moment is in one of the intervals.
    pub fn covers(&self, at: UnixMs) -> bool {
        self.0.iter().any(|(interval, zone)| {
            let near = spans(interval, zone, day_before(at, zone), 3);
            near.iter().any(|span| span.from <= at && at < span.to)
        })
    }

    /// All spans that touch the time from one moment up to another, those that touch each other as one.
    pub fn spans(&self, from: UnixMs, to: UnixMs) -> Vec<Span> {
        let days = to.since_ms(from) / 86_400_000 + 3;
        let days = i32::try_from(days).unwrap_or(AHEAD_DAYS);
        let each = self.0.iter();
        let all =
            each.flat_map(|(interval, zone)| spans(interval, zone, day_before(from, zone), days));
        let mut all: Vec<Span> = all
            .filter(|span| span.to > from && span.from < to)
            .collect();
        all.sort();
        merged(&all)
    }

    /// The span that the moment is in, or else the next one; what touches is one. `None` when
    /// there is none within 400 days, or one that goes on for longer.
    pub fn open_or_next(&self, at: UnixMs) -> Option<Span> {
        // Most intervals come again within days: a year is looked through only when they do not.
        for days in [10, 40, AHEAD_DAYS] {
            let mut all: Vec<Span> = self
                .0
                .iter()
                .flat_map(|(interval, zone)| spans(interval, zone, day_before(at, zone), days))
                .filter(|span| span.to > at)
                .collect();
            all.sort();
            let horizon = at.plus_ms(i64::from(days - 3) * 86_400_000);
            let found = merged(&all).into_iter().next();
            if let Some(span) = found.filter(|span| span.to <= horizon) {
                return Some(span);
            }
        }
        None
    }
}

/// The zone of that name.
pub fn zone(name: &str) -> Result<TimeZone, UnknownZone> {
    TimeZone::get(name).map_err(|_| UnknownZone(name.to_owned()))
}

/// The first moment of a local time: the first of two, or the change that leaves it out.
pub fn first_moment(zone: &TimeZone, local: DateTime) -> UnixMs {
    moment(zone, local, false)
}

/// The local time of a moment.
pub fn local(zone: &TimeZone, at: UnixMs) -> DateTime {
    zone.to_datetime(timestamp(at))
}

fn timestamp(at: UnixMs) -> Timestamp {
    let clamped = at.0.clamp(-62_000_000_000_000, 253_000_000_000_000);
    Timestamp::from_millisecond(clamped).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn moment(zone: &TimeZone, local: DateTime, is_end: bool) -> UnixMs {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let earlier = ambiguous.earlier().unwrap_or(Timestamp::UNIX_EPOCH);
    let at = match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => {
            let change = zone.following(earlier).next();
            change.map_or(earlier, |change| change.timestamp())
        }
        AmbiguousOffset::Fold { .. } if is_end => ambiguous.later().unwrap_or(earlier),
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => earlier,
    };
    UnixMs(at.as_millisecond())
}

fn day_before(at: UnixMs, zone: &TimeZone) -> Date {
    let today = local(zone, at).date();
    today.yesterday().unwrap_or(today)
}

/// The spans of the interval that start on one of so many days.
fn spans(interval: &TimeInterval, zone: &TimeZone, first: Date, days: i32) -> Vec<Span> {
    let whole_day = [TimeRange {
        start_time: common::calendar::MinuteOfDay(0),
        end_time: common::calendar::MinuteOfDay(DAY_MINUTES),
    }];
    let times = if interval.times.is_empty() {
        &whole_day[..]
    } else {
        &interval.times
    };
    let dates = (0..days).filter_map(|after| first.checked_add(after.days()).ok());
    let mut all = Vec::new();
    for date in dates.filter(|date| is_on(interval, *date)) {
        for time in times {
            let (start, end) = (time.start_time.0, time.end_time.0);
            let end = if end <= start { end + DAY_MINUTES } else { end };
            let from = moment(zone, at_minute(date, start), false);
            let to = moment(zone, at_minute(date, end), true);
            if from < to {
                all.push(Span { from, to });
            }
        }
    }
    all
}

fn at_minute(date: Date, minute: u16) -> DateTime {
    let date = if minute >= DAY_MINUTES {
        date.tomorrow().unwrap_or(date)
    } else {
        date
    };
    let of_day = |number: u16| i8::try_from(number).unwrap_or_default();
    let minute = minute % DAY_MINUTES;
    let time = Time::new(of_day(minute / 60), of_day(minute % 60), 0, 0);
    date.to_datetime(time.unwrap_or(Time::midnight()))
}

fn is_on(interval: &TimeInterval, date: Date) -> bool {
    let weekday = u8::try_from(date.weekday().to_sunday_zero_offset()).unwrap_or_default();
    let month = u8::try_from(date.month()).unwrap_or_default();
    let year = date.year();
    let any = |is_empty: bool, one: bool| is_empty || one;
    any(
        interval.weekdays.is_empty(),
        interval
            .weekdays
            .iter()
            .any(|days| (days.0..=days.1).contains(&weekday) || (days.1 == 7 && weekday == 0)),
    ) && any(
        interval.days_of_month.is_empty(),
        interval.days_of_month.iter().any(|days| is_in(*days, date)),
    ) && any(
        interval.months.is_empty(),
        interval
            .months
            .iter()
            .any(|it| (it.0..=it.1).contains(&month)),
    ) && any(
        interval.years.is_empty(),
        interval
            .years
            .iter()
            .any(|it| (it.0..=it.1).contains(&year)),
    )
}

/// Days beyond a month's end are none of it: 30 to 31 is no day of February.
fn is_in(days: DayRange, date: Date) -> bool {
    let last = date.days_in_month();
    let of_month = |day: i8| if day < 0 { last + 1 + day } else { day };
    (of_month(days.0)..=of_month(days.1)).contains(&date.day())
}

/// Sorted spans, those that touch as one.
fn merged(sorted: &[Span]) -> Vec<Span> {
    let mut all: Vec<Span> = Vec::new();
    for span in sorted {
        match all.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => all.push(*span),
        }
    }
    all
}
