//! The machine that Watchpost runs on, one file per part; never another machine.

mod beside;
mod clocksource;
mod connection;
mod conntrack;
mod container;
mod cpu;
mod disk;
mod error;
mod facts;
mod filesystem;
mod found;
mod frequency;
mod interface;
mod kept;
mod kernel;
mod load;
mod memory;
mod neighbour;
mod netstat;
mod network;
mod numbered;
mod own;
mod parts;
mod percpu;
mod power;
mod pressure;
mod process;
mod rate;
mod release;
mod root;
mod sampler;
mod schedule;
mod sensor;
mod socket;
mod softirq;
mod systemd;
mod time;
mod udp;
mod user;

pub use sampler::{Sampler, Taken};

use crate::clock::Clock;
use crate::config::collect::CollectConfig;
use crate::config::collector::Collector;
use crate::config::port::Port;
use common::host::{HostFacts, HostSample};
use common::metric::Value;
use found::Found;
use parts::{Part, Reads, Turn};
use root::Root;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How much of this host is read, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Time between two readings of each collector; zero for those that read in every turn.
    pub intervals: BTreeMap<Collector, Duration>,
    /// Collectors that do not read.
    pub off: BTreeSet<Collector>,
    /// How many processes are kept.
    pub top_processes: usize,
    /// Ports on which a program should listen.
    pub ports: BTreeSet<Port>,
    /// Names of programs whose processes are added up.
    pub watched_processes: BTreeSet<String>,
}

impl Reading {
    /// Time between two readings of a collector.
    fn every(&self, collector: Collector) -> Duration {
        self.intervals.get(&collector).copied().unwrap_or_default()
    }
}

impl From<&CollectConfig> for Reading {
    fn from(config: &CollectConfig) -> Self {
        let every = |collector: &Collector| {
            let seconds = match config.interval_of(*collector) {
                often if often <= config.interval_seconds => 0,
                seconds => seconds,
            };
            (*collector, Duration::from_secs(seconds.into()))
        };
        Self {
            intervals: Collector::ALL.iter().map(every).collect(),
            off: config.off.clone(),
            top_processes: usize::try_from(config.top_processes).unwrap_or(usize::MAX),
            ports: config.ports.clone(),
            watched_processes: config.watched_processes.clone(),
        }
    }
}

/// All that was read in one turn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Readings {
    /// What pages show.
    pub sample: HostSample,
    /// Values of series that are not in the sample.
    pub details: Vec<Value>,
}

impl From<HostSample> for Readings {
    fn from(sample: HostSample) -> Self {
        Self {
            sample,
            details: Vec::new(),
        }
    }
}

/// Reads this host turn by turn and keeps the counters that rates need.
pub struct LocalCollector {
    facts: HostFacts,
    parts: Vec<Part>,
    clock: Clock,
    /// What was read last: a part that is not due is shown as it was.
    last: HostSample,
    /// The next turn reads the processes, whenever they were read.
    eager: bool,
}

impl LocalCollector {
    /// A collector that has read once what rates need, so that the next turn has them, and processes.
    pub fn new(reading: &Reading, clock: Clock) -> Self {
        let mut collector = Self::unread(reading, clock);
        collector.read(collector.clock.monotonic(), Reads::Basis);
        collector.eager = true;
        collector
    }

    /// A collector without a reading: its first turn has no rates.
    fn unread(reading: &Reading, clock: Clock) -> Self {
        Self::of(&Root::host(), reading, clock)
    }

    fn of(root: &Root, reading: &Reading, clock: Clock) -> Self {
        Self {
            facts: facts::read(),
            parts: parts::parts(root, reading, &clock),
            clock,
            last: HostSample::default(),
            eager: false,
        }
    }

    /// What this host is.
    pub fn facts(&self) -> &HostFacts {
        &self.facts
    }

    /// Reads the host. `now` is the monotonic time; `watched` reads the processes in any case.
    pub fn sample(&mut self, now: Duration, watched: bool) -> Readings {
        let reads = if std::mem::take(&mut self.eager) || watched {
            Reads::WithProcesses
        } else {
            Reads::Due
        };
        self.read(now, reads)
    }

    fn read(&mut self, now: Duration, reads: Reads) -> Readings {
        let mut found = Found {
            sample: std::mem::take(&mut self.last),
            ..Found::default()
        };
        (found.sample.processes, found.sample.process_count) = (None, None);
        let turn = Turn {
            now,
            reads,
            clock: &self.clock,
        };
        for part in &mut self.parts {
            part.turn(turn, &mut found);
        }
        // The list of processes is long, and never shown as it was.
        let processes = found.sample.processes.take();
        self.last = found.sample.clone();
        found.sample.processes = processes;
        Readings {
            sample: found.sample,
            details: found.details.into_values(),
        }
    }

    /// Waits for what is read beside the turns; the values of its series.
    #[cfg(test)]
    fn wait(&mut self) -> Vec<Value> {
        let mut found = Found::default();
        for part in &mut self.parts {
            part.wait(&mut found);
        }
        found.details.into_values()
    }
}

#[cfg(test)]
mod tests;
