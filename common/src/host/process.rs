//! One process of a host; never its command line, which may hold secrets.

use serde::{Deserialize, Serialize};

/// A process at one moment.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Process {
    /// Number of the process.
    pub pid: u32,
    /// Name of the program.
    pub name: String,
    /// Who runs it; `None` when the owner is not readable or has no name.
    pub user: Option<String>,
    /// Processor time in percent of one processor, so over 100 with several threads; `None` without two readings.
    pub cpu_percent: Option<f64>,
    /// Resident memory in bytes.
    pub memory_bytes: u64,
    /// Resident memory in percent of the host's; `None` when the host's is not known.
    pub memory_percent: Option<f64>,
    /// Address space in bytes.
    pub virtual_bytes: u64,
    /// Number of threads; `None` where it is not readable.
    pub threads: Option<u32>,
    /// Number of open files and sockets; `None` for processes of others when we lack the right.
    pub open_files: Option<u32>,
    /// When it started, in seconds since 1970 UTC; `None` when the host's start is not known.
    pub started_at_seconds: Option<f64>,
}
