//! What one server reports in one turn, one file per part; never how it was read or where it is kept.

mod cpu;
mod disk;
mod facts;
mod memory;
mod network;
mod own;
mod process;
mod sensor;

pub use cpu::{Cpu, CpuModes, CpuTimes, Load};
pub use disk::{Disk, Filesystem};
pub use facts::HostFacts;
pub use memory::{Memory, Swap};
pub use network::{Network, Sockets};
pub use own::OwnProcess;
pub use process::Process;
pub use sensor::Sensor;

use serde::{Deserialize, Serialize};

/// All readings of one host at one moment.
/// A reading that could not be taken is `None` (`null`), never 0; rates are `None` on the first turn.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostSample {
    /// The processors; `None` when they could not be read.
    pub cpu: Option<Cpu>,
    /// Main memory; `None` when it could not be read.
    pub memory: Option<Memory>,
    /// Swap space; `None` when it could not be read (a host without swap has a total of 0).
    pub swap: Option<Swap>,
    /// Load averages; `None` where the platform has none.
    pub load: Option<Load>,
    /// Mounted filesystems, ordered by mount point.
    pub filesystems: Vec<Filesystem>,
    /// Block devices, ordered by name; partitions are not among them.
    pub disks: Vec<Disk>,
    /// Network interfaces, ordered by name.
    pub networks: Vec<Network>,
    /// Open sockets of the whole host; `None` where they are not readable.
    pub sockets: Option<Sockets>,
    /// The processes that use most CPU or memory, most CPU first.
    /// They are read less often than the rest: `None` in a turn that did not read them.
    pub processes: Option<Vec<Process>>,
    /// How many processes exist; `None` in a turn that did not count them.
    pub process_count: Option<u32>,
    /// Temperatures, ordered by name.
    pub sensors: Vec<Sensor>,
    /// Seconds since the host started.
    pub uptime_seconds: Option<f64>,
    /// When the host started, in seconds since 1970 UTC.
    pub boot_time_seconds: Option<f64>,
    /// The process that took this sample.
    pub own_process: Option<OwnProcess>,
}

impl HostSample {
    /// The fullest filesystem of those that the disk rule looks at; `None` when there is none.
    pub fn fullest_filesystem(&self) -> Option<&Filesystem> {
        self.filesystems
            .iter()
            .filter(|fs| fs.watched && fs.percent.is_some())
            .max_by(|a, b| f64::total_cmp(&a.percent.unwrap_or(0.0), &b.percent.unwrap_or(0.0)))
    }

    /// The filesystem mounted at `/`; `None` when it could not be read.
    pub fn root_filesystem(&self) -> Option<&Filesystem> {
        self.filesystems.iter().find(|fs| fs.mountpoint == "/")
    }

    /// Used share of memory, 0 to 100; `None` when it could not be read.
    pub fn memory_percent(&self) -> Option<f64> {
        self.memory.as_ref().and_then(|memory| memory.percent)
    }

    /// Busy share of all processors, 0 to 100; `None` without two readings.
    pub fn cpu_percent(&self) -> Option<f64> {
        self.cpu.as_ref().and_then(|cpu| cpu.percent)
    }

    /// Five-minute load divided by the number of processors; `None` when one of them is missing.
    pub fn load_per_core(&self) -> Option<f64> {
        let cores = self.cpu.as_ref().map(|cpu| cpu.count).filter(|n| *n > 0)?;
        Some(self.load.as_ref()?.five / f64::from(cores))
    }

    /// Bytes received each second over the interfaces that count; `None` without two readings.
    pub fn network_received_bytes_per_second(&self) -> Option<f64> {
        sum(self.counted_networks().map(|n| n.received_bytes_per_second))
    }

    /// Bytes sent each second over the interfaces that count; `None` without two readings.
    pub fn network_sent_bytes_per_second(&self) -> Option<f64> {
        sum(self.counted_networks().map(|n| n.sent_bytes_per_second))
    }

    /// Interfaces whose traffic is that of the host.
    fn counted_networks(&self) -> impl Iterator<Item = &Network> {
        self.networks.iter().filter(|n| n.physical)
    }
}

/// The sum of the readings there are; `None` when there is none.
fn sum(readings: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    readings.flatten().reduce(|total, reading| total + reading)
}

#[cfg(test)]
mod tests;
