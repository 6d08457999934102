//! One question in two views: what the explorer shows as an expression, and the way back; pure.

use common::api::metrics::{Aggregation, StoredSeries};
use common::series::matcher::{self, MatchOp, Matcher};

use crate::pages::explore::address::Span;
use crate::pages::explore::query::offers::escaped;
use crate::pages::explore::series::{MOST, Mark};

/// It chooses a server by its name.
const SERVER: &str = "server";
/// The functions over time that stand for an aggregation, with what is before the series.
const FUNCTIONS: [(Aggregation, &str, &str); 9] = [
    (Aggregation::Avg, "avg_over_time", ""),
    (Aggregation::Min, "min_over_time", ""),
    (Aggregation::Max, "max_over_time", ""),
    (Aggregation::Sum, "sum_over_time", ""),
    (Aggregation::Count, "count_over_time", ""),
    (Aggregation::Last, "last_over_time", ""),
    (Aggregation::Median, "quantile_over_time", "0.5, "),
    (Aggregation::P95, "quantile_over_time", "0.95, "),
    (Aggregation::Stddev, "stddev_over_time", ""),
];

/// What the explorer shows.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'a> {
    /// The metric.
    pub metric: &'a str,
    /// Whether it only grows.
    pub is_counter: bool,
    /// The server's name; `None`: all of them.
    pub server: Option<&'a str>,
    /// The ticked series; empty: all of them.
    pub picked: &'a [StoredSeries],
    /// What a point says about its samples; `None`: the lowest and the highest are drawn.
    pub agg: Option<Aggregation>,
    /// How much of the past is shown.
    pub range: Span,
}

/// What of an expression the explorer can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    /// The metric.
    pub metric: String,
    /// The server's name; `None`: all of them.
    pub server: Option<String>,
    /// Labels with the values that they have to have.
    pub labels: Vec<(String, String)>,
    /// The aggregation; `None`: there is none, or it is a rate.
    pub agg: Option<Aggregation>,
}

/// The same as an expression.
pub fn expression(chosen: Chosen<'_>) -> String {
    let one = |labels: Vec<Matcher>| wrapped(chosen, &written(chosen, labels));
    let equal = |it: &StoredSeries| {
        let labels = it.labels.iter();
        labels
            .map(|(name, value)| Matcher::equal(name, value))
            .collect()
    };
    match chosen.picked {
        [] => one(Vec::new()),
        [picked] => one(equal(picked)),
        several => one_label(several).map_or_else(
            || {
                several
                    .iter()
                    .map(|it| one(equal(it)))
                    .collect::<Vec<_>>()
                    .join(" or ")
            },
            one,
        ),
    }
}

/// The conditions that mean these series and no other, where they differ in one label only.
fn one_label(several: &[StoredSeries]) -> Option<Vec<Matcher>> {
    let first = several.first()?;
    let names = || first.labels.iter().map(|(name, _)| name);
    let is_alike = |it: &StoredSeries| {
        it.labels.len() == first.labels.len() && names().all(|name| it.labels.get(name).is_some())
    };
    if !several.iter().all(is_alike) {
        return None;
    }
    let differs = |name: &&str| {
        several
            .iter()
            .any(|it| it.labels.get(name) != first.labels.get(name))
    };
    let mut differing = names().filter(differs);
    let (one, None) = (differing.next()?, differing.next()) else {
        return None;
    };
    let mut values: Vec<&str> = several.iter().filter_map(|it| it.labels.get(one)).collect();
    values.sort_unstable();
    values.dedup();
    let matcher = |(name, value): (&str, &str)| {
        if name == one {
            Matcher {
                name: name.to_owned(),
                op: MatchOp::Like,
                value: values
                    .iter()
                    .map(|it| literal(it))
                    .collect::<Vec<_>>()
                    .join("|"),
            }
        } else {
            Matcher::equal(name, value)
        }
    };
    Some(first.labels.iter().map(matcher).collect())
}

/// A pattern that means this text.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

fn written(chosen: Chosen<'_>, labels: Vec<Matcher>) -> String {
    let server = chosen.server.map(|name| Matcher::equal(SERVER, name));
    let all: Vec<String> = server
        .into_iter()
        .chain(labels)
        .map(|it| format!("{}{}\"{}\"", it.name, it.op.as_str(), escaped(&it.value)))
        .collect();
    if all.is_empty() {
        chosen.metric.to_owned()
    } else {
        format!("{}{{{}}}", chosen.metric, all.join(","))
    }
}

fn wrapped(chosen: Chosen<'_>, selector: &str) -> String {
    let minutes = match chosen.range {
        // Exporters are asked four times in a minute, and some metrics have a sample a minute.
        Span::FiveMinutes | Span::Hour | Span::SixHours => 1,
        Span::Day => 5,
        Span::Week => 30,
    };
    let known = FUNCTIONS.into_iter().find(|it| Some(it.0) == chosen.agg);
    match known {
        _ if chosen.is_counter => {
            format!("rate({selector}[{minutes}m])")
        }
        Some((_, function, before)) => {
            format!("{function}({before}{selector}[{minutes}m])")
        }
        None => selector.to_owned(),
    }
}

