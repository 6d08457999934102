//! One server at a glance, in the words of `observability/infrastructure`; never its history.
//!
//! `_gb` is 2^30 bytes, `_mb` is 2^20 bytes. A reading that there is not is `null`.

use serde::{Deserialize, Serialize};

use crate::health::HealthBand;

/// What every answer of these routes looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Envelope<T> {
    /// That it worked; an error answer is a problem instead.
    pub status: EnvelopeStatus,
    /// What was asked for.
    pub data: T,
}

impl<T> Envelope<T> {
    /// An answer that worked.
    pub fn success(data: T) -> Self {
        Self {
            status: EnvelopeStatus::Success,
            data,
        }
    }
}

/// Whether it worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EnvelopeStatus {
    /// It did.
    Success,
}

/// How the host fares now.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SystemNow {
    /// The processors.
    pub cpu: SystemCpu,
    /// Main memory.
    pub memory: SystemMemory,
    /// The filesystem mounted at `/`.
    pub disk: SystemDisk,
    /// All interfaces that count, together.
    pub network: SystemNetwork,
    /// Seconds since the host started.
    pub uptime_seconds: Option<f64>,
}

/// The processors now.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SystemCpu {
    /// Busy share of all together, 0 to 100.
    pub percent: Option<f64>,
    /// How many there are.
    pub count: Option<u32>,
    /// Their mean frequency.
    pub freq_mhz: Option<f64>,
}

/// Main memory now.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SystemMemory {
    /// All of it.
    pub total_gb: Option<f64>,
    /// What programs could not get.
    pub used_gb: Option<f64>,
    /// What programs can still get.
    pub available_gb: Option<f64>,
    /// Used share, 0 to 100.
    pub percent: Option<f64>,
}

/// The filesystem mounted at `/` now.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SystemDisk {
    /// Its size.
    pub total_gb: Option<f64>,
    /// Occupied.
    pub used_gb: Option<f64>,
    /// Free for ordinary users.
    pub free_gb: Option<f64>,
    /// Used share of what ordinary users can have, 0 to 100.
    pub percent: Option<f64>,
}

/// All interfaces that count, together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SystemNetwork {
    /// Bytes sent since the host started.
    pub bytes_sent: Option<u64>,
    /// Bytes received since the host started.
    pub bytes_received: Option<u64>,
    /// TCP sockets in use.
    pub connections: Option<u64>,
}

/// Watchpost's own process.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProcessNow {
    /// Number of the process.
    pub pid: Option<u32>,
    /// Name of the program.
    pub name: Option<String>,
    /// Processor time in percent of one processor.
    pub cpu_percent: Option<f64>,
    /// Resident memory.
    pub memory_mb: Option<f64>,
    /// Number of threads.
    pub threads: Option<u32>,
    /// Number of open files and sockets.
    pub file_descriptors: Option<u32>,
}

/// What the host is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Platform {
    /// Family of the system, for example `linux`.
    pub system: Option<String>,
    /// Name of the host.
    pub hostname: Option<String>,
    /// Version of the kernel.
    pub kernel: Option<String>,
    /// Processor architecture, for example `x86_64`.
    pub arch: Option<String>,
    /// Name and version of the system, for example `Debian GNU/Linux 12`.
    pub version: Option<String>,
}

/// The last minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WindowSummary {
    /// How many minutes.
    pub time_window_minutes: u32,
    /// Busy share of the processors, 0 to 100.
    pub cpu: Spread,
    /// Used share of memory, 0 to 100.
    pub memory: Spread,
    /// Used share of the filesystem mounted at `/`, 0 to 100.
    pub disk: Spread,
}

/// How far values spread over a time; all `null` without samples.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spread {
    /// Their mean.
    pub avg: Option<f64>,
    /// The smallest.
    pub min: Option<f64>,
    /// The largest.
    pub max: Option<f64>,
}

/// How the readings of now stand to the thresholds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThresholdCheck {
    /// The word for the health score.
    pub status: HealthBand,
    /// Readings at or above their warning, below critical.
    pub warnings: Vec<Crossing>,
    /// Readings at or above their critical threshold.
    pub critical: Vec<Crossing>,
    /// The thresholds, in percent.
    pub thresholds: Thresholds,
}

/// What is compared with a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Busy share of the processors.
    Cpu,
    /// Used share of memory.
    Memory,
    /// Used share of the fullest filesystem.
    Disk,
}

/// A reading that reached its threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Crossing {
    /// Which one.
    pub metric: Reading,
    /// The reading in percent.
    pub value: f64,
    /// What it reached.
    pub threshold: f64,
}

/// Percents from which a reading counts as a warning or as critical; `None` when there is none.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Thresholds {
    /// Busy processors.
    pub cpu_warning: Option<f64>,
    /// Busy processors.
    pub cpu_critical: Option<f64>,
    /// Used memory.
    pub memory_warning: Option<f64>,
    /// Used memory.
    pub memory_critical: Option<f64>,
    /// The fullest filesystem.
    pub disk_warning: Option<f64>,
    /// The fullest filesystem.
    pub disk_critical: Option<f64>,
}

/// All of it at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InfrastructureReport {
    /// What the host is.
    pub platform: Platform,
    /// How it fares.
    pub system: SystemNow,
    /// Watchpost's own process.
    pub process: ProcessNow,
    /// How it stands to the thresholds.
    pub threshold_check: ThresholdCheck,
    /// Health, 0 to 100; `None` when it is not known.
    pub health_score: Option<f64>,
}
