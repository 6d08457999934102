//! Filesystem and block-device readings; never their limits.

use serde::{Deserialize, Serialize};

/// A filesystem mounted from this host itself; those on the network are not read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Filesystem {
    /// Where it is mounted.
    pub mountpoint: String,
    /// What is mounted, for example `/dev/sda1`.
    pub device: String,
    /// Kind of filesystem, for example `ext4`.
    pub fs_type: String,
    /// Size.
    pub total_bytes: u64,
    /// Occupied.
    pub used_bytes: u64,
    /// Free for ordinary users.
    pub available_bytes: u64,
    /// Free, what is reserved for the administrator included.
    pub free_bytes: u64,
    /// `used ÷ (used + available)`, 0 to 100; `None` when both are 0.
    pub percent: Option<f64>,
    /// Inodes in all; `None` where the filesystem does not count them.
    pub inodes_total: Option<u64>,
    /// Inodes not in use; `None` where the filesystem does not count them.
    pub inodes_free: Option<u64>,
    /// Mounted read-only.
    pub read_only: bool,
    /// The disk rule looks at it: local, writable, and neither in memory nor an overlay.
    pub watched: bool,
}

/// A block device as a whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Disk {
    /// Name, for example `nvme0n1`.
    pub device: String,
    /// Bytes read each second; `None` without two readings.
    pub read_bytes_per_second: Option<f64>,
    /// Bytes written each second; `None` without two readings.
    pub written_bytes_per_second: Option<f64>,
    /// Read operations each second; `None` without two readings.
    pub reads_per_second: Option<f64>,
    /// Write operations each second; `None` without two readings.
    pub writes_per_second: Option<f64>,
    /// Share of time in which the device had work, 0 to 100; `None` without two readings.
    pub busy_percent: Option<f64>,
    /// Bytes read since the host started.
    pub read_bytes: u64,
    /// Bytes written since the host started.
    pub written_bytes: u64,
    /// Read operations completed since the host started.
    pub reads: u64,
    /// Write operations completed since the host started.
    pub writes: u64,
    /// Seconds in which the device had work since the host started.
    pub busy_seconds: f64,
}