/// Reads a metric with labels that are equal to something, alone or in one function over time.
pub fn read(text: &str) -> Option<Plain> {
    let (agg, inner) = unwrapped(text.trim());
    let (metric, matchers) = matcher::read(inner).ok()?;
    let mut plain = Plain {
        metric: metric?.to_owned(),
        server: None,
        labels: Vec::new(),
        agg,
    };
    for matcher in matchers {
        match (matcher.op, matcher.name.as_str()) {
            (MatchOp::Equal, SERVER) => plain.server = Some(matcher.value),
            (MatchOp::Equal, _) => plain.labels.push((matcher.name, matcher.value)),
            _ => return None,
        }
    }
    Some(plain)
}

/// The aggregation and the selector in it.
fn unwrapped(text: &str) -> (Option<Aggregation>, &str) {
    let of = |function: &str, before: &str| {
        let inner = text.strip_prefix(function)?.strip_prefix('(')?;
        let inner = inner.strip_prefix(before)?.strip_suffix("])")?;
        Some(inner.rsplit_once('[')?.0)
    };
    let found = FUNCTIONS
        .into_iter()
        .find_map(|(agg, function, before)| Some((Some(agg), of(function, before)?)));
    let rate = || Some((None, of("rate", "")?));
    found.or_else(rate).unwrap_or((None, text))
}

/// The marks of the series that are meant, empty where all are; `None` where there is no such series.
pub fn marks(plain: &Plain, all: &[StoredSeries]) -> Option<Vec<Mark>> {
    let fits = |it: &&StoredSeries| {
        plain.labels.iter().all(|(name, value)| {
            let own = it.labels.get(name).or(match name.as_str() {
                // As it is shown to a question.
                "instance" => Some(it.server.as_str()),
                "job" => Some("node"),
                _ => None,
            });
            own.unwrap_or_default() == value
        })
    };
    let found: Vec<Mark> = all.iter().filter(fits).map(Mark::of).collect();
    match found.len() {
        0 => None,
        many if many == all.len() => Some(Vec::new()),
        _ => Some(found.into_iter().take(MOST).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Chosen, Plain, expression, marks, read};
    use crate::pages::explore::address::Span;
    use crate::pages::explore::series::Mark;
    use common::api::metrics::{Aggregation, StoredSeries};
    use common::series::Labels;

    fn series(labels: &[(&str, &str)]) -> StoredSeries {
        StoredSeries {
            metric: "m".to_owned(),
            server_id: "00000000-0000-7000-8000-000000000001".parse().unwrap(),
            server: "web-1".to_owned(),
            labels: Labels::of(labels),
        }
    }

    #[test]
    fn what_is_shown_is_an_expression() {
        let (a, b) = (
            series(&[("d", "a.1"), ("k", "x")]),
            series(&[("d", "b"), ("k", "x")]),
        );
        let other = series(&[("d", "b"), ("k", "y\"")]);
        let plain = Chosen {
            metric: "m",
            is_counter: false,
            server: None,
            picked: &[],
            agg: None,
            range: Span::Hour,
        };
        for (chosen, text) in [
            (plain, "m"),
            (
                Chosen {
                    server: Some("web-1"),
                    agg: Some(Aggregation::Avg),
                    ..plain
                },
                "avg_over_time(m{server=\"web-1\"}[1m])",
            ),
            (
                Chosen {
                    picked: std::slice::from_ref(&other),
                    agg: Some(Aggregation::P95),
                    range: Span::Day,
                    ..plain
                },
                "quantile_over_time(0.95, m{d=\"b\",k=\"y\\\"\"}[5m])",
            ),
            (
                Chosen {
                    picked: &[a.clone(), b.clone()],
                    is_counter: true,
                    agg: Some(Aggregation::Max),
                    ..plain
                },
                "rate(m{d=~\"a\\\\.1|b\",k=\"x\"}[1m])",
            ),
            (
                Chosen {
                    picked: &[a, other.clone()],
                    ..plain
                },
                "m{d=\"a.1\",k=\"x\"} or m{d=\"b\",k=\"y\\\"\"}",
            ),
        ] {
            assert_eq!(expression(chosen), text);
        }
    }

    #[test]
    fn plain_expressions_lead_back() {
        let plain = |server: Option<&str>, labels: &[(&str, &str)], agg| Plain {
            metric: "m".to_owned(),
            server: server.map(str::to_owned),
            labels: labels
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            agg,
        };
        for (text, wanted) in [
            ("m", Some(plain(None, &[], None))),
            (" m{d=\"a\"} ", Some(plain(None, &[("d", "a")], None))),
            (
                "rate(m{server=\"w\"}[1m])",
                Some(plain(Some("w"), &[], None)),
            ),
            (
                "quantile_over_time(0.5, m{d=\"a\"}[5m])",
                Some(plain(None, &[("d", "a")], Some(Aggregation::Median))),
            ),
            ("m{d=~\"a|b\"}", None),
            ("{d=\"a\"}", None),
            ("sum(m)", None),
            ("m + 1", None),
            ("rate(m[1m]) + rate(m[1m])", None),
            ("1", None),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn the_series_that_are_meant_are_ticked() {
        let all = [series(&[("d", "a")]), series(&[("d", "b")])];
        for (text, ticked) in [
            ("m", Some(Vec::new())),
            ("m{d=\"b\"}", Some(vec![Mark::of(&all[1])])),
            (
                "m{instance=\"web-1\",d=\"a\"}",
                Some(vec![Mark::of(&all[0])]),
            ),
            ("m{job=\"node\"}", Some(Vec::new())),
            ("m{d=\"c\"}", None),
        ] {
            assert_eq!(marks(&read(text).unwrap(), &all), ticked, "{text}");
        }
    }
}
