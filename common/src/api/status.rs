//! How servers fare right now; never history.

use super::servers::{Monitoring, ServerStatus};
use crate::health::HealthBand;
use crate::host::Load;
use crate::ids::ServerId;
use crate::time::UnixMs;
use serde::{Deserialize, Serialize};

pub use crate::alert::AlertCounts;

/// One server in `GET /status/realtime` and in the live topic `fleet`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RealtimeStatus {
    /// The server.
    pub server_id: ServerId,
    /// Its name.
    pub name: String,
    /// The group that it belongs to; `None` when it is in none.
    pub group: Option<String>,
    /// Free tags, sorted.
    pub tags: Vec<String>,
    /// Whether it reports.
    pub status: ServerStatus,
    /// Health, 0 to 100; `None` when it is not known.
    pub health_score: Option<f64>,
    /// Busy share of the processors, 0 to 100.
    pub cpu_percent: Option<f64>,
    /// Used share of memory, 0 to 100.
    pub memory_percent: Option<f64>,
    /// Used share of the fullest filesystem of the disk rule, 0 to 100.
    pub disk_percent: Option<f64>,
    /// Bytes received each second over all interfaces that count.
    pub network_received_bytes_per_second: Option<f64>,
    /// Bytes sent each second over all interfaces that count.
    pub network_sent_bytes_per_second: Option<f64>,
    /// Load averages.
    pub load: Option<Load>,
    /// Its firing alerts.
    pub alerts: AlertCounts,
    /// Time of its last sample; `None` when it never reported.
    pub last_seen_at: Option<UnixMs>,
}

/// `GET /status/server/{id}`: one server with what its health is made of. JSON only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusDetail {
    /// How it fares.
    #[serde(flatten)]
    pub realtime: RealtimeStatus,
    /// What its health is made of.
    pub health: HealthTerms,
    /// Watched at all.
    pub enabled: bool,
    /// Whether samples are taken.
    pub monitoring: Monitoring,
    /// Seconds between its samples.
    pub interval_seconds: u32,
}

/// A health score with the points that each part takes off 100.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthTerms {
    /// 0 to 100; `None` when it is not known.
    pub score: Option<f64>,
    /// The word for it.
    pub band: HealthBand,
    /// Points for the processor; `None` without a reading.
    pub cpu: Option<f64>,
    /// Points for memory; `None` without a reading.
    pub memory: Option<f64>,
    /// Points for the fullest filesystem; `None` without a reading.
    pub disk: Option<f64>,
    /// Points for the firing alerts.
    pub alerts: f64,
    /// The sum in words.
    pub explanation: String,
}
