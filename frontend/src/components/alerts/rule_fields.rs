//! The fields of a rule's form, each as a signal; never how they look.

use common::alert::{Combine, Comparison, RuleKind, Severity};
use leptos::prelude::*;

use super::rule_draft::{RuleDraft, number};
use super::rule_parts::{ConditionRow, NoteRow};

macro_rules! fields {
    ($($field:ident: $kind:ty,)*) => {
        /// The fields. What is chosen from a menu is kept by its word in the API.
        #[derive(Clone, Copy)]
        pub struct RuleFields {
            /// What it looks at.
            pub kind: RwSignal<String>,
            /// How the value is compared.
            pub comparison: RwSignal<String>,
            /// How conditions are joined.
            pub combine: RwSignal<String>,
            $(
                #[doc = concat!("As in the draft: `", stringify!($field), "`.")]
                pub $field: RwSignal<$kind>,
            )*
        }

        impl RuleFields {
            /// Fields that begin with this draft.
            pub fn new(draft: RuleDraft) -> Self {
                Self {
                    kind: RwSignal::new(draft.kind.as_str().to_owned()),
                    comparison: RwSignal::new(draft.comparison.as_str().to_owned()),
                    combine: RwSignal::new(combine_word(draft.combine).to_owned()),
                    $($field: RwSignal::new(draft.$field),)*
                }
            }

            /// What stands in them now.
            pub fn draft(self) -> RuleDraft {
                let combine = self.combine.get();
                let mut joins = [Combine::All, Combine::Any].into_iter();
                RuleDraft {
                    kind: self.kind(),
                    comparison: self.comparison.with(|word| comparison_of(word)),
                    combine: joins.find(|it| combine_word(*it) == combine).unwrap_or_default(),
                    $($field: self.$field.get(),)*
                }
            }
        }
    };
}

fields! {
    name: String,
    metric: String,
    matchers: String,
    expression: String,
    conditions: Vec<ConditionRow>,
    window_seconds: String,
    interval_seconds: String,
    servers: Vec<String>,
    groups: Vec<String>,
    warning: String,
    critical: String,
    for_seconds: String,
    clear_margin: String,
    clear_for_seconds: String,
    cooldown_seconds: String,
    channels: Vec<String>,
    labels: String,
    annotations: Vec<NoteRow>,
    runbook_url: String,
    enabled: bool,
}

impl RuleFields {
    /// What the rule looks at.
    pub fn kind(self) -> RuleKind {
        let mut all = RuleKind::ALL.into_iter();
        let named = all.find(|kind| self.kind.with(|name| name == kind.as_str()));
        named.unwrap_or_default()
    }

    /// The field of a threshold.
    pub const fn threshold(self, severity: Severity) -> RwSignal<String> {
        match severity {
            Severity::Warning => self.warning,
            Severity::Critical => self.critical,
        }
    }

    /// A threshold as far as it is a number.
    pub fn threshold_at(self, severity: Severity) -> Option<f64> {
        self.threshold(severity).with(|text| number(text))
    }
}

/// The comparison of that word.
pub fn comparison_of(word: &str) -> Comparison {
    let mut all = Comparison::ALL.into_iter();
    all.find(|it| it.as_str() == word)
        .unwrap_or(Comparison::AtLeast)
}

/// How conditions are joined, as in the API.
pub const fn combine_word(combine: Combine) -> &'static str {
    match combine {
        Combine::All => "all",
        Combine::Any => "any",
    }
}
