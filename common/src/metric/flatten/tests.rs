//! Every flattened series is in the catalogue.

use super::{Value, flatten};
use crate::host::{
    Cpu, CpuModes, CpuTimes, Disk, Filesystem, HostSample, Load, Memory, Network, OwnProcess,
    Sensor, Sockets, Swap,
};
use crate::metric::{CATALOGUE, Metric};
use crate::series::Labels;
use std::collections::BTreeSet;

/// A sample in which every reading is there.
fn complete() -> HostSample {
    HostSample {
        cpu: Some(Cpu {
            percent: Some(12.5),
            cores_percent: vec![Some(20.0), None],
            modes_percent: Some(CpuModes::default()),
            count: 2,
            frequency_mhz: Some(2_000.0),
            times: vec![CpuTimes {
                cpu: 1,
                seconds: CpuModes {
                    iowait: 3.25,
                    ..CpuModes::default()
                },
            }],
        }),
        memory: Some(Memory {
            percent: Some(50.0),
            free_bytes: Some(1),
            cached_bytes: Some(2),
            buffers_bytes: Some(3),
            ..Memory::default()
        }),
        swap: Some(Swap {
            percent: Some(1.0),
            ..Swap::default()
        }),
        load: Some(Load {
            one: 1.0,
            five: 3.0,
            fifteen: 0.5,
        }),
        filesystems: vec![filesystem("/", true), filesystem("/run", false)],
        disks: vec![Disk {
            device: "sda".into(),
            read_bytes_per_second: Some(1.0),
            written_bytes_per_second: Some(2.0),
            busy_percent: Some(3.0),
            ..Disk::default()
        }],
        networks: vec![network("eth0", true), network("lo", false)],
        sockets: Some(Sockets::default()),
        processes: Some(Vec::new()),
        process_count: Some(90),
        sensors: vec![Sensor {
            name: "core 0".into(),
            celsius: Some(41.0),
            critical_celsius: None,
        }],
        uptime_seconds: Some(5.0),
        boot_time_seconds: Some(1e9),
        own_process: Some(OwnProcess {
            open_files: Some(9),
            started_at_seconds: Some(1e9),
            ..OwnProcess::default()
        }),
    }
}

fn filesystem(mountpoint: &str, watched: bool) -> Filesystem {
    Filesystem {
        mountpoint: mountpoint.into(),
        device: "/dev/sda1".into(),
        fs_type: "ext4".into(),
        percent: Some(40.0),
        inodes_total: Some(10),
        inodes_free: Some(9),
        watched,
        ..Filesystem::default()
    }
}

fn network(interface: &str, physical: bool) -> Network {
    Network {
        interface: interface.into(),
        physical,
        received_bytes_per_second: Some(10.0),
        sent_bytes_per_second: Some(20.0),
        ..Network::default()
    }
}

fn find<'a>(values: &'a [Value], metric: &str, labels: &[(&str, &str)]) -> Option<&'a Value> {
    let labels = Labels::of(labels);
    values
        .iter()
        .find(|v| v.metric == metric && v.labels == labels)
}

#[test]
fn every_series_is_as_the_catalogue_says() {
    let values = flatten(&complete(), Some(80.0));
    for value in &values {
        let metric =
            Metric::find(value.metric).unwrap_or_else(|| panic!("{} is unknown", value.metric));
        let labels: Vec<_> = value.labels.iter().map(|(name, _)| name).collect();
        assert_eq!(labels, metric.labels, "{}", metric.name);
    }
}

#[test]
fn a_series_comes_once() {
    let values = flatten(&complete(), Some(80.0));
    let keys: BTreeSet<_> = values.iter().map(|v| (v.metric, &v.labels)).collect();
    assert_eq!(keys.len(), values.len());
}

#[test]
fn values_stand_under_their_labels() {
    let values = flatten(&complete(), Some(80.0));
    for (metric, labels, value) in [
        (
            "node_cpu_seconds_total",
            &[("cpu", "1"), ("mode", "iowait")][..],
            Some(3.25),
        ),
        ("host_cpu_core_usage_percent", &[("cpu", "0")], Some(20.0)),
        ("host_cpu_core_usage_percent", &[("cpu", "1")], None),
        (
            "host_filesystem_usage_percent",
            &[("mountpoint", "/")],
            Some(40.0),
        ),
        (
            "host_filesystem_usage_percent",
            &[("mountpoint", "/run")],
            None,
        ),
        (
            "host_network_transmit_bytes_per_second",
            &[("device", "eth0")],
            Some(20.0),
        ),
        (
            "host_network_transmit_bytes_per_second",
            &[("device", "lo")],
            None,
        ),
        ("host_load_per_core", &[], Some(1.5)),
        ("host_health_score", &[], Some(80.0)),
    ] {
        assert_eq!(
            find(&values, metric, labels).map(|v| v.value),
            value,
            "{metric} {labels:?}"
        );
    }
}

#[test]
fn absent_readings_give_no_series() {
    assert_eq!(flatten(&HostSample::default(), None), []);
    let broken = HostSample {
        uptime_seconds: Some(1.0),
        boot_time_seconds: Some(f64::NAN),
        ..HostSample::default()
    };
    assert_eq!(flatten(&broken, Some(f64::INFINITY)), []);
}

#[test]
fn the_catalogue_has_a_metric_once_and_says_what_it_is() {
    let names: BTreeSet<_> = CATALOGUE.iter().map(|metric| metric.name).collect();
    assert_eq!(names.len(), CATALOGUE.len());
    for metric in CATALOGUE {
        assert!(metric.help.ends_with('.'), "{}", metric.name);
        assert!(metric.labels.is_sorted(), "{}", metric.name);
        assert_eq!(Metric::find(metric.name), Some(metric));
    }
    assert_eq!(Metric::find("no_such_metric"), None);
}
