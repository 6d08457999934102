//! What a request asks in PromQL, read from its parameters; never the answer.

use std::time::Duration;

use common::series::matcher::Matcher;

use super::{Fault, duration_ms, limit};
use crate::http::extract::Parameters;
use crate::http::problem::Problem;
use crate::query::Engine;
use crate::query::promql::Expression;

/// How far back Prometheus looks for a sample.
const LOOKBACK_MS: i64 = 5 * 60 * 1_000;
/// How often `match[]` may stand in a request.
const MOST_MATCHES: usize = 100;

/// What questions of one moment and of many have in common.
#[derive(Debug)]
pub(in crate::http) struct Asked {
    /// What is asked.
    pub(in crate::http) expression: Expression,
    /// How long the answer may take; `None`: as long as the settings say.
    pub(in crate::http) timeout: Option<Duration>,
    /// How far back a sample is looked for.
    pub(in crate::http) lookback_ms: i64,
    /// How many series are given at most; 0 for all.
    pub(in crate::http) limit: usize,
    /// Whether the answer tells what it took.
    pub(in crate::http) with_stats: bool,
}

impl Asked {
    /// Reads all but the times.
    pub(in crate::http) fn read(engine: &Engine, form: &Parameters) -> Result<Self, Problem> {
        let limit = limit(form.get("limit"))?;
        let timeout = match form.get("timeout") {
            "" => None,
            text => {
                let ms = duration_ms(text).map_err(|error| Fault::parameter("timeout", error))?;
                Some(Duration::from_millis(u64::try_from(ms).unwrap_or(0)))
            }
        };
        let lookback_ms = match form.get("lookback_delta") {
            "" => LOOKBACK_MS,
            text => duration_ms(text).map_err(|error| {
                Fault::BadData.because(format_args!(
                    "error parsing lookback delta duration: {error}"
                ))
            })?,
        };
        let expression = engine.expression(form.get("query"));
        Ok(Self {
            expression: expression.map_err(|error| Fault::parameter("query", error))?,
            timeout,
            // As Prometheus takes it: no length is the usual one.
            lookback_ms: if lookback_ms > 0 {
                lookback_ms
            } else {
                LOOKBACK_MS
            },
            limit,
            with_stats: !form.get("stats").is_empty(),
        })
    }
}

/// The expression of a request.
pub(in crate::http) fn expression(form: &Parameters) -> Result<Expression, Problem> {
    Expression::parse(form.get("query")).map_err(|error| Fault::parameter("query", error))
}

/// The series that a request asks about, one list of conditions for each `match[]`.
pub(in crate::http) fn matches(form: &Parameters) -> Result<Vec<Vec<Matcher>>, Problem> {
    let wrong = |error: &dyn std::fmt::Display| Fault::parameter("match[]", error);
    let given = form.all("match[]").take(MOST_MATCHES + 1);
    let matches = given.map(|text| {
        let expression = Expression::parse(text).map_err(|error| wrong(&error))?;
        let matchers = expression.matchers().map(<[Matcher]>::to_vec);
        matchers.ok_or_else(|| wrong(&"it has to be a selector of series, like up{job=\"node\"}"))
    });
    let matches = matches.collect::<Result<Vec<_>, _>>()?;
    if matches.len() > MOST_MATCHES {
        let error = format!("stands there more than {MOST_MATCHES} times");
        return Err(wrong(&error));
    }
    Ok(matches)
}
