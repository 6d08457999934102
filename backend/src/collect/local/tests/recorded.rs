//! The collector on recorded trees of other machines: odd kernels, many processors, no swap, containers.
//! A tree is a text file: `== path` begins a file of it, and its lines follow.

use super::reading;
use crate::clock::Clock;
use crate::collect::local::root::Root;
use crate::collect::local::{LocalCollector, Reading, Readings};
use crate::config::collector::Collector;
use common::metric::{CATALOGUE, Metric, flatten};
use common::time::UnixMs;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

/// Unpacks a tree; `-> place` as the only line makes a link.
fn unpack(tree: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in tree.split("== ").skip(1) {
        let (name, text) = file.split_once('\n').unwrap();
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match text.trim().strip_prefix("-> ") {
            Some(place) => std::os::unix::fs::symlink(place, path).unwrap(),
            None if name.ends_with('/') => std::fs::create_dir_all(path).unwrap(),
            None => std::fs::write(path, text).unwrap(),
        }
    }
    dir
}

/// Reads a tree as if it were this host, without what it cannot hold.
fn read(folder: &Path, reading: &Reading) -> Readings {
    let clock = Clock::fixed(UnixMs(1_764_000_000_000));
    let mut collector = LocalCollector::of(&Root::recorded(folder), reading, clock);
    collector.sample(Duration::from_secs(1), true);
    collector.wait();
    let mut readings = collector.sample(Duration::from_secs(100), true);
    readings.details.extend(collector.wait());
    readings
}

/// The values of all series, as `name{labels}`.
fn series(readings: &Readings) -> BTreeMap<String, f64> {
    let sampled = flatten(&readings.sample, None);
    let mut series = BTreeMap::new();
    for value in sampled.iter().chain(&readings.details) {
        let metric = Metric::find(value.metric);
        let metric = metric.unwrap_or_else(|| panic!("{} is unknown", value.metric));
        let labels: Vec<_> = value.labels.iter().map(|(name, _)| name).collect();
        assert_eq!(labels, metric.labels, "{}", metric.name);
        let key = format!("{}{{{}}}", value.metric, value.labels);
        assert!(
            series.insert(key.clone(), value.value).is_none(),
            "{key} came twice"
        );
    }
    series
}

/// Each line is `series value`; `–` stands for absent.
fn check(readings: &Readings, expected: &str) {
    let series = series(readings);
    for line in expected.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        let found = series.get(name);
        match value {
            "–" => assert_eq!(found, None, "{name}"),
            _ => assert_eq!(found, Some(&value.parse().unwrap()), "{name}"),
        }
    }
}

#[test]
fn a_machine_that_has_everything() {
    let dir = unpack(include_str!("trees/full.txt"));
    let wanted = Reading {
        ports: ["22", "80", "53/udp"].map(|it| it.parse().unwrap()).into(),
        watched_processes: ["watchpost".to_owned()].into(),
        ..reading()
    };
    let readings = read(dir.path(), &wanted);
    check(&readings, include_str!("trees/full.expected"));
    let produced: BTreeSet<String> = series(&readings)
        .into_keys()
        .map(|key| key.split('{').next().unwrap().to_owned())
        .collect();
    // What only a running machine has: rates, its own sensors, its own health.
    let elsewhere = ["host_health_score", "host_temperature_celsius"];
    let mut missing: Vec<_> = CATALOGUE
        .iter()
        .map(|metric| metric.name)
        .filter(|name| !produced.contains(*name) && !elsewhere.contains(name))
        .filter(|name| !name.ends_with("_per_second") && !name.contains("_usage_"))
        .collect();
    let of_a_program = [
        "node_systemd_system_running",
        "node_systemd_unit_state",
        "node_systemd_units",
    ];
    let of_rates = ["host_cpu_mode_percent", "host_disk_latency_seconds"];
    missing.sort_unstable();
    assert_eq!(missing, [&of_rates[..], &of_a_program[..]].concat());
}

#[test]
fn odd_machines() {
    for (tree, expected) in [
        (
            include_str!("trees/old_kernel.txt"),
            include_str!("trees/old_kernel.expected"),
        ),
        (
            include_str!("trees/container.txt"),
            include_str!("trees/container.expected"),
        ),
    ] {
        let dir = unpack(tree);
        check(&read(dir.path(), &reading()), expected);
    }
}

#[test]
fn a_machine_with_256_processors() {
    let mut stat = "cpu  0 0 0 0 0 0 0 0 0 0\n".to_owned();
    for cpu in 0..256 {
        writeln!(stat, "cpu{cpu} {cpu}00 0 0 0 0 0 0 0 0 0").unwrap();
    }
    let dir = unpack(&format!("== proc/stat\n{stat}ctxt 5\n"));
    let readings = read(dir.path(), &reading());
    assert_eq!(readings.sample.cpu.as_ref().unwrap().count, 256);
    let series = series(&readings);
    check(
        &readings,
        "node_cpu_seconds_total{cpu=\"255\",mode=\"user\"} 255",
    );
    let seconds = series
        .keys()
        .filter(|key| key.starts_with("node_cpu_seconds_total"));
    assert_eq!(seconds.count(), 256 * 8);
}

#[test]
fn an_empty_tree_gives_nothing_and_no_failure() {
    let dir = tempfile::tempdir().unwrap();
    let without = [Collector::Time, Collector::Timex, Collector::Hwmon];
    let reading = Reading {
        off: without.into(),
        ..reading()
    };
    let readings = read(dir.path(), &reading);
    assert_eq!(readings, Readings::default());
}

#[test]
fn damaged_files_are_told_and_hurt_nobody_else() {
    let dir = unpack(
        "== proc/stat\ncpu x\n== proc/meminfo\nMemTotal\n== proc/loadavg\n1 2 3\n== proc/uptime\n1 2\n",
    );
    let readings = read(dir.path(), &reading());
    check(
        &readings,
        "node_scrape_collector_success{collector=\"cpu\"} 0
         node_scrape_collector_success{collector=\"meminfo\"} 0
         node_scrape_collector_success{collector=\"loadavg\"} 1
         node_scrape_collector_success{collector=\"vmstat\"} –
         node_load15{} 3",
    );
    assert_eq!(readings.sample.cpu, None);
}

#[test]
fn what_is_switched_off_is_not_read() {
    let dir = unpack(include_str!("trees/full.txt"));
    let reading = Reading {
        off: [Collector::Meminfo, Collector::Diskstats].into(),
        ..reading()
    };
    let readings = read(dir.path(), &reading);
    assert_eq!(
        (readings.sample.memory.as_ref(), readings.sample.disks.len()),
        (None, 0)
    );
    check(
        &readings,
        "node_scrape_collector_success{collector=\"meminfo\"} –
         node_scrape_collector_success{collector=\"vmstat\"} 1",
    );
}
