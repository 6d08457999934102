//! Times that come again, as people write them: Alertmanager's time intervals; never a clock, never a time zone's rules.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Moments whose local time is in one of the times, on one of the weekdays, days, months and
/// years. A part that is left out holds for any.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeInterval {
    /// Times of the day; one that ends before it starts reaches into the next day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<TimeRange>,
    /// Like `monday`, `monday:friday`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub weekdays: Vec<WeekdayRange>,
    /// Like `1`, `1:7`, `-1` for the last, `-3:-1`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub days_of_month: Vec<DayRange>,
    /// Like `june`, `january:march`, `1:3`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub months: Vec<MonthRange>,
    /// Like `2027`, `2027:2030`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub years: Vec<YearRange>,
    /// IANA name of the time zone, such as `Europe/Berlin`; left out: UTC.
    #[serde(default, alias = "location", skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// From one time of the day up to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeRange {
    /// `HH:MM`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub start_time: MinuteOfDay,
    /// `HH:MM`, outside; `24:00` is the end of the day.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub end_time: MinuteOfDay,
}

/// Minutes since midnight, 0 to 1,440; `HH:MM` as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MinuteOfDay(pub u16);

/// Days of the week, both included: 0 is Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WeekdayRange(pub u8, pub u8);

/// Days of the month, both included; negative ones count from its end, -1 is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayRange(pub i8, pub i8);

/// Months, both included: 1 is January.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MonthRange(pub u8, pub u8);

/// Years, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct YearRange(pub i16, pub i16);

const WEEKDAYS: [&str; 7] = [
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Minutes of a whole day.
const DAY_MINUTES: u16 = 24 * 60;

impl FromStr for MinuteOfDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let minute = text.split_once(':').and_then(|(hour, minute)| {
            let number = |digits: &str| {
                let is_number = digits.len() == 2 && digits.bytes().all(|it| it.is_ascii_digit());
                is_number.then(|| digits.parse::<u16>().ok()).flatten()
            };
            let minute = number(minute).filter(|it| *it < 60)?;
            Some(number(hour)? * 60 + minute)
        });
        let minute = minute.filter(|it| *it <= DAY_MINUTES);
        minute
            .map(Self)
            .ok_or_else(|| format!("{text:?} is no time of the day like 09:30, 00:00 to 24:00"))
    }
}

impl fmt::Display for MinuteOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for WeekdayRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (begin, end) = both(text, |name| position(&WEEKDAYS, name, "weekday"))?;
        // Sunday is the first day here and the last one of a week elsewhere: `monday:sunday`.
        if end == 0 && begin > 0 {
            return Ok(Self(begin, 7));
        }
        in_order(text, begin, end)?;
        Ok(Self(begin, end))
    }
}

impl fmt::Display for WeekdayRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |day: u8| WEEKDAYS[usize::from(day % 7)];
        write_range(f, name(self.0), name(self.1))
    }
}

impl FromStr for DayRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (begin, end) = both(text, |day| {
            let number: Option<i8> = day.parse().ok();
            let number = number.filter(|it| (1..=31).contains(&it.unsigned_abs()));
            number.ok_or_else(|| format!("{day:?} is no day of a month: 1 to 31, or -31 to -1"))
        })?;
        if begin < 0 && end > 0 {
            return Err(format!(
                "{text:?}: the last day has to be negative as well when the first one is"
            ));
        }
        // Even in the longest month a negative day must not come before a positive one.
        let of_month = |day: i8| if day < 0 { 32 + day } else { day };
        in_order(text, of_month(begin), of_month(end))?;
        Ok(Self(begin, end))
    }
}

impl fmt::Display for DayRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_range(f, self.0, self.1)
    }
}

impl FromStr for MonthRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (begin, end) = both(text, |month| match month.parse() {
            Ok(number @ 1..=12) => Ok(number),
            _ => position(&MONTHS, month, "month").map(|at| at + 1),
        })?;
        in_order(text, begin, end)?;
        Ok(Self(begin, end))
    }
}

impl fmt::Display for MonthRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |month: u8| MONTHS.get(usize::from(month) - 1).copied();
        write_range(
            f,
            name(self.0).unwrap_or_default(),
            name(self.1).unwrap_or_default(),
        )
    }
}

impl FromStr for YearRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (begin, end) = both(text, |year| {
            let number = year.parse().ok();
            let number = number.filter(|it| (1970..=9999).contains(it));
            number.ok_or_else(|| format!("{year:?} is no year from 1970 to 9999"))
        })?;
        in_order(text, begin, end)?;
        Ok(Self(begin, end))
    }
}

impl fmt::Display for YearRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_range(f, self.0, self.1)
    }
}

