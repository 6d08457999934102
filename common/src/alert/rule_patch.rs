//! A change of some fields of a rule; never of its version.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use super::{Combine, Comparison, Condition, RuleInput, RuleKind, RuleScope};

macro_rules! patch {
    ($(#[doc = $meaning:literal] $field:ident: $kind:ty,)*) => {
        /// Fields of a rule that change; those left out stay. A map or list replaces the old one whole.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(deny_unknown_fields)]
        pub struct RulePatch {
            $(
                #[doc = $meaning]
                #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
                pub $field: Option<$kind>,
            )*
        }

        impl RulePatch {
            /// The rule with these changes.
            #[must_use]
            pub fn apply(self, rule: RuleInput) -> RuleInput {
                RuleInput {
                    $($field: self.$field.unwrap_or(rule.$field),)*
                }
            }
        }
    };
}

patch! {
    #[doc = "Unique name, 1 to 100 characters."]
    name: String,
    #[doc = "What the rule looks at."]
    kind: RuleKind,
    #[doc = "The metric whose series are watched."]
    metric: String,
    #[doc = "Labels that a series must have."]
    matchers: BTreeMap<String, String>,
    #[doc = "Servers and groups that are watched."]
    scope: RuleScope,
    #[doc = "How the value is compared."]
    comparison: Comparison,
    #[doc = "The expression of a rule of kind `promql`."]
    expression: Option<String>,
    #[doc = "The conditions of a composite rule."]
    conditions: Vec<Condition>,
    #[doc = "How they are joined."]
    combine: Combine,
    #[doc = "How far back a rule of kind `rate` looks."]
    window_seconds: u32,
    #[doc = "How often rates, expressions and composite rules are evaluated."]
    interval_seconds: u32,
    #[doc = "Threshold of a warning; null: never a warning."]
    warning: Option<f64>,
    #[doc = "Threshold of a critical alert; null: never critical."]
    critical: Option<f64>,
    #[doc = "How much better than its threshold a value must be to clear it."]
    clear_margin: f64,
    #[doc = "For how long it must be that much better."]
    clear_for_seconds: u32,
    #[doc = "For how long a threshold must be crossed before the alert fires."]
    for_seconds: u32,
    #[doc = "After a firing, for how long the same alert does not fire anew."]
    cooldown_seconds: u32,
    #[doc = "Channels that are told; empty: the default route."]
    channels: Vec<Uuid>,
    #[doc = "Labels put on the alert."]
    labels: BTreeMap<String, String>,
    #[doc = "Free texts for the reader."]
    annotations: BTreeMap<String, String>,
    #[doc = "What to do about it; null: nothing is written down."]
    runbook_url: Option<String>,
    #[doc = "A disabled rule is kept and not evaluated."]
    enabled: bool,
}

/// A field that is given, null included: a null that the field cannot take is refused.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

#[cfg(test)]
mod tests {
    use super::RulePatch;
    use crate::alert::RuleInput;

    #[test]
    fn what_is_left_out_stays_and_null_takes_away() {
        let rule: RuleInput = serde_json::from_str(
            r#"{"name":"a","metric":"m","comparison":">=","warning":1,"critical":2,"matchers":{"x":"y"}}"#,
        )
        .unwrap();
        let patch: RulePatch =
            serde_json::from_str(r#"{"name":"b","warning":null,"matchers":{}}"#).unwrap();
        let changed = patch.apply(rule.clone());
        assert_eq!((changed.name.as_str(), changed.warning), ("b", None));
        assert!(changed.matchers.is_empty());
        assert_eq!(
            (changed.critical, &changed.metric),
            (Some(2.0), &rule.metric)
        );
        assert_eq!(RulePatch::default().apply(rule.clone()), rule);
        for bad in [r#"{"name":null}"#, r#"{"other":1}"#, r#"{"enabled":"yes"}"#] {
            assert!(serde_json::from_str::<RulePatch>(bad).is_err(), "{bad}");
        }
    }
}
