//! `[alerts]`: how rules are looked at when no sample comes, and how long past alerts and deliveries are kept.

use serde::{Deserialize, Serialize};

use super::within;

/// The section `alerts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertsConfig {
    /// Seconds between two looks at rules that wait for a missing sample, 1 to 60.
    #[serde(deserialize_with = "within::<1, 60, _>")]
    pub evaluation_interval_seconds: u32,
    /// Days for which an alert is kept after its end, with its history, 1 to 36,500.
    #[serde(deserialize_with = "within::<1, 36_500, _>")]
    pub history_days: u32,
    /// Days for which a delivery is kept that is over, with its attempts, 1 to 36,500.
    #[serde(deserialize_with = "within::<1, 36_500, _>")]
    pub delivery_days: u32,
    /// Messages that a channel gets in a minute before the next ones are put together in one; 0: any number.
    pub channel_messages_per_minute: u32,
}

impl Default for AlertsConfig {
    fn default() -> Self {
        Self {
            evaluation_interval_seconds: 1,
            history_days: 365,
            delivery_days: 90,
            channel_messages_per_minute: 0,
        }
    }
}
