//! One condition of a composite rule; never how several are joined.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Comparison;

/// How the conditions of a composite rule are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// All of them hold on the same server.
    #[default]
    All,
    /// One of them holds.
    Any,
}

/// A condition like that of a threshold rule. It holds on a server when the newest value of any of
/// its series there crosses; a value is looked for in the last five minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The metric.
    pub metric: String,
    /// Labels that a series must have.
    #[serde(default)]
    pub matchers: BTreeMap<String, String>,
    /// How the value is compared.
    pub comparison: Comparison,
    /// What it is compared with for a warning; `None`: with `critical`.
    #[serde(default)]
    pub warning: Option<f64>,
    /// What it is compared with for a critical alert; `None`: with `warning`.
    #[serde(default)]
    pub critical: Option<f64>,
    /// The condition is turned round: it holds when no series crosses, or none has a value.
    #[serde(default)]
    pub not: bool,
}
