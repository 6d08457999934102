//! Prometheus's text format, version 0.0.4: lines into values; never what values are accepted.

use super::error::{Fault, Place};
use super::gathering::{Gathering, Given};
use common::series::names::is_metric_name;
use common::series::notation;
use common::time::UnixMs;
use std::ops::ControlFlow;

const TYPES: [&str; 5] = ["counter", "gauge", "histogram", "summary", "untyped"];

/// Reads all lines into `gathering`, up to the one where reading on is of no use.
pub fn read(text: &[u8], gathering: &mut Gathering) {
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if read_line(line, Place::Line(index + 1), gathering).is_break() {
            return;
        }
    }
}

fn read_line(line: &[u8], place: Place, gathering: &mut Gathering) -> ControlFlow<()> {
    let Ok(line) = std::str::from_utf8(line) else {
        return gathering.refuse(place, Fault::NotUtf8);
    };
    let line = line.trim_matches([' ', '\t', '\r']);
    if line.is_empty() {
        return ControlFlow::Continue(());
    }
    let read = match line.strip_prefix('#') {
        Some(comment) => comment_line(comment).map(|()| None),
        None => value_line(line).map(Some),
    };
    match read {
        Ok(Some(given)) => gathering.add(place, &given),
        Ok(None) => ControlFlow::Continue(()),
        Err(fault) => gathering.refuse(place, fault),
    }
}

/// `HELP name …` and `TYPE name type` are checked; any other comment may say what it likes.
fn comment_line(comment: &str) -> Result<(), Fault> {
    let mut words = comment.split_ascii_whitespace();
    let is_good = match words.next() {
        Some("HELP") => words.next().is_some_and(is_metric_name),
        Some("TYPE") => {
            words.next().is_some_and(is_metric_name)
                && words.next().is_some_and(|word| TYPES.contains(&word))
                && words.next().is_none()
        }
        _ => true,
    };
    is_good.then_some(()).ok_or(Fault::Comment)
}

/// `name{label="value"} value [milliseconds]`
fn value_line(line: &str) -> Result<Given<'_>, Fault> {
    let (written, rest) = notation::read(line).map_err(Fault::Notation)?;
    let mut words = rest.split_ascii_whitespace();
    let value = words.next().ok_or(Fault::NoValue)?;
    let value = value.parse().map_err(|_| Fault::NotANumber)?;
    let at = words
        .next()
        .map(|word| word.parse().map(UnixMs).map_err(|_| Fault::NotATime))
        .transpose()?;
    if words.next().is_some() {
        return Err(Fault::TooMuch);
    }
    Ok(Given {
        metric: written.metric,
        labels: written.labels,
        value,
        at,
    })
}
