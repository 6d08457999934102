//! How long something took or how long ago it was; never a moment on the clock.

const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];

/// How long ago: `now` below three seconds, then `12 s ago`, `7 min ago`, `3 h ago`, `2 d ago`.
/// What lies ahead (a clock that runs fast) is `now`.
pub fn age(ms: i64) -> String {
    match u64::try_from(ms).unwrap_or(0) / 1000 {
        0..3 => "now".into(),
        _ => format!("{} ago", span(ms)),
    }
}

/// A span in its largest unit: `7 min`.
pub fn span(ms: i64) -> String {
    let (amount, unit) = largest(u64::try_from(ms).unwrap_or(0) / 1000);
    format!("{amount} {unit}")
}

/// Measured seconds as a span, to whole seconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a length of time"
)]
pub fn lasting(seconds: f64) -> String {
    duration(seconds.max(0.0).round() as u64)
}

/// A span in its two largest units: `41 d 6 h`, `4 min 10 s`, `12 s`.
pub fn duration(seconds: u64) -> String {
    let (amount, unit) = largest(seconds);
    let head = format!("{amount} {unit}");
    let next = UNITS
        .iter()
        .skip_while(|(_, name)| *name != unit)
        .nth(1)
        .map(|(size, name)| (seconds % size_of(unit) / size, *name))
        .filter(|(amount, _)| *amount > 0);
    match next {
        Some((amount, unit)) => format!("{head} {amount} {unit}"),
        None => head,
    }
}

/// How long something short took: `40 ms`, `2.5 s`, `3 min`.
pub fn took(seconds: f64) -> String {
    match seconds {
        ..1.0 => format!("{:.0} ms", seconds * 1_000.0),
        1.0..60.0 => format!("{seconds:.1} s"),
        _ => format!("{:.0} min", seconds / 60.0),
    }
}

fn largest(seconds: u64) -> (u64, &'static str) {
    let (size, unit) = UNITS
        .into_iter()
        .find(|(size, _)| seconds >= *size)
        .unwrap_or((1, "s"));
    (seconds / size, unit)
}

fn size_of(unit: &str) -> u64 {
    UNITS
        .into_iter()
        .find(|(_, name)| *name == unit)
        .map_or(1, |(size, _)| size)
}

#[cfg(test)]
mod tests {
    use super::{age, duration, took};

    #[test]
    fn ages_are_short() {
        for (ms, text) in [
            (-5_000, "now"),
            (2_999, "now"),
            (3_000, "3 s ago"),
            (12_400, "12 s ago"),
            (420_000, "7 min ago"),
            (3 * 3_600_000, "3 h ago"),
            (50 * 3_600_000, "2 d ago"),
        ] {
            assert_eq!(age(ms), text);
        }
    }

    #[test]
    fn what_is_short_is_told_in_parts_of_a_second() {
        for (seconds, text) in [
            (0.0, "0 ms"),
            (0.04, "40 ms"),
            (2.54, "2.5 s"),
            (200.0, "3 min"),
        ] {
            assert_eq!(took(seconds), text);
        }
    }

    #[test]
    fn durations_have_two_units_at_most() {
        for (seconds, text) in [
            (0, "0 s"),
            (12, "12 s"),
            (250, "4 min 10 s"),
            (240, "4 min"),
            (3_600, "1 h"),
            (41 * 86_400 + 6 * 3_600 + 59, "41 d 6 h"),
            (86_400 + 30, "1 d"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }
}
