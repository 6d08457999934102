//! `[alerts]`: how rules are looked at when no sample comes.

use serde::{Deserialize, Serialize};

use super::within;

/// The section `alerts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertsConfig {
    /// Seconds between two looks at rules that wait for a missing sample, 1 to 60.
    #[serde(deserialize_with = "within::<1, 60, _>")]
    pub evaluation_interval_seconds: u32,
}

impl Default for AlertsConfig {
    fn default() -> Self {
        Self {
            evaluation_interval_seconds: 1,
        }
    }
}
