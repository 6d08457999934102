//! A rule as it is being typed: texts that may not be numbers yet; pure.

use std::collections::BTreeMap;

use common::alert::{Combine, Comparison, RuleInput, RuleKind, RuleScope};
use common::problem::FieldError;

use super::label_text;
use super::rule_parts::{ConditionRow, NoteRow};

/// What stands in the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDraft {
    /// The name.
    pub name: String,
    /// What it looks at.
    pub kind: RuleKind,
    /// The metric.
    pub metric: String,
    /// Labels: `mountpoint=/srv, device=sda`.
    pub matchers: String,
    /// The expression of a rule of that kind.
    pub expression: String,
    /// The conditions of a composite rule.
    pub conditions: Vec<ConditionRow>,
    /// How they are joined.
    pub combine: Combine,
    /// Seconds that a rate looks back.
    pub window_seconds: String,
    /// Seconds between two evaluations of rates, expressions and conditions.
    pub interval_seconds: String,
    /// Ids of the servers that are watched.
    pub servers: Vec<String>,
    /// Groups that are watched.
    pub groups: Vec<String>,
    /// How the value is compared.
    pub comparison: Comparison,
    /// The warning threshold; empty: none.
    pub warning: String,
    /// The critical threshold; empty: none.
    pub critical: String,
    /// Seconds that a threshold must be crossed.
    pub for_seconds: String,
    /// How much better it must be to clear.
    pub clear_margin: String,
    /// For how many seconds.
    pub clear_for_seconds: String,
    /// Seconds of quiet after a firing.
    pub cooldown_seconds: String,
    /// Ids of the channels that are told; none: the routes say.
    pub channels: Vec<String>,
    /// Labels of the alert.
    pub labels: String,
    /// Texts for the reader.
    pub annotations: Vec<NoteRow>,
    /// Where to read what to do.
    pub runbook_url: String,
    /// Whether it is evaluated.
    pub enabled: bool,
}

impl Default for RuleDraft {
    fn default() -> Self {
        let rule = RuleInput {
            for_seconds: 60,
            clear_for_seconds: 60,
            ..RuleInput::plain("", "host_cpu_usage_percent", Comparison::AtLeast)
        };
        Self::from(&rule)
    }
}

impl From<&RuleInput> for RuleDraft {
    fn from(rule: &RuleInput) -> Self {
        Self {
            name: rule.name.clone(),
            kind: rule.kind,
            metric: rule.metric.clone(),
            matchers: label_text::write(&rule.matchers),
            expression: rule.expression.clone().unwrap_or_default(),
            conditions: ConditionRow::all(&rule.conditions),
            combine: rule.combine,
            window_seconds: rule.window_seconds.to_string(),
            interval_seconds: rule.interval_seconds.to_string(),
            servers: rule.scope.servers.iter().map(ToString::to_string).collect(),
            groups: rule.scope.groups.clone(),
            comparison: rule.comparison,
            warning: written(rule.warning),
            critical: written(rule.critical),
            for_seconds: rule.for_seconds.to_string(),
            clear_margin: rule.clear_margin.to_string(),
            clear_for_seconds: rule.clear_for_seconds.to_string(),
            cooldown_seconds: rule.cooldown_seconds.to_string(),
            channels: rule.channels.iter().map(ToString::to_string).collect(),
            labels: label_text::write(&rule.labels),
            annotations: NoteRow::all(&rule.annotations),
            runbook_url: rule.runbook_url.clone().unwrap_or_default(),
            enabled: rule.enabled,
        }
    }
}

/// Where a rule applies.
pub fn scope(servers: &[String], groups: &[String]) -> RuleScope {
    RuleScope {
        servers: servers.iter().filter_map(|id| id.parse().ok()).collect(),
        groups: groups.to_vec(),
    }
}

/// Whether rules of a kind look at one metric.
pub const fn has_metric(kind: RuleKind) -> bool {
    !matches!(kind, RuleKind::Promql | RuleKind::Composite)
}

/// Whether they compare one value with thresholds of their own.
pub const fn has_thresholds(kind: RuleKind) -> bool {
    !matches!(kind, RuleKind::Absence | RuleKind::Composite)
}

impl RuleDraft {
    /// The rule. What its kind cannot use is left out; all that is no number is named.
    pub fn rule(&self) -> Result<RuleInput, Vec<FieldError>> {
        let kind = self.kind;
        let mut read = Reading::default();
        let metric = if has_metric(kind) {
            self.metric.trim()
        } else {
            ""
        };
        let plain = RuleInput::plain(self.name.trim(), metric, self.comparison);
        let mut rule = RuleInput {
            kind,
            scope: scope(&self.servers, &self.groups),
            for_seconds: read.seconds("for_seconds", &self.for_seconds),
            clear_for_seconds: read.seconds("clear_for_seconds", &self.clear_for_seconds),
            cooldown_seconds: read.seconds("cooldown_seconds", &self.cooldown_seconds),
            channels: self
                .channels
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
            labels: read.labels("labels", &self.labels),
            annotations: read.notes(&self.annotations),
            runbook_url: Some(self.runbook_url.trim().to_owned()).filter(|url| !url.is_empty()),
            enabled: self.enabled,
            ..plain
        };
        if has_metric(kind) {
            rule.matchers = read.labels("matchers", &self.matchers);
        }
        if has_thresholds(kind) {
            rule.warning = read.number("warning", &self.warning);
            rule.critical = read.number("critical", &self.critical);
            let margin = read.number("clear_margin", &self.clear_margin);
            rule.clear_margin = margin.unwrap_or(0.0);
        }
        if kind == RuleKind::Rate {
            rule.window_seconds = read.seconds("window_seconds", &self.window_seconds);
        }
        if kind.is_timed() {
            rule.interval_seconds = read.seconds("interval_seconds", &self.interval_seconds);
        }
        if kind == RuleKind::Promql {
            rule.expression = Some(self.expression.trim().to_owned());
        }
        if kind == RuleKind::Composite {
            rule.combine = self.combine;
            let rows = self.conditions.iter().enumerate();
            let conditions = rows.map(|(place, row)| row.condition(place, &mut read));
            rule.conditions = conditions.collect();
        }
        read.finish(rule)
    }
}

