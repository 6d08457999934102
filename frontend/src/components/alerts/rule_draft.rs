//! A rule as it is being typed: texts that may not be numbers yet; pure.

use std::collections::BTreeMap;

use common::alert::{Comparison, RuleInput, RuleKind};
use common::problem::FieldError;

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
    /// Where to read what to do.
    pub runbook_url: String,
    /// Whether it is evaluated.
    pub enabled: bool,
}

impl Default for RuleDraft {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: RuleKind::Threshold,
            metric: "host_cpu_usage_percent".to_owned(),
            matchers: String::new(),
            comparison: Comparison::AtLeast,
            warning: String::new(),
            critical: String::new(),
            for_seconds: "60".to_owned(),
            clear_margin: "0".to_owned(),
            clear_for_seconds: "60".to_owned(),
            cooldown_seconds: "900".to_owned(),
            runbook_url: String::new(),
            enabled: true,
        }
    }
}

impl From<&RuleInput> for RuleDraft {
    fn from(rule: &RuleInput) -> Self {
        let threshold =
            |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let pair = |(name, value): (&String, &String)| format!("{name}={value}");
        Self {
            name: rule.name.clone(),
            kind: rule.kind,
            metric: rule.metric.clone(),
            matchers: rule
                .matchers
                .iter()
                .map(pair)
                .collect::<Vec<_>>()
                .join(", "),
            comparison: rule.comparison,
            warning: threshold(rule.warning),
            critical: threshold(rule.critical),
            for_seconds: rule.for_seconds.to_string(),
            clear_margin: rule.clear_margin.to_string(),
            clear_for_seconds: rule.clear_for_seconds.to_string(),
            cooldown_seconds: rule.cooldown_seconds.to_string(),
            runbook_url: rule.runbook_url.clone().unwrap_or_default(),
            enabled: rule.enabled,
        }
    }
}

impl RuleDraft {
    /// The rule; what the form has no field for stays as in `before`. All that is no number is named.
    pub fn rule(&self, before: Option<&RuleInput>) -> Result<RuleInput, Vec<FieldError>> {
        let mut errors = Vec::new();
        let matchers = self.matchers().unwrap_or_else(|error| {
            errors.push(wrong("matchers", error));
            BTreeMap::new()
        });
        let has_thresholds = self.kind != RuleKind::Absence;
        let warning = threshold("warning", &self.warning, &mut errors).filter(|_| has_thresholds);
        let critical =
            threshold("critical", &self.critical, &mut errors).filter(|_| has_thresholds);
        let clear_margin = threshold("clear_margin", &self.clear_margin, &mut errors);
        let metric = self.metric.trim();
        let new = || RuleInput::plain("", metric, self.comparison);
        let rule = RuleInput {
            name: self.name.trim().to_owned(),
            kind: self.kind,
            metric: metric.to_owned(),
            matchers,
            comparison: self.comparison,
            warning,
            critical,
            clear_margin: clear_margin.unwrap_or(0.0),
            clear_for_seconds: seconds("clear_for_seconds", &self.clear_for_seconds, &mut errors),
            for_seconds: seconds("for_seconds", &self.for_seconds, &mut errors),
            cooldown_seconds: seconds("cooldown_seconds", &self.cooldown_seconds, &mut errors),
            runbook_url: Some(self.runbook_url.trim().to_owned()).filter(|url| !url.is_empty()),
            enabled: self.enabled,
            ..before.cloned().unwrap_or_else(new)
        };
        if errors.is_empty() {
            Ok(rule)
        } else {
            Err(errors)
        }
    }

    /// The labels.
    pub fn matchers(&self) -> Result<BTreeMap<String, String>, &'static str> {
        let mut matchers = BTreeMap::new();
        for part in self
            .matchers
            .split(',')
            .map(str::trim)
            .filter(|it| !it.is_empty())
        {
            let Some((name, value)) = part.split_once('=') else {
                return Err("Write label=value, several with commas between.");
            };
            matchers.insert(name.trim().to_owned(), value.trim().to_owned());
        }
        Ok(matchers)
    }

    /// The thresholds as far as they are numbers: warning, critical.
    pub fn thresholds(&self) -> (Option<f64>, Option<f64>) {
        let number = |text: &str| text.trim().replace(',', ".").parse::<f64>().ok();
        (number(&self.warning), number(&self.critical))
    }
}

fn threshold(field: &str, text: &str, errors: &mut Vec<FieldError>) -> Option<f64> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let number = text
        .replace(',', ".")
        .parse::<f64>()
        .ok()
        .filter(|it| it.is_finite());
    if number.is_none() {
        errors.push(wrong(field, "Write a number."));
    }
    number
}

fn seconds(field: &str, text: &str, errors: &mut Vec<FieldError>) -> u32 {
    let text = text.trim();
    if text.is_empty() {
        return 0;
    }
    text.parse().unwrap_or_else(|_| {
        errors.push(wrong(field, "Write whole seconds."));
        0
    })
}

fn wrong(field: &str, message: &str) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::RuleDraft;
    use common::alert::RuleKind;

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
        let rule = draft().rule(None).unwrap();
        assert_eq!(rule.name, "High CPU");
        assert_eq!(rule.warning, Some(70.5));
        assert_eq!(rule.matchers["device"], "sda");
        assert_eq!(RuleDraft::from(&rule).rule(Some(&rule)).unwrap(), rule);
    }

    #[test]
    fn what_has_no_field_stays() {
        let mut before = draft().rule(None).unwrap();
        before
            .annotations
            .insert("summary".to_owned(), "look".to_owned());
        let after = draft().rule(Some(&before)).unwrap();
        assert_eq!(after.annotations, before.annotations);
    }

    #[test]
    fn each_wrong_field_is_named() {
        let wrong = RuleDraft {
            warning: "much".to_owned(),
            for_seconds: "1.5".to_owned(),
            matchers: "srv".to_owned(),
            ..draft()
        };
        let errors = wrong.rule(None).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["matchers", "warning", "for_seconds"]);
    }

    #[test]
    fn an_absence_has_no_thresholds() {
        let absence = RuleDraft {
            kind: RuleKind::Absence,
            ..draft()
        };
        assert_eq!(absence.rule(None).unwrap().warning, None);
    }
}
