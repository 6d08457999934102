//! The notation of Prometheus's own tests: `load`, `clear`, `eval instant|range`, `expect …`.

use std::collections::BTreeMap;

use common::series::matcher::{NAME_LABEL, read};

use super::memory::Memory;
use crate::query::promql::number::{ABSENT, is_absent};
use crate::query::promql::{At, EvaluateError, Evaluation, LabelSet, Value};

/// Runs a script; what failed, with the line of it.
pub(super) fn run(script: &str) -> Vec<String> {
    let mut memory = Memory::default();
    let mut failed = Vec::new();
    let lines: Vec<&str> = script.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at].trim();
        let body = body(&lines[at + 1..]);
        if line.is_empty() || line.starts_with('#') {
            at += 1;
            continue;
        }
        if line == "clear" {
            memory = Memory::default();
        } else if let Some(interval) = line.strip_prefix("load ") {
            load(&mut memory, milliseconds(interval), &body);
        } else if let Some(question) = line.strip_prefix("eval ") {
            if let Err(what) = check(&memory, question, &body) {
                failed.push(format!("line {}: {line}\n    {what}", at + 1));
            }
        } else {
            failed.push(format!("line {}: not understood: {line}", at + 1));
        }
        at += 1 + lines[at + 1..]
            .iter()
            .take_while(|line| is_body(line))
            .count();
    }
    failed
}

fn is_body(line: &str) -> bool {
    line.starts_with([' ', '\t']) && !line.trim().is_empty()
}

/// The indented lines that follow, without comments.
fn body<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let indented = lines.iter().take_while(|line| is_body(line));
    let trimmed = indented.map(|line| line.trim());
    trimmed.filter(|line| !line.starts_with('#')).collect()
}

fn load(memory: &mut Memory, interval: i64, body: &[&str]) {
    for line in body {
        let (labels, points) = series(line);
        let points: Vec<(i64, f64)> = points
            .into_iter()
            .map(|(at, it)| (at * interval, it))
            .collect();
        memory.add(&labels, &points);
    }
}

/// A series with its points, by the number of the step they stand at.
fn series(line: &str) -> (LabelSet, Vec<(i64, f64)>) {
    let end = match line.rfind('}') {
        Some(end) => end + 1,
        None => line.find([' ', '\t']).unwrap_or(line.len()),
    };
    let (named, points) = line.split_at(end);
    let named = if named.starts_with('{') {
        named.to_owned()
    } else {
        named.trim().to_owned()
    };
    let (metric, matchers) = if named == "{}" {
        (None, Vec::new())
    } else {
        read(&named).unwrap()
    };
    let labels = matchers
        .iter()
        .map(|one| (one.name.as_str(), one.value.as_str()));
    let labels = LabelSet::of(labels.chain(metric.map(|name| (NAME_LABEL, name))));
    (labels, self::points(points))
}

/// `1 _ 2+3x2 stale`: values, gaps, runs and ends of a series.
fn points(text: &str) -> Vec<(i64, f64)> {
    let mut points = Vec::new();
    let mut at = 0;
    for word in text.split_whitespace() {
        let (run, times) = match word.split_once('x') {
            Some((run, times)) => (run, times.parse::<i64>().unwrap()),
            None => (word, 0),
        };
        // After the first sign of an exponent or of the number itself.
        let sign = run
            .char_indices()
            .skip(1)
            .find(|(at, c)| matches!(c, '+' | '-') && !run[..*at].ends_with(['e', 'E']));
        let (first, by) = match sign {
            Some((at, _)) => (&run[..at], run[at..].parse::<f64>().unwrap()),
            None => (run, 0.0),
        };
        let repeated = if first == "_" && times > 0 {
            times - 1
        } else {
            times
        };
        let mut value = match first {
            "_" => None,
            "stale" => Some(ABSENT),
            number => Some(number.parse::<f64>().unwrap_or_else(|_| panic!("{word}"))),
        };
        for _ in 0..=repeated {
            points.extend(value.map(|value| (at, value)));
            value = value.map(|value| if is_absent(value) { value } else { value + by });
            at += 1;
        }
    }
    points
}

