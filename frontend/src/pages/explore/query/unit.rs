//! What the values of an expression are counted in, where its words tell; pure, never a value.

use common::units::Unit;

use crate::pages::explore::search::Known;

/// What these leave of many values, or make of samples over time, is counted as those are.
const KEEP: [&str; 32] = [
    "avg",
    "bottomk",
    "limit_ratio",
    "limitk",
    "max",
    "min",
    "quantile",
    "stddev",
    "sum",
    "topk",
    "abs",
    "ceil",
    "clamp",
    "clamp_max",
    "clamp_min",
    "floor",
    "label_join",
    "label_replace",
    "round",
    "sort",
    "sort_desc",
    "avg_over_time",
    "first_over_time",
    "last_over_time",
    "mad_over_time",
    "max_over_time",
    "min_over_time",
    "quantile_over_time",
    "stddev_over_time",
    "sum_over_time",
    "delta",
    "increase",
];
/// What these make of samples is counted by the second.
const EACH_SECOND: [&str; 3] = ["rate", "irate", "deriv"];
/// These take a number first, and then what they are about.
const NUMBER_FIRST: [&str; 6] = [
    "bottomk",
    "limit_ratio",
    "limitk",
    "quantile",
    "quantile_over_time",
    "topk",
];
/// Behind a selector they say when.
const WHEN: [&str; 2] = ["offset", "@"];

/// Bytes of an expression that is looked at: brackets are gone into as deep as they stand.
const LONGEST: usize = 2_000;

/// The unit of an expression; none where it is not told, or is that of no single metric.
pub fn unit(text: &str, known: &[Known]) -> Unit {
    let told = Some(text).filter(|text| text.len() <= LONGEST);
    told.and_then(|text| told_by(text, known))
        .unwrap_or(Unit::None)
}

fn told_by(text: &str, known: &[Known]) -> Option<Unit> {
    let text = text.trim();
    if let Some((left, operator, right)) = parted(text) {
        return match operator {
            "or" => told_by(left, known).filter(|unit| told_by(right, known) == Some(*unit)),
            // What is left of the left side.
            "and" | "unless" | "==" | "!=" | ">" | "<" | ">=" | "<="
                if !right.trim_start().starts_with("bool") =>
            {
                told_by(left, known)
            }
            _ => None,
        };
    }
    let end = text.find(|c: char| !is_of_word(c)).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let behind = clause(rest).unwrap_or(rest);
    if let Some((inner, after)) = enclosed(behind, '(') {
        let after = after.trim();
        let after = enclosed(after, '[').map_or(after, |(_, after)| after.trim());
        let is_all = after.is_empty() || clause(after).is_some_and(str::is_empty);
        return is_all.then(|| called(word, inner, known)).flatten();
    }
    selected(word, rest, known)
}

/// What a function or aggregation is counted in; without a name what stands in brackets.
fn called(name: &str, inner: &str, known: &[Known]) -> Option<Unit> {
    if name.is_empty() {
        return told_by(inner, known);
    }
    let arguments = arguments(inner);
    let about = if NUMBER_FIRST.contains(&name) {
        arguments.get(1)
    } else {
        arguments.first()
    };
    let unit = told_by(about?, known)?;
    if KEEP.contains(&name) {
        return Some(unit);
    }
    match unit {
        Unit::Bytes if EACH_SECOND.contains(&name) => Some(Unit::BytesPerSecond),
        Unit::None if EACH_SECOND.contains(&name) => Some(Unit::PerSecond),
        // Seconds each second are a share; of a share of a second there is no name.
        _ => None,
    }
}

