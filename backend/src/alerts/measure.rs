//! What a rule that does not follow samples finds in the stored ones at a moment; never what follows from it.

use std::collections::BTreeMap;
use std::sync::Arc;

use common::alert::{RuleInput, RuleKind};
use common::ids::{RuleId, ServerId};
use common::metric::Metric;
use common::series::matcher::{Filter, Matcher, NAME_LABEL};
use common::series::{Labels, MetricName};
use common::time::UnixMs;

use super::timetable::Target;
use crate::query::promql::{
    At, EvaluateError, Expression, LabelSet, Names, ParseError, Question, Value,
};
use crate::query::{QueryError, Reader, Selector};
use crate::rules::{CONDITION_LOOKBACK_MS, RateWindow, Reading};

/// Most series that the result of an expression may have.
const MOST_SERIES: usize = 1_000;
/// How far back PromQL looks for the newest sample of a series.
pub(super) const LOOKBACK_MS: i64 = 300_000;
/// The label by which the result of an expression names its server.
const INSTANCE: &str = "instance";

/// What a turn of one rule found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Evaluated {
    /// The rule.
    pub(super) rule: RuleId,
    /// Its version: a rule that was changed meanwhile is not judged by what the old one found.
    pub(super) version: u32,
    /// The moment that was looked at.
    pub(super) at: UnixMs,
    /// What was found, or why nothing could be.
    pub(super) outcome: Result<Vec<Measured>, String>,
}

/// What was found of one series.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured {
    /// The server it is about.
    pub(super) server: ServerId,
    /// Its labels.
    pub(super) labels: Labels,
    /// What.
    pub(super) finding: Finding,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Finding {
    /// How fast it changes.
    Rate(Reading),
    /// What the expression is worth.
    Worth(f64),
    /// The newest values of the series of each condition.
    Conditions(Vec<Vec<f64>>),
}

/// Why nothing was found.
#[derive(Debug, thiserror::Error)]
pub(super) enum MeasureError {
    /// It was no expression when it was saved.
    #[error("{0}")]
    Parse(ParseError),
    /// The expression has no answer.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// Stored series were not read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The expression gives texts or ranges.
    #[error("the expression must give a number or an instant vector")]
    NoNumbers,
    /// Two series of the result are one alert.
    #[error(
        "the expression gives two series with the labels {{{0}}}, which an alert cannot tell apart: aggregate it"
    )]
    SameLabels(Labels),
    /// The expression gives more than anybody looks after.
    #[error("the expression gives {found} series, more than {limit}: aggregate it")]
    TooManySeries {
        /// The most there may be.
        limit: usize,
        /// How many there are.
        found: usize,
    },
}

/// What a rule finds at a moment on the servers in its scope.
pub(super) fn measure(
    reader: &mut Reader,
    rule: &RuleInput,
    targets: &[Target],
    at: UnixMs,
) -> Result<Vec<Measured>, MeasureError> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    match rule.kind {
        RuleKind::Rate => Ok(rates(reader, rule, targets, at)?),
        RuleKind::Promql => worths(reader, rule, targets, at),
        RuleKind::Composite => Ok(conditions(reader, rule, targets, at)?),
        // These follow samples.
        RuleKind::Threshold | RuleKind::Absence => Ok(Vec::new()),
    }
}

fn rates(
    reader: &mut Reader,
    rule: &RuleInput,
    targets: &[Target],
    at: UnixMs,
) -> Result<Vec<Measured>, QueryError> {
    let range = at.plus_ms(-i64::from(rule.window_seconds) * 1_000).0..at.0 + 1;
    let selector = selector(&rule.metric, &rule.matchers, targets, &range)?;
    let keys = reader.series(&selector)?;
    let is_counter = Metric::is_counter(&rule.metric);
    let mut found = Vec::new();
    for series in reader.together(&keys, range)?.series {
        let mut window = RateWindow::new(rule.window_seconds, is_counter);
        for (at, value) in series.points() {
            window.push(at, value);
        }
        found.extend(window.reading(at).map(|reading| Measured {
            server: series.key.server,
            labels: series.key.labels.clone(),
            finding: Finding::Rate(reading),
        }));
    }
    Ok(found)
}

