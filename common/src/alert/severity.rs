//! How bad an alert is; never whether it fires.

use serde::{Deserialize, Serialize};

/// How bad: a critical alert is worse than a warning (`Ord` says so).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Somebody should look soon.
    Warning,
    /// Somebody must act now.
    Critical,
}

impl Severity {
    /// Every severity, mildest first.
    pub const ALL: [Self; 2] = [Self::Warning, Self::Critical];

    /// The word in the API and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// Firing alerts of one server, acknowledged included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertCounts {
    /// Alerts of severity warning.
    pub warning: u32,
    /// Alerts of severity critical.
    pub critical: u32,
}