/// A metric with its conditions, range and time.
fn selected(metric: &str, rest: &str, known: &[Known]) -> Option<Unit> {
    let mut rest = rest;
    for open in ['{', '['] {
        rest = enclosed(rest, open).map_or(rest, |(_, after)| after.trim_start());
    }
    let is_when = rest.is_empty() || WHEN.iter().any(|word| rest.starts_with(word));
    if metric.is_empty() || metric.starts_with(|c: char| c.is_ascii_digit()) || !is_when {
        return None;
    }
    let info = known.iter().find(|it| it.info.name == metric);
    match info.map(|it| it.info.unit) {
        // The names of metrics that others bring end with their unit as a rule.
        Some(Unit::None) | None => Some(by_name(metric.trim_end_matches("_total"))),
        told => told,
    }
}

fn by_name(name: &str) -> Unit {
    let units = [
        ("_bytes", Unit::Bytes),
        ("_seconds", Unit::Seconds),
        ("_percent", Unit::Percent),
        ("_celsius", Unit::Celsius),
    ];
    let known = units.into_iter().find(|(ending, _)| name.ends_with(ending));
    known.map_or(Unit::None, |(_, unit)| unit)
}

/// What follows `by (…)` or `without (…)`; `None` where neither stands first.
fn clause(text: &str) -> Option<&str> {
    let labels = text.strip_prefix("by").or(text.strip_prefix("without"))?;
    let (_, after) = enclosed(labels.trim_start(), '(')?;
    Some(after.trim())
}

/// What stands within the brackets that open first, and what behind them.
fn enclosed(text: &str, open: char) -> Option<(&str, &str)> {
    if !text.starts_with(open) {
        return None;
    }
    let end = places(text)
        .find(|(at, depth, _)| *at > 0 && *depth == 0)?
        .0;
    Some((&text[1..end], &text[end + 1..]))
}

/// What stands between commas.
fn arguments(text: &str) -> Vec<&str> {
    let commas = places(text).filter(|(_, depth, c)| *depth == 0 && *c == ',');
    let mut from = 0;
    let mut all: Vec<&str> = Vec::new();
    for (at, ..) in commas {
        all.push(&text[from..at]);
        from = at + 1;
    }
    all.push(&text[from..]);
    all
}

/// Both sides of the operator that is applied last, of those that are not within brackets; one that only
/// puts a sign before a number has no left side.
fn parted(text: &str) -> Option<(&str, &str, &str)> {
    // Those that bind the least come first; of several that bind alike the last one is applied last.
    let levels: [&[&str]; 4] = [
        &["or"],
        &["and", "unless"],
        &["==", "!=", ">=", "<=", ">", "<"],
        &["+", "-", "*", "/", "%", "^", "atan2"],
    ];
    levels.into_iter().find_map(|level| {
        let mut found = None;
        for (at, depth, _) in places(text) {
            let here = level.iter().find(|sign| text[at..].starts_with(**sign));
            let Some(sign) = here.filter(|_| depth == 0) else {
                continue;
            };
            let (left, right) = (&text[..at], &text[at + sign.len()..]);
            let is_word = sign.starts_with(is_of_word);
            let is_whole = !left.ends_with(is_of_word) && !right.starts_with(is_of_word);
            let is_shift = left.trim_end().ends_with("offset");
            if (!is_word || is_whole) && !is_shift {
                found = Some((left, *sign, right));
            }
        }
        found
    })
}

