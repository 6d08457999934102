//! `[collect]`: how often this host is read and how much of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::collector::Collector;
use super::port::Port;
use super::within;

/// The section `collect`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CollectConfig {
    /// Seconds between two samples of this host, 1 to 300.
    #[serde(deserialize_with = "within::<1, 300, _>")]
    pub interval_seconds: u32,
    /// Seconds between two lists of processes, 1 to 300.
    #[serde(deserialize_with = "within::<1, 300, _>")]
    pub processes_interval_seconds: u32,
    /// How many processes are kept, the busiest first, 1 to 500.
    #[serde(deserialize_with = "within::<1, 500, _>")]
    pub top_processes: u32,
    /// Collectors that do not read.
    pub off: BTreeSet<Collector>,
    /// Time between two readings of single collectors.
    pub intervals: BTreeMap<Collector, Interval>,
    /// Ports on which a program of this host should listen.
    pub ports: BTreeSet<Port>,
    /// Names of programs whose processes are counted and added up.
    pub watched_processes: BTreeSet<String>,
}

/// Seconds between two readings, 1 to 300.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Interval(#[serde(deserialize_with = "within::<1, 300, _>")] pub u32);

impl CollectConfig {
    /// Seconds between two readings of a collector.
    pub fn interval_of(&self, collector: Collector) -> u32 {
        let usual = match collector {
            Collector::Processes => self.processes_interval_seconds,
            other => other.usual_interval_seconds(),
        };
        let told = self.intervals.get(&collector).map(|told| told.0);
        told.unwrap_or(usual)
    }
}

impl Default for CollectConfig {
    fn default() -> Self {
        Self {
            interval_seconds: 1,
            processes_interval_seconds: 5,
            top_processes: 50,
            off: BTreeSet::new(),
            intervals: BTreeMap::new(),
            ports: BTreeSet::new(),
            watched_processes: BTreeSet::new(),
        }
    }
}
