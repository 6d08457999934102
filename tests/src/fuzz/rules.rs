//! Files of rules, in each of their forms; never a rule book.

use backend::alerts::{RuleFileForm, WrittenForm, read_rules};
use common::alert::{Rule, RuleInput};
use common::ids::RuleId;
use common::time::UnixMs;

use super::Target;

const FORMS: [RuleFileForm; 3] = [RuleFileForm::Json, RuleFileForm::Toml, RuleFileForm::Yaml];

/// Reads an input in each form; what was read is written and read again.
#[derive(Debug)]
pub(super) struct Files;

impl Target for Files {
    fn take(&mut self, input: &[u8]) -> String {
        let Ok(text) = std::str::from_utf8(input) else {
            return "no text".to_owned();
        };
        let outcomes = FORMS.map(|form| match read_rules(form, text) {
            Ok(rules) => {
                let kinds: Vec<_> = rules.iter().take(3).map(|rule| rule.kind).collect();
                go_round(&rules);
                format!("{kinds:?}")
            }
            Err(faults) => faults.first().map_or_else(String::new, |fault| {
                let field = fault.field.rsplit(['.', ']']).next().unwrap_or_default();
                let words = fault.message.split_whitespace();
                let words = words.filter(|word| word.chars().all(char::is_alphabetic));
                let words: Vec<_> = words.take(4).collect();
                format!("{field} {}", words.join(" "))
            }),
        });
        outcomes.join(" | ")
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            "groups:\n- name: a\n  rules:\n",
            "  - alert: A\n    expr: up == 0\n",
            "    for: 5m\n",
            "    keep_firing_for: 1h30m\n",
            "    labels: {severity: page}\n",
            "&a [*a, *a]",
            "|\n      up\n",
            "---\n",
            "!!binary ",
            "version = 1\n",
            "[[rules]]\nname = \"a\"\nmetric = \"m\"\ncomparison = \">\"\nwarning = 1.0\n",
            "{\"version\":1,\"rules\":[",
            "\"kind\":\"composite\",\"conditions\":[{\"metric\":\"m\",\"comparison\":\">\",\"warning\":1}],",
            "\"kind\":\"promql\",\"expression\":\"sum(up)\",",
            "\\u0000",
        ]
    }
}

/// What is written is read as it was.
fn go_round(rules: &[RuleInput]) {
    let kept = |(at, input): (u128, RuleInput)| Rule {
        id: RuleId(uuid::Uuid::from_u128(at)),
        version: 1,
        created_at: UnixMs(0),
        updated_at: UnixMs(0),
        input,
    };
    let kept: Vec<Rule> = (0..).zip(rules.to_vec()).map(kept).collect();
    for (written, form) in [
        (WrittenForm::Json, RuleFileForm::Json),
        (WrittenForm::Toml, RuleFileForm::Toml),
    ] {
        let text = written.write(kept.clone());
        let again = text.as_ref().map(|text| read_rules(form, text));
        assert!(
            matches!(&again, Ok(Ok(again)) if again == rules),
            "{text:?} {again:?}"
        );
    }
}
