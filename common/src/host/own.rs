//! The process that takes the samples, seen by itself; never other processes.

use serde::{Deserialize, Serialize};

/// Watchpost's own process.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnProcess {
    /// Number of the process.
    pub pid: u32,
    /// Name of the program.
    pub name: String,
    /// Processor time in percent of one processor; `None` without two readings.
    pub cpu_percent: Option<f64>,
    /// Processor time since it started, in seconds.
    pub cpu_seconds: f64,
    /// Resident memory in bytes.
    pub resident_bytes: u64,
    /// Address space in bytes.
    pub virtual_bytes: u64,
    /// Number of threads.
    pub threads: u32,
    /// Number of open files and sockets; `None` where it is not readable.
    pub open_files: Option<u32>,
    /// When it started, in seconds since 1970 UTC; `None` when the host's start is not readable.
    pub started_at_seconds: Option<f64>,
}
