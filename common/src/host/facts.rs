//! What a host is, as opposed to how it fares; never changes from second to second.

use serde::{Deserialize, Serialize};

/// Hardware and system of a host. What the platform does not tell is `None`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostFacts {
    /// Name of the host.
    pub hostname: Option<String>,
    /// Family of the system, for example `linux`.
    pub system: String,
    /// Name and version of the system, for example `Debian GNU/Linux 12`.
    pub os: Option<String>,
    /// Version of the system alone, for example `12`.
    pub os_version: Option<String>,
    /// Version of the kernel.
    pub kernel: Option<String>,
    /// Processor architecture, for example `x86_64`.
    pub arch: String,
    /// Model of the processor.
    pub cpu_model: Option<String>,
    /// Number of logical processors.
    pub cpu_count: Option<u32>,
    /// Number of physical cores.
    pub core_count: Option<u32>,
    /// Size of main memory in bytes.
    pub memory_bytes: Option<u64>,
}
