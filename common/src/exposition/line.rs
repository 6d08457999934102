//! One line of an exposition; never the lines around it.

use super::{FamilyKind, Format, LineFault};
use crate::series::names::is_metric_name;
use crate::series::notation::{self, Written};
use crate::time::UnixMs;
use std::borrow::Cow;

/// What a line says.
#[derive(Debug, Clone, PartialEq)]
pub enum Line<'a> {
    /// A value.
    Sample(Sample<'a>),
    /// `# HELP`: what a family is, for a person.
    Help {
        /// Name of the family.
        metric: &'a str,
        /// The text, without its escapes.
        text: Cow<'a, str>,
    },
    /// `# TYPE`: how its values behave.
    Type {
        /// Name of the family.
        metric: &'a str,
        /// How.
        kind: FamilyKind,
    },
    /// `# UNIT`: what they are counted in.
    Unit {
        /// Name of the family.
        metric: &'a str,
        /// The unit; empty for none.
        unit: &'a str,
    },
}

/// A value of a series, as it was written. It may be infinite or no number.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample<'a> {
    /// Name of the metric, as it stands there.
    pub metric: &'a str,
    /// Labels in the order they stand in, without their escapes.
    pub labels: Vec<(&'a str, Cow<'a, str>)>,
    /// The value.
    pub value: f64,
    /// When it was so; `None`: when it was asked for.
    pub at: Option<UnixMs>,
}

/// A line that is not empty; `None` when it says nothing that is kept.
pub(super) fn read_line(format: Format, line: &str) -> Result<Option<Line<'_>>, LineFault> {
    match line.strip_prefix('#') {
        Some(comment) => read_comment(format, comment),
        None => read_sample(format, line).map(|sample| Some(Line::Sample(sample))),
    }
}

fn read_comment(format: Format, comment: &str) -> Result<Option<Line<'_>>, LineFault> {
    let (word, rest) = word(comment);
    let (metric, rest) = match word {
        "HELP" | "TYPE" | "UNIT" => self::word(rest),
        _ => return Ok(None),
    };
    let is_name = is_metric_name(metric);
    let line = match (word, format) {
        ("HELP", _) if is_name => Line::Help {
            metric,
            text: unescaped(rest, format == Format::OpenMetrics),
        },
        ("TYPE", Format::Text) if is_name => Line::Type {
            metric,
            kind: FamilyKind::in_text(rest).ok_or(LineFault::Type)?,
        },
        ("TYPE", Format::OpenMetrics) if is_name => Line::Type {
            metric,
            kind: FamilyKind::in_openmetrics(rest).ok_or(LineFault::Type)?,
        },
        ("UNIT", Format::OpenMetrics) if is_name => Line::Unit { metric, unit: rest },
        ("UNIT", Format::Text) => return Ok(None),
        ("HELP", _) => return Err(LineFault::Help),
        ("TYPE", _) => return Err(LineFault::Type),
        _ => return Err(LineFault::Unit),
    };
    Ok(Some(line))
}

/// `name{label="value"} value [time] [# {label="value"} value [time]]`
fn read_sample(format: Format, line: &str) -> Result<Sample<'_>, LineFault> {
    let (Written { metric, labels }, rest) = notation::read(line).map_err(LineFault::Series)?;
    let (value, rest) = word(rest);
    if value.is_empty() {
        return Err(LineFault::NoValue);
    }
    let value = value.parse().map_err(|_| LineFault::NotANumber)?;
    let (at, rest) = match format {
        _ if rest.is_empty() => (None, rest),
        Format::OpenMetrics if rest.starts_with('#') => (None, rest),
        Format::OpenMetrics => {
            let (time, rest) = word(rest);
            (Some(from_seconds(time)?), rest)
        }
        Format::Text => {
            let (time, rest) = word(rest);
            let at = time.parse().map_err(|_| LineFault::NotMilliseconds)?;
            (Some(UnixMs(at)), rest)
        }
    };
    match (rest.strip_prefix('#'), format) {
        _ if rest.is_empty() => {}
        (Some(exemplar), Format::OpenMetrics) => check_exemplar(exemplar)?,
        _ => return Err(LineFault::TooMuch),
    }
    Ok(Sample {
        metric,
        labels,
        value,
        at,
    })
}

/// Exemplars are read past, but what cannot be one is no end of a line either.
fn check_exemplar(text: &str) -> Result<(), LineFault> {
    let labels = text.trim_start().strip_prefix('{');
    let labels = labels.ok_or(LineFault::Exemplar)?;
    let (_, rest) = notation::read_labels(labels).map_err(|_| LineFault::Exemplar)?;
    let (value, rest) = word(rest);
    let (time, rest) = word(rest);
    let is_number = |text: &str| text.parse::<f64>().is_ok();
    let has_time = time.is_empty() || is_number(time);
    let is_good = is_number(value) && has_time && rest.is_empty();
    is_good.then_some(()).ok_or(LineFault::Exemplar)
}

/// Times of OpenMetrics have fractions; what is finer than a millisecond is rounded.
#[expect(
    clippy::cast_possible_truncation,
    reason = "checked: it is within a time's range"
)]
fn from_seconds(text: &str) -> Result<UnixMs, LineFault> {
    /// Some 10,000 years, within what a float counts by ones.
    const MOST_MS: f64 = 4e14;
    let seconds: f64 = text.parse().map_err(|_| LineFault::NotSeconds)?;
    let ms = (seconds * 1_000.0).round();
    if ms.abs() <= MOST_MS {
        Ok(UnixMs(ms as i64))
    } else {
        Err(LineFault::NotSeconds)
    }
}

/// The first word, and what follows it; both without blanks around.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start_matches([' ', '\t']);
    let end = text.find([' ', '\t']).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word, rest.trim_start_matches([' ', '\t']))
}

/// A help text without its escapes; a backslash before anything else stands for itself.
fn unescaped(text: &str, with_quotes: bool) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = match chars.peek() {
            Some('\\') if c == '\\' => Some('\\'),
            Some('n') if c == '\\' => Some('\n'),
            Some('"') if c == '\\' && with_quotes => Some('"'),
            _ => None,
        };
        if escaped.is_some() {
            chars.next();
        }
        plain.push(escaped.unwrap_or(c));
    }
    Cow::Owned(plain)
}
