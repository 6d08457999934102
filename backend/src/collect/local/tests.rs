//! The collector against the kernel's own files on the host that runs the tests.

mod recorded;

use super::{LocalCollector, Reading, Readings};
use crate::clock::Clock;
use crate::config::collect::CollectConfig;
use common::host::HostSample;
use std::time::Duration;

fn reading() -> Reading {
    let config = CollectConfig {
        top_processes: 10,
        ..CollectConfig::default()
    };
    Reading::from(&config)
}

fn unread() -> LocalCollector {
    LocalCollector::unread(&reading(), Clock::system())
}

fn new() -> LocalCollector {
    LocalCollector::new(&reading(), Clock::fixed(common::time::UnixMs(0)))
}

fn word(path: &str, after: &str) -> f64 {
    let text = std::fs::read_to_string(path).unwrap();
    let line = text.lines().find(|line| line.starts_with(after)).unwrap();
    line.split_ascii_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}

#[test]
fn readings_are_those_of_the_kernel() {
    let sample = unread().sample(Duration::from_secs(1), true).sample;
    let memory = sample.memory.as_ref().unwrap();
    let total_kib = common::units::bytes_f64(memory.total_bytes) / 1024.0;
    assert!((total_kib - word("/proc/meminfo", "MemTotal:")).abs() < 1.0);
    let boot = sample.boot_time_seconds.unwrap();
    assert!((boot - word("/proc/stat", "btime")).abs() <= 1.0, "{boot}");
    let cores = std::thread::available_parallelism().unwrap().get();
    assert!(sample.cpu.as_ref().unwrap().count as usize >= cores);
    let root = sample.root_filesystem().unwrap();
    assert!(root.used_bytes + root.available_bytes <= root.total_bytes);
    let own = sample.own_process.as_ref().unwrap();
    assert_eq!(own.pid, std::process::id());
    assert!(own.resident_bytes > 0 && own.threads > 0 && own.open_files > Some(2));
    assert!(sample.uptime_seconds.unwrap() > 0.0);
    assert!(sample.load.is_some() && sample.sockets.is_some());
}

#[test]
fn rates_need_two_turns() {
    let mut collector = unread();
    let first = collector.sample(Duration::from_secs(1), true).sample;
    assert_eq!(first.cpu_percent(), None);
    assert!(rates(&first).all(|rate| rate.is_none()));
    assert!(first.own_process.as_ref().unwrap().cpu_percent.is_none());
    assert!(
        first
            .processes
            .unwrap()
            .iter()
            .all(|process| process.cpu_percent.is_none())
    );
    let second = collector.sample(Duration::from_secs(2), true).sample;
    assert!(rates(&second).all(|rate| rate.is_some_and(|rate| rate >= 0.0)));
    assert!(second.own_process.as_ref().unwrap().cpu_percent.is_some());
    assert!(
        second
            .processes
            .unwrap()
            .iter()
            .any(|process| process.cpu_percent.is_some())
    );
}

fn rates(sample: &HostSample) -> impl Iterator<Item = Option<f64>> {
    let disks = sample.disks.iter().map(|disk| disk.read_bytes_per_second);
    disks.chain(
        sample
            .networks
            .iter()
            .map(|network| network.sent_bytes_per_second),
    )
}

#[test]
fn processes_are_read_less_often_unless_somebody_watches() {
    let mut collector = unread();
    for (second, watched, expected) in [
        (0, false, true),
        (1, false, false),
        (4, false, false),
        (5, false, true),
        (6, true, true),
        (7, false, false),
    ] {
        let sample = collector
            .sample(Duration::from_secs(second), watched)
            .sample;
        assert_eq!(sample.processes.is_some(), expected, "second {second}");
        assert_eq!(sample.process_count.is_some(), expected, "second {second}");
        assert!(
            sample
                .processes
                .is_none_or(|processes| processes.len() <= 10)
        );
    }
}

/// The kernel counts processor time in ticks: two readings within one show no share of it.
fn until_the_next_tick() {
    let processors = || {
        let stat = std::fs::read_to_string("/proc/stat").unwrap();
        stat.lines().next().unwrap_or_default().to_owned()
    };
    let before = processors();
    while processors() == before {
        std::thread::yield_now();
    }
}

#[test]
fn the_first_sample_is_complete() {
    let mut collector = new();
    until_the_next_tick();
    let readings = collector.sample(Duration::from_millis(300), false);
    let sample = readings.sample.clone();
    assert!(sample.cpu_percent().is_some());
    assert!(
        sample
            .processes
            .is_some_and(|processes| !processes.is_empty())
    );
    let found = |readings: &Readings, metric: &str| {
        let mut details = readings.details.iter();
        details.any(|value| value.metric == metric)
    };
    assert!(found(&readings, "node_uname_info"));
    let next = collector.sample(Duration::from_millis(1_300), false);
    assert!(!found(&next, "node_uname_info") && found(&next, "node_forks_total"));
    let next = next.sample;
    assert!(next.processes.is_none());
}

#[test]
fn the_host_is_described() {
    let collector = new();
    let facts = collector.facts();
    assert_eq!(facts.system, "linux");
    assert!(facts.hostname.is_some() && facts.kernel.is_some() && facts.memory_bytes.is_some());
}
