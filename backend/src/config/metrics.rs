//! `[metrics]`: how much may be pushed.

use serde::{Deserialize, Serialize};

use super::within;

/// The section `metrics`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Series that one server may have before a push that adds others is refused, 1 to 1,000,000.
    #[serde(deserialize_with = "within::<1, 1_000_000, _>")]
    pub max_series_per_server: u32,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self {
            max_series_per_server: 10_000,
        }
    }
}
