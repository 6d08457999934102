//! Parts of the date, in UTC, that a number of seconds since 1970 stands for; never the time now.

const DAY_SECONDS: i64 = 86_400;
/// Beyond it no calendar has a date.
const MOST_SECONDS: f64 = 1e15;

/// The function of that name.
pub(in super::super) fn find(name: &str) -> Option<fn(i64) -> f64> {
    Some(match name {
        "days_in_month" => |at| {
            let date = Date::of(at);
            small(days_in_month(date.year, date.month))
        },
        "day_of_month" => |at| small(Date::of(at).day),
        // The first of January 1970 was a Thursday.
        "day_of_week" => |at| small((at.div_euclid(DAY_SECONDS) + 4).rem_euclid(7)),
        "day_of_year" => |at| {
            let date = Date::of(at);
            let before = (1..date.month).map(|month| days_in_month(date.year, month));
            small(before.sum::<i64>() + date.day)
        },
        "hour" => |at| small(at.rem_euclid(DAY_SECONDS) / 3600),
        "minute" => |at| small(at.rem_euclid(3600) / 60),
        "month" => |at| small(Date::of(at).month),
        "year" => |at| small(Date::of(at).year),
        _ => return None,
    })
}

/// Seconds without their fraction; `None` of what is no date.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it lies in the bounds above"
)]
pub(super) fn whole_seconds(value: f64) -> Option<i64> {
    (value.abs() <= MOST_SECONDS).then_some(value as i64)
}

#[expect(clippy::cast_precision_loss, reason = "years and days are small")]
fn small(number: i64) -> f64 {
    number as f64
}

struct Date {
    year: i64,
    /// From 1.
    month: i64,
    /// From 1.
    day: i64,
}

impl Date {
    /// By eras of 400 years that begin in March, so that a leap day is the last of a year.
    fn of(at: i64) -> Self {
        let days = at.div_euclid(DAY_SECONDS) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * from_march + 2) / 5 + 1,
        }
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn dates_are_those_of_the_calendar() {
        let names = [
            "year",
            "month",
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "days_in_month",
            "hour",
            "minute",
        ];
        for (at, expected) in [
            (0, [1970, 1, 1, 4, 1, 31, 0, 0]),
            (-1, [1969, 12, 31, 3, 365, 31, 23, 59]),
            (951_782_400, [2000, 2, 29, 2, 60, 29, 0, 0]),
            (1_136_239_445, [2006, 1, 2, 1, 2, 31, 22, 4]),
            (4_107_542_399, [2100, 2, 28, 0, 59, 28, 23, 59]),
            (1_767_225_599, [2025, 12, 31, 3, 365, 31, 23, 59]),
        ] {
            for (name, expected) in names.into_iter().zip(expected) {
                let found = find(name).unwrap()(at);
                assert!(
                    (found - f64::from(expected)).abs() < 0.5,
                    "{name}({at}) {found}"
                );
            }
        }
    }
}