/// Milliseconds; a number alone stands for seconds.
pub(super) fn milliseconds(text: &str) -> i64 {
    let text = text.trim();
    if let Some(later) = text.strip_prefix('-') {
        return -milliseconds(later);
    }
    if text.trim_end_matches(char::is_alphabetic) == "0" {
        return 0;
    }
    let duration = promql_parser::util::parse_duration(text).unwrap_or_else(|_| panic!("{text}"));
    i64::try_from(duration.as_millis()).unwrap()
}

fn check(memory: &Memory, question: &str, body: &[&str]) -> Result<(), String> {
    let (expects, rows): (Vec<&str>, Vec<&str>) =
        body.iter().partition(|line| line.starts_with("expect "));
    if let Some(rest) = question.strip_prefix("instant at ") {
        let (at, text) = rest.split_once(' ').unwrap();
        let at = milliseconds(at);
        let outcome = memory.ask(text, At::Instant(at));
        check_instant(outcome, &expects, &rows)?;
        if expects.is_empty() {
            return check_as_range(memory, text, at, &rows);
        }
        return Ok(());
    }
    let rest = question
        .strip_prefix("range from ")
        .ok_or("neither instant nor range")?;
    let (start, rest) = rest.split_once(" to ").unwrap();
    let (end, rest) = rest.split_once(" step ").unwrap();
    let (step, text) = rest.split_once(' ').unwrap();
    let [start_ms, end_ms, step_ms] = [start, end, step].map(milliseconds);
    let at = At::Range {
        start_ms,
        end_ms,
        step_ms,
    };
    let Some(evaluation) = expected(memory.ask(text, at), &expects)? else {
        return Ok(());
    };
    let Value::Matrix(found) = &evaluation.value else {
        return Err(format!("no matrix: {:?}", evaluation.value));
    };
    let found: BTreeMap<LabelSet, Vec<(i64, f64)>> = found
        .iter()
        .map(|series| {
            let points = series
                .points
                .iter()
                .map(|(at, value)| ((at - start_ms) / step_ms, *value));
            (series.labels.clone(), points.collect())
        })
        .collect();
    same_rows(&found, &rows)
}

/// The evaluation, when it has to be looked at; `None` when it was to fail and did.
fn expected(
    outcome: Result<Evaluation, EvaluateError>,
    expects: &[&str],
) -> Result<Option<Evaluation>, String> {
    let said = |kind: &str| {
        let wanted = expects
            .iter()
            .filter_map(|line| line.strip_prefix("expect ")?.strip_prefix(kind));
        wanted.map(str::trim).next()
    };
    let contains = |wanted: &str, found: &str| {
        wanted
            .strip_prefix("msg:")
            .is_none_or(|wanted| found.contains(wanted.trim()))
    };
    match (said("fail"), outcome) {
        (Some(wanted), Err(error)) if contains(wanted, &error.to_string()) => Ok(None),
        (Some(_), other) => Err(format!("was to fail: {other:?}")),
        (None, Err(error)) => Err(format!("failed: {error}")),
        (None, Ok(evaluation)) => {
            for (kind, found) in [("warn", &evaluation.warnings), ("info", &evaluation.infos)] {
                if said(&format!("no_{kind}")).is_some() && !found.is_empty() {
                    return Err(format!("remarks: {found:?}"));
                }
                if let Some(wanted) = said(kind)
                    && !found.iter().any(|found| contains(wanted, found))
                {
                    return Err(format!("wanted {kind} {wanted}, found {found:?}"));
                }
            }
            Ok(Some(evaluation))
        }
    }
}

