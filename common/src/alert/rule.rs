//! A rule as people write it; never its state.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{RuleId, ServerId};
use crate::time::UnixMs;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// The value of each series against a warning and a critical threshold.
    #[default]
    Threshold,
    /// No sample from a server for `for_seconds`, at least 3 intervals and 15 s; always critical.
    Absence,
}

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
    /// The metric whose series are watched; it need not exist yet.
    pub metric: String,
    /// Labels that a series must have.
    #[serde(default)]
    pub matchers: BTreeMap<String, String>,
    /// Servers and groups that are watched.
    #[serde(default)]
    pub scope: RuleScope,
    /// How the value is compared.
    pub comparison: Comparison,
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