/// The characters that are not quoted, each with its byte and how many brackets are open behind it.
fn places(text: &str) -> impl Iterator<Item = (usize, usize, char)> {
    let (mut depth, mut quote, mut is_escaped) = (0_usize, None, false);
    text.char_indices().filter_map(move |(at, c)| {
        if let Some(open) = quote {
            if is_escaped {
                is_escaped = false;
            } else if c == '\\' && open != '`' {
                is_escaped = true;
            } else if c == open {
                quote = None;
            }
            return None;
        }
        match c {
            '"' | '\'' | '`' => {
                quote = Some(c);
                return None;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        Some((at, depth, c))
    })
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == ':'
}

#[cfg(test)]
mod tests {
    use common::metric::Metric;
    use common::units::Unit::{
        Bytes, BytesPerSecond, Celsius, None as Plain, PerSecond, Percent, Seconds,
    };

    use super::unit;
    use crate::pages::explore::search::{Known, custom};

    fn known(name: &str) -> Known {
        let unit = Metric::find(name).map_or(Plain, |metric| metric.unit);
        let mut info = custom(name);
        info.unit = unit;
        Known { info, series: 1 }
    }

    #[test]
    fn the_words_tell_the_unit() {
        let all = [
            "host_cpu_usage_percent",
            "node_memory_MemTotal_bytes",
            "node_cpu_seconds_total",
            "node_network_receive_bytes_total",
            "node_load1",
            "queue_length",
        ]
        .map(known);
        for (text, expected) in [
            ("", Plain),
            ("1", Plain),
            ("nothing", Plain),
            ("queue_length", Plain),
            ("host_cpu_usage_percent", Percent),
            (" host_cpu_usage_percent{server=~\"a)|(b\"} ", Percent),
            ("host_cpu_usage_percent offset -5m", Percent),
            ("host_cpu_usage_percent @ end()", Percent),
            ("(((host_cpu_usage_percent)))", Percent),
            ("avg(node_memory_MemTotal_bytes)", Bytes),
            ("max by (a, b) (node_memory_MemTotal_bytes)", Bytes),
            ("sum(node_memory_MemTotal_bytes) without (a)", Bytes),
            ("topk(3, node_memory_MemTotal_bytes)", Bytes),
            ("count(node_memory_MemTotal_bytes)", Plain),
            ("avg_over_time(node_memory_MemTotal_bytes[5m])", Bytes),
            ("count_over_time(node_memory_MemTotal_bytes[5m])", Plain),
            (
                "quantile_over_time(0.9, host_cpu_usage_percent[1h:1m])",
                Percent,
            ),
            ("rate(node_network_receive_bytes_total[5m])", BytesPerSecond),
            ("increase(node_network_receive_bytes_total[5m])", Bytes),
            (
                "sum by (device) (\n  rate(node_network_receive_bytes_total{device!=\"lo\"}[1m])\n)",
                BytesPerSecond,
            ),
            (
                "max_over_time(rate(node_network_receive_bytes_total[1m])[1h:])",
                BytesPerSecond,
            ),
            ("rate(node_cpu_seconds_total[5m])", Plain),
            ("node_cpu_seconds_total", Seconds),
            ("rate(requests_total[5m])", PerSecond),
            ("abs(pushed_celsius)", Celsius),
            ("rate(pushed_bytes_total[5m])", BytesPerSecond),
            ("node_memory_MemTotal_bytes / 1024", Plain),
            ("100 * rate(node_network_receive_bytes_total[5m])", Plain),
            ("-host_cpu_usage_percent", Plain),
            ("host_cpu_usage_percent > 80", Percent),
            ("host_cpu_usage_percent >= bool 80", Plain),
            ("host_cpu_usage_percent != 80 and on(a) node_load1", Percent),
            ("host_cpu_usage_percent or node_load1", Plain),
            (
                "host_cpu_usage_percent{a=\"1\"} or host_cpu_usage_percent{a=\"2\"}",
                Percent,
            ),
            ("node_load1 unless host_cpu_usage_percent", Plain),
            (
                "sum(host_cpu_usage_percent) + sum(host_cpu_usage_percent)",
                Plain,
            ),
            ("sum(host_cpu_usage_percent", Plain),
            ("host_cpu_usage_percent{a=\"", Plain),
            ("{__name__=\"x\"}", Plain),
            ("sum() by", Plain),
            ("é(ü", Plain),
        ] {
            assert_eq!(unit(text, &all), expected, "{text}");
        }
        let deep = format!("{}node_load1", "(".repeat(100_000));
        assert_eq!(unit(&deep, &all), Plain);
    }
}
