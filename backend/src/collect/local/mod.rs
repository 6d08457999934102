//! The machine that Watchpost runs on, one file per part; never another machine.

mod cpu;
mod disk;
mod facts;
mod filesystem;
mod memory;
mod network;
mod own;
mod process;
mod rate;
mod sampler;
mod sensor;
mod socket;
mod text;

pub use sampler::{Sampler, Taken};

use common::host::{HostFacts, HostSample, Load};
use procfs::Current;
use std::time::Duration;

/// How much of this host is read, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Time between two lists of processes while nobody watches.
    pub processes_every: Duration,
    /// How many processes are kept.
    pub top_processes: usize,
}

/// What changes seldom (mounts, temperatures, frequency) is read this often.
const SLOW_PARTS_EVERY: Duration = Duration::from_secs(5);

/// Reads this host turn by turn and keeps the counters that rates need.
pub struct LocalCollector {
    reading: Reading,
    facts: HostFacts,
    boot_time_seconds: Option<f64>,
    cpu: cpu::Processors,
    filesystems: filesystem::Filesystems,
    disks: disk::Disks,
    networks: network::Networks,
    processes: process::Processes,
    sensors: sensor::Sensors,
    own: own::Own,
    last_turn: Option<Duration>,
    last_slow: Option<Duration>,
    last_processes: Option<Duration>,
    /// The next turn reads everything, whatever was read lately.
    eager: bool,
}

impl LocalCollector {
    /// A collector that has read everything once, so that the next turn has rates and processes.
    /// `now` is the monotonic time.
    pub fn new(reading: Reading, now: Duration) -> Self {
        let mut collector = Self::unread(reading);
        collector.sample(now, true);
        collector.eager = true;
        collector
    }

    /// A collector without a reading: its first turn has no rates.
    fn unread(reading: Reading) -> Self {
        let boot_time_seconds = sysinfo::System::boot_time()
            .ok()
            .map(common::units::bytes_f64);
        Self {
            reading,
            facts: facts::read(),
            boot_time_seconds,
            cpu: cpu::Processors::default(),
            filesystems: filesystem::Filesystems::default(),
            disks: disk::Disks::default(),
            networks: network::Networks::default(),
            processes: process::Processes::default(),
            sensors: sensor::Sensors::default(),
            own: own::Own::default(),
            last_turn: None,
            last_slow: None,
            last_processes: None,
            eager: false,
        }
    }

    /// What this host is.
    pub fn facts(&self) -> &HostFacts {
        &self.facts
    }

    /// Reads the host. `now` is the monotonic time; `watched` reads the processes in any case.
    pub fn sample(&mut self, now: Duration, watched: bool) -> HostSample {
        let elapsed = rate::seconds_between(self.last_turn.replace(now), now);
        if due(self.last_slow, now, SLOW_PARTS_EVERY) {
            self.last_slow = Some(now);
            self.filesystems.find();
            self.sensors.refresh();
            self.cpu.refresh_frequency();
        }
        let memory = memory::read();
        let mut sample = HostSample {
            cpu: self.cpu.read(),
            load: load(),
            filesystems: self.filesystems.read(),
            disks: self.disks.read(elapsed),
            networks: self.networks.read(elapsed),
            sockets: socket::read(),
            sensors: self.sensors.last().to_vec(),
            uptime_seconds: procfs::Uptime::current().ok().map(|up| up.uptime),
            boot_time_seconds: self.boot_time_seconds,
            own_process: self.own.read(self.boot_time_seconds, elapsed),
            ..HostSample::default()
        };
        if std::mem::take(&mut self.eager)
            || watched
            || due(self.last_processes, now, self.reading.processes_every)
        {
            let elapsed = rate::seconds_between(self.last_processes.replace(now), now);
            let host = process::Host {
                memory_bytes: memory.as_ref().map(|(memory, _)| memory.total_bytes),
                boot_time_seconds: self.boot_time_seconds,
            };
            let top = self.reading.top_processes;
            if let Some((processes, count)) = self.processes.read(elapsed, host, top) {
                sample.processes = Some(processes);
                sample.process_count = Some(count);
            }
        }
        (sample.memory, sample.swap) = memory.unzip();
        sample
    }
}

/// Load averages; `None` where they are not readable.
fn load() -> Option<Load> {
    let load = sysinfo::System::load_average().ok()?;
    Some(Load {
        one: load.one,
        five: load.five,
        fifteen: load.fifteen,
    })
}

/// Whether `every` has passed since `last`, a tenth of it forgiven for ticks that come early.
fn due(last: Option<Duration>, now: Duration, every: Duration) -> bool {
    last.is_none_or(|last| now.saturating_sub(last) >= every * 9 / 10)
}

#[cfg(test)]
mod tests;
