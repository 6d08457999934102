//! Rules as a file: written as TOML or JSON, read from these and from Prometheus's YAML; never stored here.

use std::fmt;

use common::alert::{Rule, RuleInput};
use common::api::rules::{LeftOut, RULE_FILE_VERSION, RuleFile};
use common::problem::FieldError;
use serde::Deserialize;
use serde_json::Value;

use super::prometheus_rules;

/// Most rules of a file.
const MOST_RULES: usize = 10_000;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleFileForm {
    /// Our own, as JSON.
    Json,
    /// Our own, as TOML.
    Toml,
    /// Prometheus's rule files.
    Yaml,
}

/// The forms that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WrittenForm {
    /// TOML, which is easy to compare line by line.
    #[default]
    Toml,
    /// JSON.
    Json,
}

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the rules could not be written as {form}")]
pub struct NotWritten {
    form: &'static str,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// A rule of a file with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    /// `rules[2]` or `groups[0].rules[1]`.
    pub(super) place: String,
    /// Its line; `None` when the form does not tell.
    pub(super) line: Option<usize>,
    /// The rule.
    pub(super) input: RuleInput,
}

impl Written {
    /// A fault of one of its fields, at its place and under the name that it has there.
    pub(super) fn fault(&self, field: &str, message: impl fmt::Display) -> FieldError {
        let (field, message) = match self.line {
            None => (field, message.to_string()),
            Some(line) => (
                match field {
                    "name" => "alert",
                    "expression" => "expr",
                    "for_seconds" => "for",
                    "clear_for_seconds" => "keep_firing_for",
                    other => other,
                },
                format!("line {line}: {message}"),
            ),
        };
        FieldError::new(format!("{}.{field}", self.place), message)
    }
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Read {
    /// The rules.
    pub(super) rules: Vec<Written>,
    /// What is no rule of ours.
    pub(super) left_out: Vec<LeftOut>,
    /// What was changed on the way.
    pub(super) warnings: Vec<String>,
}

impl WrittenForm {
    /// The rules as a file, without what belongs to this installation alone.
    pub fn write(self, rules: Vec<Rule>) -> Result<String, NotWritten> {
        let file = RuleFile {
            version: RULE_FILE_VERSION,
            rules: rules.into_iter().map(|rule| rule.input).collect(),
        };
        match self {
            Self::Toml => toml::to_string(&file).map_err(|error| NotWritten {
                form: "TOML",
                source: error.into(),
            }),
            Self::Json => serde_json::to_string_pretty(&file).map_err(|error| NotWritten {
                form: "JSON",
                source: error.into(),
            }),
        }
    }

    /// What the file is called.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Toml => "watchpost-rules.toml",
            Self::Json => "watchpost-rules.json",
        }
    }

    /// What it says of itself.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Toml => "application/toml",
            Self::Json => "application/json",
        }
    }
}

/// Our own form before its rules are looked at, so that each fault is told and not the first alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outline {
    version: u32,
    rules: Vec<Value>,
}

/// Reads a file; all faults that can be seen without knowing the rules that are there.
pub(super) fn read(form: RuleFileForm, text: &str) -> Result<Read, Vec<FieldError>> {
    let whole = |message: String| vec![FieldError::new("", message)];
    let outline: Result<Outline, String> = match form {
        RuleFileForm::Json => serde_json::from_str(text).map_err(|error| error.to_string()),
        RuleFileForm::Toml => toml::from_str(text).map_err(|error| error.to_string()),
        RuleFileForm::Yaml => return prometheus_rules::read(text).and_then(few),
    };
    let outline = outline.map_err(whole)?;
    if outline.version != RULE_FILE_VERSION {
        let message = format!("must be {RULE_FILE_VERSION}, as this version writes it");
        return Err(vec![FieldError::new("version", message)]);
    }
    of_values(outline.rules)
}

/// The rules of our own form.
pub(super) fn of_values(rules: Vec<Value>) -> Result<Read, Vec<FieldError>> {
    let (mut read, mut wrong) = (Read::default(), Vec::new());
    for (at, value) in rules.into_iter().enumerate() {
        let place = format!("rules[{at}]");
        match serde_path_to_error::deserialize::<_, RuleInput>(value) {
            Ok(input) => read.rules.push(Written {
                place,
                line: None,
                input,
            }),
            Err(error) => {
                let path = error.path().to_string();
                let field = if path == "." {
                    place
                } else {
                    format!("{place}.{path}")
                };
                wrong.push(FieldError::new(field, error.inner().to_string()));
            }
        }
    }
    if wrong.is_empty() {
        few(read)
    } else {
        Err(wrong)
    }
}

