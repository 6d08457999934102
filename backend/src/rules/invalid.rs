//! Whether a rule makes sense, field by field; never whether its name is taken or its channels exist.

use common::alert::{Comparison, RuleInput, RuleKind};
use std::collections::BTreeMap;

/// Longest name, in characters.
const NAME_CHARS: usize = 100;
/// Longest metric or label name, label value and annotation, in bytes.
const METRIC_BYTES: usize = 200;
const LABEL_BYTES: usize = 200;
const ANNOTATION_BYTES: usize = 2_000;
/// Most entries in a map or list of a rule.
const ENTRIES: usize = 50;
/// Longest wait: a week.
const WAIT_SECONDS: u32 = 7 * 24 * 3_600;

/// A field that cannot stand, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidField {
    /// The field's name in the API.
    pub field: &'static str,
    /// One sentence for the person who filled it in.
    pub message: &'static str,
}

/// Everything that is wrong with a rule; empty when nothing is.
pub fn check(rule: &RuleInput) -> Vec<InvalidField> {
    let mut wrong = Vec::new();
    let mut demand = |holds: bool, field: &'static str, message: &'static str| {
        if !holds {
            wrong.push(InvalidField { field, message });
        }
    };
    let name = rule.name.trim();
    demand(
        !name.is_empty() && name.chars().count() <= NAME_CHARS && name == rule.name,
        "name",
        "must have 1 to 100 characters, without spaces around them",
    );
    demand(
        !rule.name.chars().any(char::is_control),
        "name",
        "must not contain control characters",
    );
    demand(
        is_metric_name(&rule.metric),
        "metric",
        "must be a metric name: letters, digits, _ and :, not beginning with a digit",
    );
    demand(
        are_labels(&rule.matchers),
        "matchers",
        "must be at most 50 label names with values of up to 200 bytes",
    );
    demand(
        are_labels(&rule.labels),
        "labels",
        "must be at most 50 label names with values of up to 200 bytes",
    );
    demand(
        are_annotations(&rule.annotations),
        "annotations",
        "must be at most 50 texts of up to 2,000 bytes",
    );
    demand(
        rule.scope.servers.len() <= ENTRIES * 20 && rule.scope.groups.len() <= ENTRIES,
        "scope",
        "must name at most 1,000 servers and 50 groups",
    );
    demand(
        rule.runbook_url.as_deref().is_none_or(is_web_address),
        "runbook_url",
        "must be an http or https address of up to 2,000 bytes",
    );
    for (field, seconds) in [
        ("for_seconds", rule.for_seconds),
        ("clear_for_seconds", rule.clear_for_seconds),
        ("cooldown_seconds", rule.cooldown_seconds),
    ] {
        demand(seconds <= WAIT_SECONDS, field, "must be at most 604800");
    }
    wrong.extend(check_thresholds(rule));
    wrong
}

/// Thresholds are finite and ordered the way the comparison goes; an absence has none.
fn check_thresholds(rule: &RuleInput) -> Option<InvalidField> {
    let invalid = |field, message| Some(InvalidField { field, message });
    let is_finite = |threshold: Option<f64>| threshold.is_none_or(f64::is_finite);
    if !is_finite(rule.warning) {
        return invalid("warning", "must be a finite number");
    }
    if !is_finite(rule.critical) {
        return invalid("critical", "must be a finite number");
    }
    if !(rule.clear_margin.is_finite() && rule.clear_margin >= 0.0) {
        return invalid("clear_margin", "must be a finite number of at least 0");
    }
    match (rule.kind, rule.warning, rule.critical) {
        (RuleKind::Absence, Some(_), _) => invalid("warning", "an absence rule has no threshold"),
        (RuleKind::Absence, None, Some(_)) => {
            invalid("critical", "an absence rule has no threshold")
        }
        (RuleKind::Threshold, None, None) => {
            invalid("warning", "give a warning or a critical threshold, or both")
        }
        (RuleKind::Threshold, Some(warning), Some(critical)) => match rule.comparison {
            Comparison::Above | Comparison::AtLeast if critical < warning => {
                invalid("critical", "must not be below the warning threshold")
            }
            Comparison::Below | Comparison::AtMost if critical > warning => {
                invalid("critical", "must not be above the warning threshold")
            }
            _ => None,
        },
        (RuleKind::Absence, None, None) | (RuleKind::Threshold, _, _) => None,
    }
}

fn is_metric_name(name: &str) -> bool {
    name.len() <= METRIC_BYTES
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || "_:".contains(first))
        && name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "_:".contains(it))
}

fn are_labels(labels: &BTreeMap<String, String>) -> bool {
    labels.len() <= ENTRIES
        && labels.iter().all(|(name, value)| {
            is_metric_name(name) && !name.contains(':') && value.len() <= LABEL_BYTES
        })
}

fn are_annotations(annotations: &BTreeMap<String, String>) -> bool {
    annotations.len() <= ENTRIES
        && annotations.iter().all(|(name, text)| {
            !name.is_empty() && name.len() <= LABEL_BYTES && text.len() <= ANNOTATION_BYTES
        })
}

fn is_web_address(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && address.len() <= ANNOTATION_BYTES
            && !address
                .chars()
                .any(|it| it.is_whitespace() || it.is_control())
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::rules::default_rules;
    use common::alert::{Comparison, RuleInput, RuleKind};

    #[test]
    fn each_fault_names_its_field() {
        type Fault = fn(&mut RuleInput);
        let faults: [(&str, Fault); 16] = [
            ("name", |rule| rule.name = " ".to_owned()),
            ("name", |rule| rule.name = "x".repeat(101)),
            ("name", |rule| rule.name = "a\nb".to_owned()),
            ("metric", |rule| rule.metric = String::new()),
            ("metric", |rule| rule.metric = "9lives".to_owned()),
            ("matchers", |rule| {
                rule.matchers.insert("a-b".to_owned(), String::new());
            }),
            ("labels", |rule| {
                rule.labels.insert("team".to_owned(), "x".repeat(201));
            }),
            ("warning", |rule| rule.warning = Some(f64::NAN)),
            ("critical", |rule| rule.critical = Some(f64::INFINITY)),
            ("critical", |rule| rule.critical = Some(1.0)),
            ("critical", |rule| rule.comparison = Comparison::Below),
            ("warning", |rule| {
                (rule.warning, rule.critical) = (None, None);
            }),
            ("warning", |rule| rule.kind = RuleKind::Absence),
            ("clear_margin", |rule| rule.clear_margin = -1.0),
            ("for_seconds", |rule| rule.for_seconds = 604_801),
            ("runbook_url", |rule| {
                rule.runbook_url = Some("javascript:alert(1)".to_owned());
            }),
        ];
        for (field, spoil) in faults {
            let [mut rule, ..] = default_rules();
            spoil(&mut rule);
            let wrong = check(&rule);
            assert_eq!(wrong.len(), 1, "{field}: {wrong:?}");
            assert_eq!(wrong[0].field, field);
        }
    }
}
