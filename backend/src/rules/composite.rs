//! Composite rules: several conditions on the values of one server; never where those come from.

use super::life::Verdict;
use super::state::RuleState;
use super::threshold::{self, Seen};
use super::transition::Transition;
use common::alert::{Combine, Condition, RuleInput, Severity};
use common::time::UnixMs;
use serde::{Deserialize, Serialize};

/// How far back the newest value of a series is looked for; as in PromQL.
pub const LOOKBACK_MS: i64 = 300_000;

/// What the conditions of a rule come to on one server at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Joined {
    /// When.
    pub at: UnixMs,
    /// Whether they hold as a warning; `None` when none of them says what that is.
    pub warning: Option<bool>,
    /// Whether they hold as critical; `None` as above.
    pub critical: Option<bool>,
    /// The value that is told of the alert; `None` without a finite one.
    pub value: Option<f64>,
    /// What that value is compared with for a warning; `None` without a value.
    pub warning_threshold: Option<f64>,
    /// The same for critical.
    pub critical_threshold: Option<f64>,
}

/// What the conditions come to; `None` without any value. `values` are the newest ones of the series of each
/// condition, in the order of the conditions.
pub fn join(rule: &RuleInput, at: UnixMs, values: &[Vec<f64>]) -> Option<Joined> {
    if values.iter().all(Vec::is_empty) {
        return None;
    }
    let [warning, critical] = Severity::ALL
        .map(|severity| has_level(rule, severity).then(|| holds(rule, severity, values)));
    let decided = deciding(rule, values).map(|(at, nth)| (&rule.conditions[at], values[at][nth]));
    let threshold = |severity| decided.and_then(|(condition, _)| level(condition, severity));
    Some(Joined {
        at,
        warning,
        critical,
        value: decided.map(|(_, value)| value).filter(|it| it.is_finite()),
        warning_threshold: threshold(Severity::Warning),
        critical_threshold: threshold(Severity::Critical),
    })
}

/// Evaluates what the conditions came to.
pub(super) fn evaluate(
    rule: &RuleInput,
    joined: Joined,
    before: &RuleState,
    now: UnixMs,
) -> (RuleState, Option<Transition>) {
    let verdict = |crossed| Verdict {
        crossed,
        cleared: !crossed,
    };
    let seen = Seen {
        at: joined.at,
        verdicts: [joined.warning, joined.critical].map(|holds| holds.map(verdict)),
        value: joined.value,
        thresholds: [joined.warning_threshold, joined.critical_threshold],
    };
    threshold::observe(rule, seen, before, now)
}

/// Whether any condition says what that severity is.
pub(super) fn has_level(rule: &RuleInput, severity: Severity) -> bool {
    rule.conditions.iter().any(|condition| match severity {
        Severity::Warning => condition.warning.is_some(),
        Severity::Critical => condition.critical.is_some(),
    })
}

/// What a condition compares with; one threshold alone counts for both severities.
fn level(condition: &Condition, severity: Severity) -> Option<f64> {
    match severity {
        Severity::Warning => condition.warning.or(condition.critical),
        Severity::Critical => condition.critical.or(condition.warning),
    }
}

fn holds(rule: &RuleInput, severity: Severity, values: &[Vec<f64>]) -> bool {
    let mut each = rule.conditions.iter().enumerate().map(|(at, condition)| {
        let crosses = |value: &f64| {
            level(condition, severity)
                .is_some_and(|level| condition.comparison.crosses(*value, level))
        };
        let is_met = values.get(at).is_some_and(|own| own.iter().any(crosses));
        is_met != condition.not
    });
    match rule.combine {
        Combine::All => each.all(|holds| holds),
        Combine::Any => each.any(|holds| holds),
    }
}

/// Which value is told of the alert: the first that crosses a condition; without one the first that there is. The place
/// of the condition, and that of the value among those of the condition.
pub fn deciding(rule: &RuleInput, values: &[Vec<f64>]) -> Option<(usize, usize)> {
    let pairs = || rule.conditions.iter().zip(values).enumerate();
    let crossing = pairs().find_map(|(at, (condition, own))| {
        let levels = Severity::ALL.map(|severity| level(condition, severity));
        let crosses = |value: &f64| {
            let mut levels = levels.iter().flatten();
            levels.any(|level| condition.comparison.crosses(*value, *level))
        };
        let nth = own.iter().position(crosses)?;
        (!condition.not).then_some((at, nth))
    });
    crossing.or_else(|| pairs().find_map(|(at, (_, own))| (!own.is_empty()).then_some((at, 0))))
}