/// Both ends of `a:b`, or twice the one of `a`.
fn both<T: Copy>(text: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<(T, T), String> {
    match text.split_once(':') {
        Some((begin, end)) => Ok((read(begin.trim())?, read(end.trim())?)),
        None => read(text.trim()).map(|one| (one, one)),
    }
}

fn position(names: &[&str], name: &str, what: &str) -> Result<u8, String> {
    let at = names.iter().position(|it| it.eq_ignore_ascii_case(name));
    let at = at.and_then(|at| u8::try_from(at).ok());
    at.ok_or_else(|| format!("{name:?} is no {what}"))
}

fn in_order<T: PartialOrd + Copy>(text: &str, begin: T, end: T) -> Result<(), String> {
    if begin <= end {
        Ok(())
    } else {
        Err(format!("{text:?} ends before it begins"))
    }
}

fn write_range<T: fmt::Display + PartialEq + Copy>(
    f: &mut fmt::Formatter<'_>,
    begin: T,
    end: T,
) -> fmt::Result {
    if begin == end {
        write!(f, "{begin}")
    } else {
        write!(f, "{begin}:{end}")
    }
}

macro_rules! as_text {
    ($($type:ident)*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

as_text!(MinuteOfDay WeekdayRange DayRange MonthRange YearRange);

#[cfg(test)]
mod tests {
    use super::TimeInterval;

    /// What Alertmanager's own tests read and refuse.
    #[test]
    fn intervals_are_read_as_alertmanager_reads_them() {
        for (text, written) in [
            ("{}", "{}"),
            (
                r#"{"times":[{"start_time":"00:00","end_time":"24:00"}]}"#,
                r#"{"times":[{"start_time":"00:00","end_time":"24:00"}]}"#,
            ),
            (
                r#"{"weekdays":["monday:friday","Sunday"],"months":["January:december"]}"#,
                r#"{"weekdays":["monday:friday","sunday"],"months":["january:december"]}"#,
            ),
            (
                r#"{"days_of_month":["1:-1","-7:-1","20:-1","10"],"years":["2020:2022"]}"#,
                r#"{"days_of_month":["1:-1","-7:-1","20:-1","10"],"years":["2020:2022"]}"#,
            ),
            (
                r#"{"weekdays":["monday:sunday"],"location":"Australia/Sydney"}"#,
                r#"{"weekdays":["monday:sunday"],"time_zone":"Australia/Sydney"}"#,
            ),
        ] {
            let read: TimeInterval = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), written, "{text}");
            let again: TimeInterval = serde_json::from_str(written).unwrap();
            assert_eq!(again, read, "{text}");
        }
    }

    #[test]
    fn what_is_no_interval_is_refused_with_what_is_wrong() {
        for (text, said) in [
            (
                r#"{"times":[{"start_time":"01:99","end_time":"23:59"}]}"#,
                "01:99",
            ),
            (
                r#"{"times":[{"start_time":"00:00","end_time":"99:99"}]}"#,
                "99:99",
            ),
            (
                r#"{"times":[{"start_time":"12:30","end_time":"24:01"}]}"#,
                "24:01",
            ),
            (r#"{"times":[{"start_time":"14:03"}]}"#, "end_time"),
            (r#"{"weekdays":["friday:monday"]}"#, "ends before it begins"),
            (
                r#"{"weekdays":["blurgsday:flurgsday"]}"#,
                "\"blurgsday\" is no weekday",
            ),
            (r#"{"weekdays":["1:3"]}"#, "\"1\" is no weekday"),
            (r#"{"weekdays":["-2:-1"]}"#, "\"-2\" is no weekday"),
            (r#"{"days_of_month":["0"]}"#, "\"0\" is no day"),
            (r#"{"days_of_month":["-50:-20"]}"#, "\"-50\" is no day"),
            (r#"{"days_of_month":["1:50"]}"#, "\"50\" is no day"),
            (r#"{"days_of_month":["-15:5"]}"#, "negative as well"),
            (r#"{"days_of_month":["10:-25"]}"#, "ends before it begins"),
            (r#"{"months":["martius:june"]}"#, "\"martius\" is no month"),
            (r#"{"months":["march:junius"]}"#, "\"junius\" is no month"),
            (
                r#"{"months":["december:january"]}"#,
                "ends before it begins",
            ),
            (r#"{"years":["2022:2020"]}"#, "ends before it begins"),
            (r#"{"seconds":["1"]}"#, "unknown field"),
        ] {
            let error = serde_json::from_str::<TimeInterval>(text).unwrap_err();
            let escaped = error.to_string();
            assert!(escaped.contains(said), "{text}: {escaped}");
        }
    }
}
