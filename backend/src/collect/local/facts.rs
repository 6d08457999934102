//! What this host is, through sysinfo, read once; never its load.

use common::host::HostFacts;
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

/// Reads the facts; what the platform does not tell is absent.
pub(super) fn read() -> HostFacts {
    let wanted = RefreshKind::nothing()
        .with_cpu(CpuRefreshKind::nothing())
        .with_memory(MemoryRefreshKind::nothing().with_ram());
    let system = System::new_with_specifics(wanted).ok();
    let cpus = system.as_ref().map_or(&[][..], System::cpus);
    HostFacts {
        hostname: told(System::host_name().ok()),
        system: std::env::consts::OS.to_owned(),
        os: told(System::long_os_version().ok()),
        os_version: told(System::os_version().ok()),
        kernel: told(System::kernel_version().ok()),
        arch: std::env::consts::ARCH.to_owned(),
        cpu_model: told(cpus.first().map(|cpu| cpu.brand().to_owned())),
        cpu_count: u32::try_from(cpus.len()).ok().filter(|count| *count > 0),
        core_count: System::physical_core_count()
            .ok()
            .and_then(|count| u32::try_from(count).ok()),
        memory_bytes: system
            .map(|system| system.total_memory())
            .filter(|bytes| *bytes > 0),
    }
}

/// An empty name is none.
fn told(name: Option<String>) -> Option<String> {
    name.map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
}
