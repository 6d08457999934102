//! How servers fare right now; never history.

use super::servers::ServerStatus;
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
