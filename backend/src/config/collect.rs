//! `[collect]`: how often this host is read and how much of it.

use serde::{Deserialize, Serialize};

use super::within;

/// The section `collect`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CollectConfig {
    /// Seconds between two samples of this host, 1 to 300.
    #[serde(deserialize_with = "within::<1, 300, _>")]
    pub interval_seconds: u32,
    /// Seconds between two lists of processes, 1 to 300.
    #[serde(deserialize_with = "within::<1, 300, _>")]
    pub processes_interval_seconds: u32,
    /// How many processes are kept, the busiest first, 1 to 500.
    #[serde(deserialize_with = "within::<1, 500, _>")]
    pub top_processes: u32,
}

impl Default for CollectConfig {
    fn default() -> Self {
        Self {
            interval_seconds: 1,
            processes_interval_seconds: 5,
            top_processes: 50,
        }
    }
}
