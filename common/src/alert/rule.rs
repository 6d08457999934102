//! A rule as people write it; never its state.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Combine, Condition, RuleKind};
use crate::ids::{RuleId, ServerId};
use crate::time::UnixMs;

/// How a value is compared with its threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Comparison {
    /// Above the threshold.
    #[serde(rename = ">")]
    Above,
    /// At or above the threshold.
    #[serde(rename = ">=")]
    AtLeast,
    /// Below the threshold.
    #[serde(rename = "<")]
    Below,
    /// At or below the threshold.
    #[serde(rename = "<=")]
    AtMost,
    /// Exactly the threshold.
    #[serde(rename = "==")]
    Equal,
    /// Anything but the threshold.
    #[serde(rename = "!=")]
    NotEqual,
}

impl Comparison {
    /// Every comparison, in the order a menu shows them.
    pub const ALL: [Self; 6] = [
        Self::Above,
        Self::AtLeast,
        Self::Below,
        Self::AtMost,
        Self::Equal,
        Self::NotEqual,
    ];

    /// The sign in the API and on the screen.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
        }
    }

    /// Whether `value` crosses `threshold`.
    #[expect(clippy::float_cmp, reason = "people ask for exactly this value")]
    pub fn crosses(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::Above => value > threshold,
            Self::AtLeast => value >= threshold,
            Self::Below => value < threshold,
            Self::AtMost => value <= threshold,
            Self::Equal => value == threshold,
            Self::NotEqual => value != threshold,
        }
    }
}

/// Where a rule applies; both empty: everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleScope {
    /// Only these servers.
    #[serde(default)]
    pub servers: Vec<ServerId>,
    /// Only servers of these groups.
    #[serde(default)]
    pub groups: Vec<String>,
}

impl RuleScope {
    /// Whether the rule applies to this server of this group.
    pub fn covers(&self, server: ServerId, group: Option<&str>) -> bool {
        (self.servers.is_empty() && self.groups.is_empty())
            || self.servers.contains(&server)
            || group.is_some_and(|group| self.groups.iter().any(|own| own == group))
    }
}

/// A rule as a person writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleInput {
    /// Unique name, 1 to 100 characters.
    pub name: String,
    /// What the rule looks at.
    #[serde(default)]
    pub kind: RuleKind,
    /// The metric whose series are watched; it need not exist yet. Expressions and composite rules
    /// have none.
    #[serde(default)]
    pub metric: String,
    /// Labels that a series must have.
    #[serde(default)]
    pub matchers: BTreeMap<String, String>,
    /// Servers and groups that are watched.
    #[serde(default)]
    pub scope: RuleScope,
    /// How the value is compared; conditions of a composite rule have their own.
    pub comparison: Comparison,
    /// The PromQL expression of a rule of that kind. Each series of its result is watched: its value
    /// against the thresholds, or, without any, that it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// The conditions of a composite rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// How they are joined.
    #[serde(default)]
    pub combine: Combine,
    /// How far back a rule of kind `rate` looks.
    #[serde(default = "default_window_seconds")]
    pub window_seconds: u32,
    /// How often rates, expressions and composite rules are evaluated; the others follow each sample.
    #[serde(default = "default_interval_seconds")]
    pub interval_seconds: u32,
    /// Threshold of a warning; `None`: never a warning.
    #[serde(default)]
    pub warning: Option<f64>,
    /// Threshold of a critical alert; `None`: never critical.
    #[serde(default)]
    pub critical: Option<f64>,
    /// How much better than its threshold a value must be to clear it.
    #[serde(default)]
    pub clear_margin: f64,
    /// For how long it must be that much better.
    #[serde(default)]
    pub clear_for_seconds: u32,
    /// For how long a threshold must be crossed before the alert fires.
    #[serde(default)]
    pub for_seconds: u32,
    /// After a firing, for how long the same alert does not fire anew.
    #[serde(default = "default_cooldown_seconds")]
    pub cooldown_seconds: u32,
    /// Channels that are told; empty: the default route.
    #[serde(default)]
    pub channels: Vec<Uuid>,
    /// Labels put on the alert.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Free texts for the reader, such as `summary`.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
    /// What to do about it.
    #[serde(default)]
    pub runbook_url: Option<String>,
    /// A disabled rule is kept and not evaluated.
    #[serde(default = "enabled_by_default")]
    pub enabled: bool,
}

impl RuleInput {
    /// A threshold rule without thresholds, all else as when it is left out.
    pub fn plain(name: &str, metric: &str, comparison: Comparison) -> Self {
        Self {
            name: name.to_owned(),
            kind: RuleKind::Threshold,
            metric: metric.to_owned(),
            matchers: BTreeMap::new(),
            scope: RuleScope::default(),
            comparison,
            expression: None,
            conditions: Vec::new(),
            combine: Combine::All,
            window_seconds: default_window_seconds(),
            interval_seconds: default_interval_seconds(),
            warning: None,
            critical: None,
            clear_margin: 0.0,
            clear_for_seconds: 0,
            for_seconds: 0,
            cooldown_seconds: default_cooldown_seconds(),
            channels: Vec::new(),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
            runbook_url: None,
            enabled: enabled_by_default(),
        }
    }
}

const fn default_window_seconds() -> u32 {
    300
}

const fn default_interval_seconds() -> u32 {
    15
}

const fn default_cooldown_seconds() -> u32 {
    900
}

const fn enabled_by_default() -> bool {
    true
}

/// A rule as the server keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// Counts its changes, from 1; also its `ETag`.
    pub version: u32,
    /// When it was made.
    pub created_at: UnixMs,
    /// When it was last changed.
    pub updated_at: UnixMs,
    /// What a person wrote.
    #[serde(flatten)]
    pub input: RuleInput,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_before_there_were_other_kinds_is_read() {
        let stored = r#"{"name":"a","kind":"threshold","metric":"m","matchers":{},
            "scope":{"servers":[],"groups":[]},"comparison":">=","warning":1.0,"critical":null,
            "clear_margin":0.0,"clear_for_seconds":0,"for_seconds":0,"cooldown_seconds":900,
            "channels":[],"labels":{},"annotations":{},"runbook_url":null,"enabled":true}"#;
        let read: RuleInput = serde_json::from_str(stored).unwrap();
        let expected = RuleInput {
            warning: Some(1.0),
            ..RuleInput::plain("a", "m", Comparison::AtLeast)
        };
        assert_eq!(read, expected);
        let least = r#"{"name":"a","metric":"m","comparison":">=","warning":1}"#;
        assert_eq!(serde_json::from_str::<RuleInput>(least).unwrap(), expected);
    }
}
