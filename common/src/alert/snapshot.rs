//! What a server looked like when an alert fired; never what came of it.

use serde::{Deserialize, Serialize};

use super::AlertCounts;
use crate::health::{self, Health, HealthBand, HealthWeights};
use crate::host::{Disk, Filesystem, HostSample, Load, Memory, Network, Process, Swap};
use crate::time::UnixMs;

/// Processes that are kept by what they use of the processor, and as many by memory.
const PROCESSES: usize = 10;
/// Filesystems, disks and interfaces that are kept of each.
const DEVICES: usize = 50;

/// A server when an alert fired. A reading that was not taken is null.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct AlertSnapshot {
    /// When these readings were taken; for a server that went silent, the last ones.
    pub at: UnixMs,
    /// Busy share of all processors, 0 to 100.
    pub cpu_percent: Option<f64>,
    /// Load averages.
    pub load: Option<Load>,
    /// Main memory.
    pub memory: Option<Memory>,
    /// Swap space.
    pub swap: Option<Swap>,
    /// Mounted filesystems, the fullest first.
    pub filesystems: Vec<Filesystem>,
    /// Block devices.
    pub disks: Vec<Disk>,
    /// Network interfaces.
    pub networks: Vec<Network>,
    /// The processes that used most of the processor, most first.
    pub by_cpu: Vec<Process>,
    /// The processes that used most memory, most first.
    pub by_memory: Vec<Process>,
    /// How many processes there were.
    pub process_count: Option<u32>,
    /// The health score and what it is made of.
    pub health: SnapshotHealth,
}

/// A health score with the points that each part takes off 100, by the weights that held then.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct SnapshotHealth {
    /// 0 to 100; null when neither processor nor memory was read.
    pub score: Option<f64>,
    /// The word for it.
    pub band: Option<HealthBand>,
    /// Points for the processor.
    pub cpu: Option<f64>,
    /// Points for memory.
    pub memory: Option<f64>,
    /// Points for the fullest filesystem.
    pub disk: Option<f64>,
    /// Points for the alerts that fired before.
    pub alerts: f64,
    /// The sum in words.
    pub explained: String,
}

impl From<Health> for SnapshotHealth {
    fn from(health: Health) -> Self {
        Self {
            score: health.known_score(),
            band: Some(health.band),
            cpu: health.cpu,
            memory: health.memory,
            disk: health.disk,
            alerts: health.alerts,
            explained: health.explain(),
        }
    }
}

impl AlertSnapshot {
    /// The snapshot of a sample, with its processes, and of the alerts that fired before. The score is
    /// kept as it comes out now: settings that change later do not change it.
    pub fn of(
        at: UnixMs,
        sample: &HostSample,
        firing: AlertCounts,
        weights: &HealthWeights,
    ) -> Self {
        let fullest = sample.fullest_filesystem().and_then(|it| it.percent);
        let (cpu_percent, memory_percent) = (sample.cpu_percent(), sample.memory_percent());
        let health = health::score(cpu_percent, memory_percent, fullest, firing, weights);
        let mut filesystems = sample.filesystems.clone();
        let share = |it: &Filesystem| it.percent.unwrap_or(-1.0);
        filesystems.sort_by(|a, b| share(b).total_cmp(&share(a)));
        filesystems.truncate(DEVICES);
        let processes = sample.processes.as_deref().unwrap_or_default();
        Self {
            at,
            cpu_percent,
            load: sample.load,
            memory: sample.memory.clone(),
            swap: sample.swap.clone(),
            filesystems,
            disks: sample.disks.iter().take(DEVICES).cloned().collect(),
            networks: sample.networks.iter().take(DEVICES).cloned().collect(),
            by_cpu: most(processes, |it| it.cpu_percent.unwrap_or(-1.0)),
            by_memory: most(processes, |it| crate::units::bytes_f64(it.memory_bytes)),
            process_count: sample.process_count,
            health: health.into(),
        }
    }
}

fn most(processes: &[Process], of: impl Fn(&Process) -> f64) -> Vec<Process> {
    let mut processes: Vec<&Process> = processes.iter().collect();
    processes.sort_by(|a, b| of(b).total_cmp(&of(a)));
    processes.into_iter().take(PROCESSES).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Cpu;

    fn process(pid: u32, cpu: f64, memory_bytes: u64) -> Process {
        Process {
            pid,
            cpu_percent: Some(cpu),
            memory_bytes,
            ..Process::default()
        }
    }

    #[test]
    fn the_busiest_and_the_largest_are_kept() {
        let busy = (0..30).map(|pid| process(pid, f64::from(pid), 1_000 - u64::from(pid)));
        let sample = HostSample {
            cpu: Some(Cpu {
                percent: Some(50.0),
                ..Cpu::default()
            }),
            processes: Some(busy.collect()),
            process_count: Some(300),
            ..HostSample::default()
        };
        let (firing, weights) = (AlertCounts::default(), HealthWeights::default());
        let snapshot = AlertSnapshot::of(UnixMs(5), &sample, firing, &weights);
        let pids = |list: &[Process]| list.iter().map(|it| it.pid).collect::<Vec<_>>();
        assert_eq!(pids(&snapshot.by_cpu), (20..30).rev().collect::<Vec<_>>());
        assert_eq!(pids(&snapshot.by_memory), (0..10).collect::<Vec<_>>());
        assert_eq!(snapshot.health.score, Some(85.0));
        assert_eq!(snapshot.health.cpu, Some(15.0));
    }

    #[test]
    fn what_an_earlier_version_kept_is_read() {
        let read: AlertSnapshot =
            serde_json::from_str(r#"{"at":"2026-01-02T03:04:05.678Z","gone":1}"#).unwrap();
        assert_eq!((read.cpu_percent, read.by_cpu.len()), (None, 0));
    }
}
