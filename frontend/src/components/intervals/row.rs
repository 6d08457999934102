//! Times that come again as lines of a form: from, to, days of the week; never how they look.

use common::calendar::{MinuteOfDay, TimeInterval, TimeRange};

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalRow {
    /// Tells it from the others of the form.
    pub key: u32,
    /// `HH:MM`.
    pub from: String,
    /// `HH:MM`.
    pub to: String,
    /// Its days of the week as the server writes them; empty: every day.
    pub days: String,
    /// Its time zone by its IANA name; `None`: the one that holds around it.
    pub time_zone: Option<String>,
    /// An interval that has more parts than a line has fields: it stays as it is.
    pub kept: Option<TimeInterval>,
}

impl IntervalRow {
    /// An interval as the server keeps it.
    pub fn of(key: u32, interval: TimeInterval) -> Self {
        let mut row = Self {
            key,
            from: String::new(),
            to: String::new(),
            days: String::new(),
            time_zone: interval.time_zone.clone(),
            kept: None,
        };
        let has_other_parts = !interval.days_of_month.is_empty()
            || !interval.months.is_empty()
            || !interval.years.is_empty();
        match (&*interval.times, &*interval.weekdays) {
            ([time], days @ ([] | [_])) if !has_other_parts => {
                row.from = time.start_time.to_string();
                // A field for times has no 24:00; 00:00 as an end is the same.
                row.to = time.end_time.to_string().replace("24:00", "00:00");
                row.days = days.first().map(ToString::to_string).unwrap_or_default();
            }
            // A whole day.
            ([], [days]) if !has_other_parts => {
                "00:00".clone_into(&mut row.from);
                "00:00".clone_into(&mut row.to);
                row.days = days.to_string();
            }
            _ => row.kept = Some(interval),
        }
        row
    }

    /// A line for each.
    pub fn all(intervals: Vec<TimeInterval>) -> Vec<Self> {
        let rows = (0..).zip(intervals);
        rows.map(|(key, interval)| Self::of(key, interval))
            .collect()
    }

    /// What it stands for; otherwise what is wrong with it.
    pub fn interval(&self) -> Result<TimeInterval, String> {
        if let Some(kept) = &self.kept {
            return Ok(kept.clone());
        }
        let time = |text: &str| text.parse::<MinuteOfDay>();
        let (start_time, mut end_time) = (time(&self.from)?, time(&self.to)?);
        if end_time == MinuteOfDay(0) {
            end_time = MinuteOfDay(24 * 60);
        }
        let days = (!self.days.is_empty()).then(|| self.days.parse());
        Ok(TimeInterval {
            times: vec![TimeRange {
                start_time,
                end_time,
            }],
            weekdays: days.transpose()?.into_iter().collect(),
            time_zone: self.time_zone.clone(),
            ..TimeInterval::default()
        })
    }
}

/// The parts of an interval, one after the other; a whole day has none.
pub fn in_words(interval: &TimeInterval) -> String {
    fn texts<T: ToString>(parts: &[T]) -> impl Iterator<Item = String> {
        parts.iter().map(ToString::to_string)
    }
    let times = interval.times.iter();
    let times = times.map(|time| format!("{}–{}", time.start_time, time.end_time));
    let parts = times
        .chain(texts(&interval.weekdays))
        .chain(texts(&interval.days_of_month))
        .chain(texts(&interval.months))
        .chain(texts(&interval.years));
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(json: &str) -> TimeInterval {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_a_line_has_fields_for_comes_back_as_it_was() {
        for json in [
            r#"{"times":[{"start_time":"22:00","end_time":"07:00"}],"time_zone":"Europe/Berlin"}"#,
            r#"{"times":[{"start_time":"00:00","end_time":"24:00"}],"weekdays":["saturday:sunday"]}"#,
            r#"{"times":[{"start_time":"12:00","end_time":"13:00"}],"weekdays":["monday"]}"#,
        ] {
            let row = IntervalRow::of(0, interval(json));
            assert_eq!(row.kept, None, "{json}");
            assert_eq!(row.interval(), Ok(interval(json)), "{json}");
        }
    }

    #[test]
    fn whole_days_get_the_times_of_a_day() {
        let row = IntervalRow::of(0, interval(r#"{"weekdays":["monday:friday"]}"#));
        let day =
            r#"{"times":[{"start_time":"00:00","end_time":"24:00"}],"weekdays":["monday:friday"]}"#;
        assert_eq!(row.interval(), Ok(interval(day)));
    }

    #[test]
    fn what_it_has_no_fields_for_stays() {
        for (json, words) in [
            (r#"{"days_of_month":["-1"],"months":["june"]}"#, "-1, june"),
            (
                r#"{"weekdays":["monday","friday"],"times":[{"start_time":"12:00","end_time":"13:00"}]}"#,
                "12:00–13:00, monday, friday",
            ),
        ] {
            let row = IntervalRow::of(0, interval(json));
            assert_eq!(row.interval(), Ok(interval(json)), "{json}");
            assert_eq!(in_words(&interval(json)), words);
        }
    }

    #[test]
    fn a_time_that_is_missing_is_said() {
        let mut row = IntervalRow::of(0, interval("{}"));
        row.kept = None;
        assert!(row.interval().is_err());
    }
}
