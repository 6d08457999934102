//! The lines of a rule that may be many, as they are typed: conditions and texts for the reader; pure.

use std::collections::BTreeMap;

use common::alert::{Comparison, Condition};

use super::label_text;
use super::rule_draft::{Reading, written};

/// A condition of a composite rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionRow {
    /// Tells it from the others.
    pub key: u32,
    /// The metric.
    pub metric: String,
    /// Labels: `mountpoint=/srv`.
    pub matchers: String,
    /// How the value is compared.
    pub comparison: Comparison,
    /// The warning threshold; empty: the critical one.
    pub warning: String,
    /// The critical threshold; empty: the warning one.
    pub critical: String,
    /// The condition is turned round.
    pub not: bool,
}

impl ConditionRow {
    /// A new one, after the others.
    pub fn after(others: &[Self]) -> Self {
        Self {
            key: others.iter().map(|it| it.key + 1).max().unwrap_or_default(),
            metric: String::new(),
            matchers: String::new(),
            comparison: Comparison::AtLeast,
            warning: String::new(),
            critical: String::new(),
            not: false,
        }
    }

    /// A line for each condition.
    pub fn all(conditions: &[Condition]) -> Vec<Self> {
        let row = |(key, it): (u32, &Condition)| Self {
            key,
            metric: it.metric.clone(),
            matchers: label_text::write(&it.matchers),
            comparison: it.comparison,
            warning: written(it.warning),
            critical: written(it.critical),
            not: it.not,
        };
        (0..).zip(conditions).map(row).collect()
    }

    /// What it stands for at a place of the rule.
    pub fn condition(&self, place: usize, read: &mut Reading) -> Condition {
        let field = |name: &str| format!("conditions[{place}].{name}");
        Condition {
            metric: self.metric.trim().to_owned(),
            matchers: read.labels(&field("matchers"), &self.matchers),
            comparison: self.comparison,
            warning: read.number(&field("warning"), &self.warning),
            critical: read.number(&field("critical"), &self.critical),
            not: self.not,
        }
    }
}

/// A text for the reader of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRow {
    /// Tells it from the others.
    pub key: u32,
    /// Its name, such as `summary`.
    pub name: String,
    /// The text.
    pub text: String,
}

impl NoteRow {
    /// A new one, after the others.
    pub fn after(others: &[Self]) -> Self {
        let name = if others.is_empty() { "summary" } else { "" };
        Self {
            key: others.iter().map(|it| it.key + 1).max().unwrap_or_default(),
            name: name.to_owned(),
            text: String::new(),
        }
    }

    /// A line for each text.
    pub fn all(annotations: &BTreeMap<String, String>) -> Vec<Self> {
        let row = |(key, (name, text)): (u32, (&String, &String))| Self {
            key,
            name: name.clone(),
            text: text.clone(),
        };
        (0..).zip(annotations).map(row).collect()
    }
}
