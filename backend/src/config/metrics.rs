//! `[metrics]`: how much may be pushed, how long what is kept, and who may read it.

use serde::{Deserialize, Serialize};

use super::within;

/// The section `metrics`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Series that one server may have before a push that adds others is refused, 1 to 1,000,000.
    #[serde(deserialize_with = "within::<1, 1_000_000, _>")]
    pub max_series_per_server: u32,
    /// Days for which samples and processes are kept, 1 to 3,650.
    #[serde(deserialize_with = "within::<1, 3_650, _>")]
    pub retention_days: u32,
    /// Days for which what each hour came down to is kept, 1 to 36,500.
    #[serde(deserialize_with = "within::<1, 36_500, _>")]
    pub aggregate_retention_days: u32,
    /// Whether anybody may read `/metrics`, without a login.
    pub public: bool,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self {
            max_series_per_server: 10_000,
            retention_days: 30,
            aggregate_retention_days: 365,
            public: false,
        }
    }
}
