//! Rules on what a PromQL expression is worth: a series of its result, there or not; never the expression.
//!
//! As in Prometheus: a series that is not in the result any more is as one whose condition is false,
//! so that what was pending is dropped and what fired ends, after `clear_for_seconds`, which is
//! Prometheus's `keep_firing_for`.

use super::life::Verdict;
use super::number;
use super::state::RuleState;
use super::threshold::{self, Seen};
use super::transition::Transition;
use common::alert::{RuleInput, Severity};
use common::time::UnixMs;
use serde::{Deserialize, Serialize};

/// The label of a rule that says how bad it is that its expression has a result.
const SEVERITY: &str = "severity";
/// The words in it that mean critical; any other, or none, means warning.
const CRITICAL: [&str; 5] = ["critical", "page", "emergency", "fatal", "error"];

/// What one series of the expression was worth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Worth {
    /// When the expression was evaluated.
    pub at: UnixMs,
    /// The value, any number; `None` when the series is not in the result.
    #[serde(with = "number")]
    pub value: Option<f64>,
}

/// How bad it is that the expression has a result; `None` when thresholds decide that.
pub fn severity_of_presence(rule: &RuleInput) -> Option<Severity> {
    if rule.warning.is_some() || rule.critical.is_some() {
        return None;
    }
    let word = rule.labels.get(SEVERITY).map(String::as_str);
    let is_critical = word.is_some_and(|word| CRITICAL.contains(&word));
    Some(if is_critical {
        Severity::Critical
    } else {
        Severity::Warning
    })
}

/// Evaluates one series of the result.
pub(super) fn evaluate(
    rule: &RuleInput,
    worth: Worth,
    before: &RuleState,
    now: UnixMs,
) -> (RuleState, Option<Transition>) {
    let of_presence = severity_of_presence(rule);
    let verdicts = Severity::ALL.map(|severity| match of_presence {
        Some(own) => (own == severity).then(|| present(worth.value.is_some())),
        None => match worth.value.filter(|value| !value.is_nan()) {
            Some(value) => threshold::verdict_of(rule, severity, value),
            None => threshold::threshold_of(rule, severity).map(|_| present(false)),
        },
    });
    let seen = Seen {
        at: worth.at,
        verdicts,
        value: worth.value,
        thresholds: Severity::ALL.map(|severity| threshold::threshold_of(rule, severity)),
    };
    threshold::observe(rule, seen, before, now)
}

const fn present(is_there: bool) -> Verdict {
    Verdict {
        crossed: is_there,
        cleared: !is_there,
    }
}