fn check_instant(
    outcome: Result<Evaluation, EvaluateError>,
    expects: &[&str],
    rows: &[&str],
) -> Result<(), String> {
    let Some(evaluation) = expected(outcome, expects)? else {
        return Ok(());
    };
    let found: Vec<(LabelSet, Vec<(i64, f64)>)> = match evaluation.value {
        Value::Scalar(_, value) => {
            let wanted: f64 = rows
                .first()
                .ok_or("no row")?
                .parse()
                .map_err(|_| "no number")?;
            let is_close = is_close(value, wanted);
            return if is_close {
                Ok(())
            } else {
                Err(format!("found {value}"))
            };
        }
        Value::String(_, text) => {
            let wanted = format!("expect string {text:?}");
            let is_same = expects.contains(&wanted.as_str());
            return if is_same {
                Ok(())
            } else {
                Err(format!("found {text:?}"))
            };
        }
        Value::Vector(samples) => {
            let row = |one: crate::query::promql::Sample| (one.labels, vec![(0, one.value)]);
            samples.into_iter().map(row).collect()
        }
        Value::Matrix(series) => series
            .into_iter()
            .map(|one| {
                let values = one.points.iter().map(|(_, value)| *value);
                (one.labels, (0..).zip(values).collect())
            })
            .collect(),
    };
    if expects.contains(&"expect ordered") {
        let order: Vec<&LabelSet> = found.iter().map(|(labels, _)| labels).collect();
        let wanted: Vec<LabelSet> = rows.iter().map(|row| series(row).0).collect();
        if order != wanted.iter().collect::<Vec<_>>() {
            return Err(format!("order {order:?}"));
        }
    }
    let count = found.len();
    let found: BTreeMap<_, _> = found.into_iter().collect();
    if found.len() != count {
        return Err("a set of labels stands twice".to_owned());
    }
    same_rows(&found, rows)
}

/// The same expression at moments around: what is found at one must not depend on the others.
fn check_as_range(memory: &Memory, text: &str, at: i64, rows: &[&str]) -> Result<(), String> {
    let step_ms = 60_000;
    let range = At::Range {
        start_ms: at - step_ms,
        end_ms: at + step_ms,
        step_ms,
    };
    let depends = ["start()", "end()", "range()", "step()"];
    if depends.iter().any(|word| text.contains(word)) {
        return Ok(());
    }
    // An instant of a range vector has no range of instants; a step may fail where another does not.
    let Ok(evaluation) = memory.ask(text, range) else {
        return Ok(());
    };
    let Value::Matrix(series) = evaluation.value else {
        return Ok(());
    };
    let middle = series.into_iter().filter_map(|one| {
        let point = one.points.iter().find(|(moment, _)| *moment == at)?;
        Some((one.labels, vec![(0, point.1)]))
    });
    let rows: Vec<String> = rows
        .iter()
        .map(|row| {
            if row.parse::<f64>().is_ok() {
                format!("{{}} {row}")
            } else {
                (*row).to_owned()
            }
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    same_rows(&middle.collect(), &rows).map_err(|what| format!("as a range: {what}"))
}

fn same_rows(found: &BTreeMap<LabelSet, Vec<(i64, f64)>>, rows: &[&str]) -> Result<(), String> {
    let wanted: BTreeMap<LabelSet, Vec<(i64, f64)>> = rows.iter().map(|row| series(row)).collect();
    let is_same = found.len() == wanted.len()
        && found.iter().zip(&wanted).all(|(found, wanted)| {
            found.0 == wanted.0
                && found.1.len() == wanted.1.len()
                && found
                    .1
                    .iter()
                    .zip(wanted.1)
                    .all(|(a, b)| a.0 == b.0 && is_close(a.1, b.1))
        });
    if is_same {
        return Ok(());
    }
    Err(format!("found {found:?}\n    wanted {wanted:?}"))
}

/// Equal but for what rounding makes of it.
#[expect(clippy::float_cmp, reason = "infinities are equal or not")]
pub(super) fn is_close(one: f64, other: f64) -> bool {
    one == other
        || (one.is_nan() && other.is_nan())
        || (one - other).abs() <= 1e-6 * one.abs().max(other.abs())
}