fn conditions(
    reader: &mut Reader,
    rule: &RuleInput,
    targets: &[Target],
    at: UnixMs,
) -> Result<Vec<Measured>, QueryError> {
    let range = at.plus_ms(-CONDITION_LOOKBACK_MS).0..at.0 + 1;
    let count = rule.conditions.len();
    let mut found: BTreeMap<ServerId, Vec<Vec<f64>>> = BTreeMap::new();
    for (place, condition) in rule.conditions.iter().enumerate() {
        let selector = selector(&condition.metric, &condition.matchers, targets, &range)?;
        let keys = reader.series(&selector)?;
        let newest = reader.newest(&keys, range.clone())?;
        for (key, newest) in keys.into_iter().zip(newest) {
            if let Some((_, value)) = newest.filter(|(_, value)| value.is_finite()) {
                let of_server = found.entry(key.server);
                of_server.or_insert_with(|| vec![Vec::new(); count])[place].push(value);
            }
        }
    }
    let found = found.into_iter().map(|(server, values)| Measured {
        server,
        labels: Labels::none(),
        finding: Finding::Conditions(values),
    });
    Ok(found.collect())
}

fn worths(
    reader: &mut Reader,
    rule: &RuleInput,
    targets: &[Target],
    at: UnixMs,
) -> Result<Vec<Measured>, MeasureError> {
    let question = question(rule, targets, At::Instant(at.0))?;
    let samples: Vec<(LabelSet, f64)> = match reader.evaluate(&question)?.value {
        Value::Scalar(_, value) => vec![(LabelSet::none(), value)],
        Value::Vector(samples) => samples
            .into_iter()
            .map(|sample| (sample.labels, sample.value))
            .collect(),
        Value::String(..) | Value::Matrix(_) => return Err(MeasureError::NoNumbers),
    };
    bounded(samples.len())?;
    let mut found = BTreeMap::new();
    for (labels, value) in samples {
        let labels = unnamed(&labels);
        if let Some(server) = server_of(&labels, targets) {
            let measured = Measured {
                server,
                labels: labels.clone(),
                finding: Finding::Worth(value),
            };
            if found.insert(labels.clone(), measured).is_some() {
                return Err(MeasureError::SameLabels(labels));
            }
        }
    }
    Ok(found.into_values().collect())
}

/// An error when a result has more series than anybody looks after.
pub(super) fn bounded(found: usize) -> Result<(), MeasureError> {
    if found > MOST_SERIES {
        return Err(MeasureError::TooManySeries {
            limit: MOST_SERIES,
            found,
        });
    }
    Ok(())
}

/// The rule's expression, asked of the servers in its scope alone.
pub(super) fn question(
    rule: &RuleInput,
    targets: &[Target],
    at: At,
) -> Result<Question, MeasureError> {
    let text = rule.expression.as_deref().unwrap_or_default();
    let servers = targets
        .iter()
        .map(|target| (target.id, target.name.clone()));
    Ok(Question {
        expression: Expression::parse(text).map_err(MeasureError::Parse)?,
        at,
        lookback_ms: LOOKBACK_MS,
        names: Arc::new(Names::new(servers)),
    })
}

/// The server that a result names by its label `instance`; without one, or of another machine, the one
/// that Watchpost runs on, or else the first.
pub(super) fn server_of(labels: &Labels, targets: &[Target]) -> Option<ServerId> {
    let named = labels
        .get(INSTANCE)
        .and_then(|name| targets.iter().find(|target| target.name == name));
    let local = || targets.iter().find(|target| target.is_local);
    named
        .or_else(local)
        .or_else(|| targets.first())
        .map(|target| target.id)
}

/// Without the name of the metric: an alert is told from another by its other labels.
pub(super) fn unnamed(labels: &LabelSet) -> Labels {
    let others = labels.iter().filter(|(name, _)| *name != NAME_LABEL);
    others.collect()
}

/// What the store is asked for: the series of a metric with these labels on these servers.
pub(super) fn selector(
    metric: &str,
    matchers: &BTreeMap<String, String>,
    targets: &[Target],
    range: &std::ops::Range<i64>,
) -> Result<Selector, QueryError> {
    let matchers: Vec<Matcher> = matchers
        .iter()
        .map(|(name, value)| Matcher::equal(name, value))
        .collect();
    Ok(Selector {
        servers: Some(targets.iter().map(|target| target.id).collect()),
        metric: Some(MetricName::from(metric)),
        filter: Filter::new(&matchers)?,
        from_ms: range.start,
        to_ms: range.end,
    })
}
