//! Processor readings; never their limits.

use serde::{Deserialize, Serialize};

/// The processors of a host.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cpu {
    /// Busy share of all processors together, 0 to 100; waiting for disks is not busy.
    /// `None` without two readings.
    pub percent: Option<f64>,
    /// Busy share of each processor, 0 to 100, by its number; `None` where it is off or has one reading.
    pub cores_percent: Vec<Option<f64>>,
    /// Where the time of all processors went; `None` without two readings.
    pub modes_percent: Option<CpuModes>,
    /// Number of logical processors that are on.
    pub count: u32,
    /// Mean frequency of the processors in MHz; `None` where it is not told.
    pub frequency_mhz: Option<f64>,
    /// Time counters of each processor since the host started; empty where they are not readable.
    pub times: Vec<CpuTimes>,
}

/// Processor time by mode: shares in percent (100 together), or seconds in [`CpuTimes`].
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CpuModes {
    /// Programs.
    pub user: f64,
    /// Programs with lowered priority.
    pub nice: f64,
    /// The kernel.
    pub system: f64,
    /// Nothing to do.
    pub idle: f64,
    /// Nothing to do but wait for disks.
    pub iowait: f64,
    /// Hardware interrupts.
    pub irq: f64,
    /// Software interrupts.
    pub softirq: f64,
    /// Taken by the hypervisor for other guests.
    pub steal: f64,
}

impl CpuModes {
    /// The modes by their usual names, in the order of the kernel.
    pub fn named(&self) -> [(&'static str, f64); 8] {
        [
            ("user", self.user),
            ("nice", self.nice),
            ("system", self.system),
            ("idle", self.idle),
            ("iowait", self.iowait),
            ("irq", self.irq),
            ("softirq", self.softirq),
            ("steal", self.steal),
        ]
    }
}

/// Time counters of one processor, in seconds since the host started.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CpuTimes {
    /// Number of the processor.
    pub cpu: u32,
    /// Seconds by mode.
    pub seconds: CpuModes,
}

/// Load averages: how many tasks ran or waited, on average.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Load {
    /// Over the last minute.
    pub one: f64,
    /// Over the last five minutes.
    pub five: f64,
    /// Over the last fifteen minutes.
    pub fifteen: f64,
}
