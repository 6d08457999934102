//! Alerts and rules in words and addresses; pure.

use common::alert::{Alert, AlertChange, AlertState, Comparison, RuleInput, RuleKind};
use common::api::rules::{EvaluationStatus, RuleEvaluation};
use common::chart::ChartUnit;
use common::ids::{AlertId, RuleId};
use common::metric::CATALOGUE;
use common::time::UnixMs;
use common::units::Unit;

use crate::format::duration;
use crate::places::server_path;

/// A chart around an alert begins this long before it.
const BEFORE_MS: i64 = 10 * 60_000;
/// And ends this long after its start.
const AFTER_MS: i64 = 20 * 60_000;

/// The address of an alert.
pub fn alert_path(id: AlertId) -> String {
    format!("/alerts/{id}")
}

/// The address of a rule.
pub fn rule_path(id: RuleId) -> String {
    format!("/alerts/rules/{id}")
}

/// The address of the moment on the server's charts at which an alert began.
pub fn moment_path(alert: &Alert, now: UnixMs) -> String {
    let at = alert.started_at;
    let (from, to) = (
        at.plus_ms(-BEFORE_MS),
        at.plus_ms(AFTER_MS).min(now).max(at),
    );
    format!(
        "{}?from={}&to={}&at={}",
        server_path(alert.server_id),
        from.0,
        to.0,
        at.0
    )
}

/// Where an alert stands.
pub const fn state_word(state: AlertState) -> &'static str {
    match state {
        AlertState::Pending => "Pending",
        AlertState::Firing => "Firing",
        AlertState::Acknowledged => "Acknowledged",
        AlertState::Resolved => "Resolved",
    }
}

/// What happened to an alert.
pub const fn change_word(change: AlertChange) -> &'static str {
    match change {
        AlertChange::Fired => "Fired",
        AlertChange::Escalated => "Became critical",
        AlertChange::Deescalated => "Became a warning",
        AlertChange::Acknowledged => "Acknowledged",
        AlertChange::Resolved => "Resolved",
        AlertChange::Commented => "Commented",
        AlertChange::Assigned => "Assigned",
        AlertChange::Flapping => "Flapping",
        AlertChange::Calmed => "Calm again",
    }
}

/// The unit of a metric; a plain number for one that is not in the catalogue.
pub fn unit_of(metric: &str) -> ChartUnit {
    match CATALOGUE
        .iter()
        .find(|known| known.name == metric)
        .map(|known| known.unit)
    {
        Some(Unit::Percent) => ChartUnit::Percent,
        Some(Unit::Bytes) => ChartUnit::Bytes,
        Some(Unit::BytesPerSecond) => ChartUnit::BytesPerSecond,
        Some(Unit::Celsius) => ChartUnit::Celsius,
        // Counters of seconds and moments are read as they are.
        Some(Unit::None | Unit::Seconds | Unit::PerSecond | Unit::Hertz) | None => {
            ChartUnit::Number
        }
    }
}

/// The labels of an alert, without what stands beside them: `mountpoint=/srv`.
pub fn labels(alert: &Alert) -> String {
    let label = |(name, value): (&String, &String)| format!("{name}={value}");
    alert
        .labels
        .iter()
        .map(label)
        .collect::<Vec<_>>()
        .join(", ")
}

/// When a rule fires: `≥ 70 % warning, ≥ 90 % critical, for 1 min`.
pub fn condition(rule: &RuleInput) -> String {
    if rule.kind == RuleKind::Absence {
        return match rule.for_seconds {
            0 => "no sample for 3 intervals".to_owned(),
            seconds => format!("no sample for {}", duration(u64::from(seconds))),
        };
    }
    let of_what = match rule.kind {
        RuleKind::Threshold | RuleKind::Absence => None,
        RuleKind::Rate => Some("change a second".to_owned()),
        RuleKind::Promql => rule.expression.clone(),
        RuleKind::Composite => Some(format!("{} conditions", rule.conditions.len())),
    };
    let unit = unit_of(&rule.metric);
    let part = |threshold: Option<f64>, word: &str| {
        let value = unit.format(Some(threshold?));
        Some(format!("{} {value} {word}", sign(rule.comparison)))
    };
    let mut parts: Vec<String> = [
        of_what,
        part(rule.warning, "warning"),
        part(rule.critical, "critical"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if rule.for_seconds > 0 {
        parts.push(format!("for {}", duration(u64::from(rule.for_seconds))));
    }
    parts.join(", ")
}

/// Why a rule is not evaluated as it is meant; `None` while it is, or is off.
pub fn trouble(evaluation: &RuleEvaluation) -> Option<String> {
    match evaluation.status {
        EvaluationStatus::Ok | EvaluationStatus::Off => None,
        EvaluationStatus::NoData => {
            Some("No data: there is nothing now that this rule could look at.".to_owned())
        }
        EvaluationStatus::Failing => {
            let why = evaluation.error.as_deref().unwrap_or("the log tells more");
            Some(format!("It cannot be evaluated: {why}"))
        }
    }
}

/// The sign of a comparison as it is printed.
pub const fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Above => ">",
        Comparison::AtLeast => "≥",
        Comparison::Below => "<",
        Comparison::AtMost => "≤",
        Comparison::Equal => "=",
        Comparison::NotEqual => "≠",
    }
}

#[cfg(test)]
mod tests {
    use super::{condition, unit_of};
    use common::alert::{Comparison, RuleInput, RuleKind};
    use common::chart::ChartUnit;

    fn rule(metric: &str, warning: Option<f64>, critical: Option<f64>) -> RuleInput {
        RuleInput {
            warning,
            critical,
            for_seconds: 60,
            ..RuleInput::plain("r", metric, Comparison::AtLeast)
        }
    }

    #[test]
    fn a_rule_is_told_in_a_line() {
        let cpu = rule("host_cpu_usage_percent", Some(70.0), Some(90.0));
        assert_eq!(
            condition(&cpu),
            "≥ 70.0 % warning, ≥ 90.0 % critical, for 1 min"
        );
        let free = RuleInput {
            comparison: Comparison::Below,
            for_seconds: 0,
            ..rule("node_filesystem_avail_bytes", None, Some(1_073_741_824.0))
        };
        assert_eq!(condition(&free), "< 1.0 GiB critical");
        let silent = RuleInput {
            kind: RuleKind::Absence,
            for_seconds: 15,
            ..rule("up", None, None)
        };
        assert_eq!(condition(&silent), "no sample for 15 s");
        assert_eq!(unit_of("my_own_metric"), ChartUnit::Number);
    }
}
