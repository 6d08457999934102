//! Whether a rule has what its kind needs and nothing that its kind cannot use; never what all kinds share.

use super::invalid::{InvalidField, LABELS, are_labels, is_metric_name};
use common::alert::{Comparison, Condition, RuleInput, RuleKind};

const METRIC: &str = "must be a metric name: letters, digits, _ and :, not beginning with a digit";
/// Longest expression, in bytes.
const EXPRESSION_BYTES: usize = 10_000;
/// Most conditions of a composite rule.
const CONDITIONS: usize = 20;
const WINDOW_SECONDS: std::ops::RangeInclusive<u32> = 10..=86_400;
const INTERVAL_SECONDS: std::ops::RangeInclusive<u32> = 1..=3_600;

/// The faults of a list of demands.
#[derive(Default)]
struct Faults(Vec<InvalidField>);

impl Faults {
    fn demand(&mut self, holds: bool, field: &'static str, message: &'static str) {
        if !holds {
            self.0.push(invalid(field, message));
        }
    }
}

fn invalid(field: &'static str, message: &'static str) -> InvalidField {
    InvalidField {
        field: field.into(),
        message,
    }
}

/// What is wrong with a rule as one of its kind.
pub(super) fn check(rule: &RuleInput) -> Vec<InvalidField> {
    let mut faults = Faults::default();
    let has_metric = !matches!(rule.kind, RuleKind::Promql | RuleKind::Composite);
    if has_metric {
        faults.demand(is_metric_name(&rule.metric), "metric", METRIC);
    } else {
        let message = "must be left out: expression and conditions name their metrics";
        faults.demand(rule.metric.is_empty(), "metric", message);
        let message = "must be left out: expression and conditions have their own";
        faults.demand(rule.matchers.is_empty(), "matchers", message);
    }
    check_expression(rule, &mut faults);
    faults.demand(
        WINDOW_SECONDS.contains(&rule.window_seconds),
        "window_seconds",
        "must be 10 to 86400",
    );
    faults.demand(
        INTERVAL_SECONDS.contains(&rule.interval_seconds),
        "interval_seconds",
        "must be 1 to 3600",
    );
    let mut wrong = faults.0;
    wrong.extend(check_conditions(rule));
    wrong.extend(check_thresholds(rule));
    wrong
}

fn check_expression(rule: &RuleInput, faults: &mut Faults) {
    let text = rule.expression.as_deref();
    if rule.kind == RuleKind::Promql {
        faults.demand(
            text.is_some_and(|text| !text.trim().is_empty() && text.len() <= EXPRESSION_BYTES),
            "expression",
            "must be a PromQL expression of up to 10,000 bytes",
        );
    } else {
        let message = "must be left out: only a rule of kind promql has one";
        faults.demand(text.is_none(), "expression", message);
    }
}

fn check_conditions(rule: &RuleInput) -> Vec<InvalidField> {
    let is_composite = rule.kind == RuleKind::Composite;
    match rule.conditions.len() {
        1..=CONDITIONS if is_composite => rule
            .conditions
            .iter()
            .enumerate()
            .filter_map(|(at, condition)| {
                let (field, message) = fault_of(condition)?;
                Some(InvalidField {
                    field: format!("conditions[{at}].{field}").into(),
                    message,
                })
            })
            .collect(),
        0 if !is_composite => Vec::new(),
        _ if is_composite => vec![invalid("conditions", "must be 1 to 20")],
        _ => {
            let message = "must be left out: only a composite rule has them";
            vec![invalid("conditions", message)]
        }
    }
}

fn fault_of(condition: &Condition) -> Option<(&'static str, &'static str)> {
    let finite = |threshold: Option<f64>| threshold.is_none_or(f64::is_finite);
    if !is_metric_name(&condition.metric) {
        return Some(("metric", METRIC));
    }
    if !are_labels(&condition.matchers) {
        return Some(("matchers", LABELS));
    }
    if !finite(condition.warning) {
        return Some(("warning", "must be a finite number"));
    }
    if !finite(condition.critical) {
        return Some(("critical", "must be a finite number"));
    }
    let none = condition.warning.is_none() && condition.critical.is_none();
    none.then_some(("warning", "give a warning or a critical threshold, or both"))
}

/// Thresholds are finite and ordered the way the comparison goes; an absence has none.
fn check_thresholds(rule: &RuleInput) -> Option<InvalidField> {
    let is_finite = |threshold: Option<f64>| threshold.is_none_or(f64::is_finite);
    if !is_finite(rule.warning) {
        return Some(invalid("warning", "must be a finite number"));
    }
    if !is_finite(rule.critical) {
        return Some(invalid("critical", "must be a finite number"));
    }
    if !(rule.clear_margin.is_finite() && rule.clear_margin >= 0.0) {
        let message = "must be a finite number of at least 0";
        return Some(invalid("clear_margin", message));
    }
    let (field, message) = match (rule.kind, rule.warning, rule.critical) {
        (RuleKind::Absence, Some(_), _) => ("warning", "an absence rule has no threshold"),
        (RuleKind::Absence, None, Some(_)) => ("critical", "an absence rule has no threshold"),
        (RuleKind::Composite, Some(_), _) => ("warning", "conditions have their own thresholds"),
        (RuleKind::Composite, None, Some(_)) => {
            ("critical", "conditions have their own thresholds")
        }
        (RuleKind::Composite, None, None) if rule.clear_margin > 0.0 => {
            ("clear_margin", "must be 0: conditions have different units")
        }
        (RuleKind::Threshold | RuleKind::Rate, None, None) => {
            ("warning", "give a warning or a critical threshold, or both")
        }
        (_, Some(warning), Some(critical)) => match rule.comparison {
            Comparison::Above | Comparison::AtLeast if critical < warning => {
                ("critical", "must not be below the warning threshold")
            }
            Comparison::Below | Comparison::AtMost if critical > warning => {
                ("critical", "must not be above the warning threshold")
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(invalid(field, message))
}