/// A threshold as it stands in its field.
pub fn written(threshold: Option<f64>) -> String {
    threshold.map(|it| it.to_string()).unwrap_or_default()
}

/// A number as people write it.
pub fn number(text: &str) -> Option<f64> {
    let number = text.trim().replace(',', ".").parse::<f64>().ok();
    number.filter(|it| it.is_finite())
}

/// What was wrong with what was read so far.
#[derive(Debug, Default)]
pub struct Reading(Vec<FieldError>);

impl Reading {
    /// A number; empty: none.
    pub fn number(&mut self, field: &str, text: &str) -> Option<f64> {
        let found = number(text);
        if found.is_none() && !text.trim().is_empty() {
            self.refuse(field, "Write a number.");
        }
        found
    }

    /// Labels.
    pub fn labels(&mut self, field: &str, text: &str) -> BTreeMap<String, String> {
        label_text::read(text).unwrap_or_else(|error| {
            self.refuse(field, error);
            BTreeMap::new()
        })
    }

    /// The texts by name; lines in which nothing stands are none.
    fn notes(&mut self, rows: &[NoteRow]) -> BTreeMap<String, String> {
        let filled = rows.iter().filter(|it| !it.text.trim().is_empty());
        let mut notes = BTreeMap::new();
        for row in filled {
            let earlier = notes.insert(row.name.trim().to_owned(), row.text.clone());
            if earlier.is_some() {
                self.refuse("annotations", "Two of them have the same name.");
            }
        }
        notes
    }

    fn seconds(&mut self, field: &str, text: &str) -> u32 {
        let text = text.trim();
        if text.is_empty() {
            return 0;
        }
        text.parse().unwrap_or_else(|_| {
            self.refuse(field, "Write whole seconds.");
            0
        })
    }

    fn refuse(&mut self, field: &str, message: &str) {
        self.0.push(FieldError::new(field, message));
    }

    fn finish<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RuleDraft;
    use common::alert::{RuleInput, RuleKind};

    fn draft() -> RuleDraft {
        RuleDraft {
            name: " High CPU ".to_owned(),
            warning: "70,5".to_owned(),
            critical: "90".to_owned(),
            matchers: "mountpoint=/srv, device = sda".to_owned(),
            ..RuleDraft::default()
        }
    }

    #[test]
    fn a_draft_becomes_a_rule_and_back() {
        let rule = draft().rule().unwrap();
        assert_eq!(rule.name, "High CPU");
        assert_eq!(rule.warning, Some(70.5));
        assert_eq!(rule.matchers["device"], "sda");
        assert_eq!(RuleDraft::from(&rule).rule().unwrap(), rule);
    }

    #[test]
    fn every_field_of_every_kind_comes_back() {
        let common = r#""scope":{"servers":["00000000-0000-7000-8000-000000000001"],"groups":["prod"]},
            "channels":["00000000-0000-7000-8000-000000000002"],"labels":{"team":"a, b"},
            "annotations":{"summary":"Look, now\nplease"},"runbook_url":"https://example.org",
            "for_seconds":1,"clear_for_seconds":2,"cooldown_seconds":3,"enabled":false"#;
        for own in [
            r#""metric":"m","comparison":"<","matchers":{"a":"b"},"warning":2,"clear_margin":0.5"#,
            r#""kind":"absence","metric":"up","comparison":">""#,
            r#""kind":"rate","metric":"m_total","comparison":">","critical":1,"window_seconds":60,
               "interval_seconds":30"#,
            r#""kind":"promql","comparison":">","expression":"up == 0","interval_seconds":60"#,
            r#""kind":"composite","comparison":">","combine":"any","conditions":[
                {"metric":"m","comparison":"!=","warning":1,"matchers":{"x":"y"}},
                {"metric":"n","comparison":">","critical":2,"not":true}]"#,
        ] {
            let text = format!(r#"{{"name":"a",{own},{common}}}"#);
            let rule: RuleInput = serde_json::from_str(&text).unwrap();
            assert_eq!(RuleDraft::from(&rule).rule().unwrap(), rule, "{own}");
        }
    }

    #[test]
    fn each_wrong_field_is_named() {
        let wrong = RuleDraft {
            warning: "much".to_owned(),
            for_seconds: "1.5".to_owned(),
            matchers: "srv".to_owned(),
            ..draft()
        };
        let errors = wrong.rule().unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["for_seconds", "matchers", "warning"]);
    }

    #[test]
    fn what_a_kind_cannot_use_is_left_out() {
        let absence = RuleDraft {
            kind: RuleKind::Absence,
            warning: "much".to_owned(),
            ..draft()
        };
        assert_eq!(absence.rule().unwrap().warning, None);
        let promql = RuleDraft {
            kind: RuleKind::Promql,
            ..draft()
        };
        let promql = promql.rule().unwrap();
        assert!(promql.metric.is_empty() && promql.matchers.is_empty());
        assert_eq!(promql.critical, Some(90.0));
    }
}
