//! Whether a rule makes sense, field by field; never whether its name is taken or its channels exist.

use super::invalid_kind;
use common::alert::RuleInput;
use std::borrow::Cow;
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

/// What labels must be.
pub(super) const LABELS: &str = "must be at most 50 label names with values of up to 200 bytes";

/// A field that cannot stand, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidField {
    /// The field's name in the API.
    pub field: Cow<'static, str>,
    /// One sentence for the person who filled it in.
    pub message: &'static str,
}

/// Everything that is wrong with a rule; empty when nothing is.
pub fn check(rule: &RuleInput) -> Vec<InvalidField> {
    let mut wrong = Vec::new();
    let mut demand = |holds: bool, field: &'static str, message: &'static str| {
        if !holds {
            wrong.push(InvalidField {
                field: field.into(),
                message,
            });
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
    demand(are_labels(&rule.matchers), "matchers", LABELS);
    demand(are_labels(&rule.labels), "labels", LABELS);
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
    wrong.extend(invalid_kind::check(rule));
    wrong
}

pub(super) fn is_metric_name(name: &str) -> bool {
    name.len() <= METRIC_BYTES
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || "_:".contains(first))
        && name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "_:".contains(it))
}

pub(super) fn are_labels(labels: &BTreeMap<String, String>) -> bool {
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
    use common::alert::{Combine, Comparison, Condition, RuleInput, RuleKind};
    use std::collections::BTreeMap;

    fn promql() -> RuleInput {
        RuleInput {
            kind: RuleKind::Promql,
            expression: Some("up == 0".to_owned()),
            ..RuleInput::plain("Down", "", Comparison::Above)
        }
    }

    fn composite() -> RuleInput {
        RuleInput {
            kind: RuleKind::Composite,
            combine: Combine::Any,
            conditions: vec![Condition {
                metric: "queue".to_owned(),
                matchers: BTreeMap::new(),
                comparison: Comparison::Above,
                warning: Some(1.0),
                critical: None,
                not: false,
            }],
            ..RuleInput::plain("Both", "", Comparison::Above)
        }
    }

    #[test]
    fn the_timed_kinds_have_faults_of_their_own() {
        type Fault = fn(&mut RuleInput);
        let rate = || RuleInput {
            kind: RuleKind::Rate,
            warning: Some(1.0),
            ..RuleInput::plain("Rate", "errors_total", Comparison::Above)
        };
        for rule in [promql(), composite(), rate()] {
            assert_eq!(check(&rule), [], "{}", rule.name);
        }
        let faults: [(&str, RuleInput, Fault); 13] = [
            ("expression", promql(), |rule| rule.expression = None),
            ("expression", promql(), |rule| {
                rule.expression = Some(" ".to_owned());
            }),
            ("metric", promql(), |rule| rule.metric = "up".to_owned()),
            ("matchers", promql(), |rule| {
                rule.matchers.insert("a".to_owned(), "b".to_owned());
            }),
            ("interval_seconds", promql(), |rule| {
                rule.interval_seconds = 0;
            }),
            ("conditions", composite(), |rule| rule.conditions.clear()),
            ("conditions", composite(), |rule| {
                let one = rule.conditions[0].clone();
                rule.conditions = vec![one; 21];
            }),
            ("conditions[0].metric", composite(), |rule| {
                rule.conditions[0].metric.clear();
            }),
            ("conditions[0].warning", composite(), |rule| {
                rule.conditions[0].warning = None;
            }),
            ("clear_margin", composite(), |rule| rule.clear_margin = 1.0),
            ("warning", composite(), |rule| rule.warning = Some(1.0)),
            ("window_seconds", rate(), |rule| rule.window_seconds = 9),
            ("conditions", rate(), |rule| {
                rule.conditions = composite().conditions;
            }),
        ];
        for (field, mut rule, spoil) in faults {
            spoil(&mut rule);
            let wrong = check(&rule);
            assert_eq!(wrong.len(), 1, "{field}: {wrong:?}");
            assert_eq!(wrong[0].field, field);
        }
    }

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
