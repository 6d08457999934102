//! Names and units of OpenTelemetry as Prometheus has them; pure.

/// Units and what they are called at the end of a name.
const UNITS: [(&str, &str); 26] = [
    ("d", "days"),
    ("h", "hours"),
    ("min", "minutes"),
    ("s", "seconds"),
    ("ms", "milliseconds"),
    ("us", "microseconds"),
    ("ns", "nanoseconds"),
    ("By", "bytes"),
    ("KiBy", "kibibytes"),
    ("MiBy", "mebibytes"),
    ("GiBy", "gibibytes"),
    ("TiBy", "tibibytes"),
    ("kBy", "kilobytes"),
    ("KBy", "kilobytes"),
    ("MBy", "megabytes"),
    ("GBy", "gigabytes"),
    ("TBy", "terabytes"),
    ("m", "meters"),
    ("V", "volts"),
    ("A", "amperes"),
    ("J", "joules"),
    ("W", "watts"),
    ("g", "grams"),
    ("Cel", "celsius"),
    ("Hz", "hertz"),
    ("%", "percent"),
];
/// What stands below the line of a unit.
const PER: [(&str, &str); 7] = [
    ("s", "second"),
    ("m", "minute"),
    ("h", "hour"),
    ("d", "day"),
    ("w", "week"),
    ("mo", "month"),
    ("y", "year"),
];

/// How the values of a metric behave, as far as its name says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    Gauge,
    Counter,
    Other,
}

/// The name of a metric with the endings that say its unit and that it only rises.
pub(super) fn metric(name: &str, unit: &str, behaviour: Behaviour) -> String {
    let mut words = words(name);
    if behaviour == Behaviour::Counter {
        words.retain(|word| word != "total");
    }
    for ending in endings(unit, behaviour) {
        if !words.contains(&ending) {
            words.push(ending);
        }
    }
    if behaviour == Behaviour::Counter {
        words.push("total".to_owned());
    }
    let name = words.join("_");
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("_{name}");
    }
    name
}

/// The words of a name: what may not stand in one parts them.
fn words(name: &str) -> Vec<String> {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric() && c != ':');
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(ToOwned::to_owned).collect()
}

/// What a metric is counted in, as Prometheus calls it; empty when that is nothing.
pub(super) fn unit(unit: &str, behaviour: Behaviour) -> String {
    endings(unit, behaviour).join("_")
}

fn endings(unit: &str, behaviour: Behaviour) -> Vec<String> {
    let unit = unit.trim();
    if unit == "1" && behaviour == Behaviour::Gauge {
        return vec!["ratio".to_owned()];
    }
    let (above, below) = unit.split_once('/').unwrap_or((unit, ""));
    let called = |unit: &str, known: &[(&str, &str)]| {
        let unit = unit.trim();
        if unit.is_empty() || unit == "1" || unit.contains(['{', '}']) {
            return String::new();
        }
        let known = known.iter().find(|(short, _)| *short == unit);
        known.map_or_else(|| words(unit).join("_"), |(_, long)| (*long).to_owned())
    };
    let (above, below) = (called(above, &UNITS), called(below, &PER));
    let mut endings = Vec::new();
    if !above.is_empty() {
        endings.push(above);
    }
    if !below.is_empty() {
        endings.extend(["per".to_owned(), below]);
    }
    endings
}

/// The name of a label.
pub(super) fn label(key: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = key.chars().map(kept).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("key_{name}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_units_and_what_rises() {
        for (name, unit, behaviour, expected) in [
            (
                "http.server.duration",
                "ms",
                Behaviour::Other,
                "http_server_duration_milliseconds",
            ),
            (
                "http.requests",
                "1",
                Behaviour::Counter,
                "http_requests_total",
            ),
            (
                "http.requests",
                "{request}",
                Behaviour::Counter,
                "http_requests_total",
            ),
            ("requests_total", "", Behaviour::Counter, "requests_total"),
            (
                "system.cpu.time",
                "s",
                Behaviour::Counter,
                "system_cpu_time_seconds_total",
            ),
            ("io_seconds", "s", Behaviour::Counter, "io_seconds_total"),
            (
                "cpu.utilization",
                "1",
                Behaviour::Gauge,
                "cpu_utilization_ratio",
            ),
            ("cpu.load", "%", Behaviour::Gauge, "cpu_load_percent"),
            (
                "throughput",
                "By/s",
                Behaviour::Gauge,
                "throughput_bytes_per_second",
            ),
            ("errors", "{error}/m", Behaviour::Gauge, "errors_per_minute"),
            ("a..b--c", "widgets", Behaviour::Gauge, "a_b_c_widgets"),
            ("5xx", "", Behaviour::Gauge, "_5xx"),
            ("größe", "", Behaviour::Gauge, "gr_e"),
        ] {
            assert_eq!(metric(name, unit, behaviour), expected);
        }
        assert_eq!(unit("By/s", Behaviour::Gauge), "bytes_per_second");
        assert_eq!(unit("", Behaviour::Counter), "");
        for (key, expected) in [
            ("http.method", "http_method"),
            ("0a", "key_0a"),
            ("a_b", "a_b"),
        ] {
            assert_eq!(label(key), expected);
        }
    }
}