fn few(read: Read) -> Result<Read, Vec<FieldError>> {
    if read.rules.len() > MOST_RULES {
        let message = format!("more than {MOST_RULES} rules: split the file");
        return Err(vec![FieldError::new("", message)]);
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use common::ids::RuleId;
    use common::time::UnixMs;
    use uuid::Uuid;

    use super::*;
    use crate::rules::default_rules;

    #[test]
    fn what_is_written_is_read_again() {
        let rule = |input: RuleInput| Rule {
            id: RuleId(Uuid::nil()),
            version: 7,
            created_at: UnixMs(1),
            updated_at: UnixMs(2),
            input,
        };
        for (written, form) in [
            (WrittenForm::Toml, RuleFileForm::Toml),
            (WrittenForm::Json, RuleFileForm::Json),
        ] {
            let text = written.write(default_rules().map(rule).to_vec()).unwrap();
            let read = read(form, &text).unwrap();
            let rules: Vec<RuleInput> = read.rules.into_iter().map(|it| it.input).collect();
            assert_eq!(rules, default_rules(), "{text}");
        }
    }

    #[test]
    fn each_fault_has_its_place() {
        for (form, text, places) in [
            (RuleFileForm::Json, "{", vec![""]),
            (
                RuleFileForm::Json,
                r#"{"version":2,"rules":[]}"#,
                vec!["version"],
            ),
            (
                RuleFileForm::Json,
                r#"{"version":1,"rules":[{"name":"a"},{"name":"b","metric":"m","comparison":">="},
                    {"name":"c","metric":"m","comparison":">=","waring":1}]}"#,
                vec!["rules[0]", "rules[2].waring"],
            ),
            (RuleFileForm::Toml, "version = 1\nrules = 3", vec![""]),
            (RuleFileForm::Yaml, "groups: 3", vec!["groups"]),
            (
                RuleFileForm::Yaml,
                "groups:\n- rules:\n  - alert: a\n    expr: up\n    for: soon\n  - expr: up\n  - alert: b\n    expression: up\n",
                vec![
                    "groups[0].rules[0].for",
                    "groups[0].rules[1]",
                    "groups[0].rules[2].expression",
                ],
            ),
        ] {
            let wrong = read(form, text).unwrap_err();
            let found: Vec<&str> = wrong.iter().map(|it| it.field.as_str()).collect();
            assert_eq!(found, places, "{wrong:?}");
        }
    }

    #[test]
    fn prometheus_files_become_rules_of_expressions() {
        let text = "groups:\n- name: hosts\n  interval: 30s\n  labels: {team: ops}\n  rules:\n  - record: a:b\n    expr: sum(b)\n  - alert: Down\n    expr: |\n      up == 0\n    for: 5m\n    keep_firing_for: 1m\n    labels: {severity: critical}\n    annotations:\n      runbook_url: https://example.org/down\n  - alert: Down\n    expr: up == 2\n";
        let read = read(RuleFileForm::Yaml, text).unwrap();
        let [first, second] = read.rules.as_slice() else {
            panic!("{read:?}");
        };
        assert_eq!(
            (first.place.as_str(), first.line),
            ("groups[0].rules[1]", Some(8))
        );
        let rule = &first.input;
        assert_eq!(rule.expression.as_deref(), Some("up == 0"));
        assert_eq!(
            (
                rule.interval_seconds,
                rule.for_seconds,
                rule.clear_for_seconds,
                rule.cooldown_seconds
            ),
            (30, 300, 60, 0)
        );
        assert_eq!(
            (
                rule.labels["team"].as_str(),
                rule.labels["severity"].as_str()
            ),
            ("ops", "critical")
        );
        assert_eq!(
            rule.runbook_url.as_deref(),
            Some("https://example.org/down")
        );
        assert_eq!(second.input.name, "Down (2)");
        assert_eq!(
            (read.left_out.len(), read.left_out[0].name.as_str()),
            (1, "a:b")
        );
        assert_eq!(read.warnings.len(), 1);
    }
}
