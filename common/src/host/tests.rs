//! A sample survives both encodings and answers what rules ask it; never read from a host.

use super::{
    Cpu, CpuTimes, Disk, Filesystem, HostSample, Load, Memory, Network, OwnProcess, Process,
    Sensor, Sockets, Swap,
};

fn full() -> HostSample {
    HostSample {
        cpu: Some(Cpu {
            percent: Some(12.5),
            cores_percent: vec![Some(20.0), None],
            modes_percent: Some(super::CpuModes::default()),
            count: 2,
            frequency_mhz: None,
            times: vec![CpuTimes::default()],
        }),
        memory: Some(Memory::default()),
        swap: Some(Swap::default()),
        load: Some(Load {
            one: 1.0,
            five: 3.0,
            fifteen: 0.5,
        }),
        filesystems: vec![
            filesystem("/", Some(40.0), true),
            filesystem("/run", Some(99.0), false),
            filesystem("/srv", Some(70.0), true),
            filesystem("/empty", None, true),
        ],
        disks: vec![Disk::default()],
        networks: vec![
            network("eth0", true, Some(100.0)),
            network("eth1", true, None),
            network("lo", false, Some(7.0)),
        ],
        sockets: Some(Sockets::default()),
        processes: Some(vec![Process::default()]),
        process_count: Some(1),
        sensors: vec![Sensor::default()],
        uptime_seconds: Some(5.0),
        boot_time_seconds: Some(1e9),
        own_process: Some(OwnProcess::default()),
    }
}

fn filesystem(mountpoint: &str, percent: Option<f64>, watched: bool) -> Filesystem {
    Filesystem {
        mountpoint: mountpoint.into(),
        percent,
        watched,
        ..Filesystem::default()
    }
}

fn network(interface: &str, physical: bool, received: Option<f64>) -> Network {
    Network {
        interface: interface.into(),
        physical,
        received_bytes_per_second: received,
        ..Network::default()
    }
}

#[test]
fn a_sample_survives_json_and_postcard() {
    for sample in [HostSample::default(), full()] {
        let json = serde_json::to_string(&sample).unwrap();
        assert_eq!(serde_json::from_str::<HostSample>(&json).unwrap(), sample);
        let bytes = postcard::to_allocvec(&sample).unwrap();
        assert_eq!(postcard::from_bytes::<HostSample>(&bytes).unwrap(), sample);
    }
}

#[test]
fn an_absent_reading_is_null() {
    let json = serde_json::to_value(HostSample::default()).unwrap();
    for part in [
        "cpu",
        "memory",
        "swap",
        "load",
        "processes",
        "uptime_seconds",
    ] {
        assert!(json[part].is_null() && json.get(part).is_some(), "{part}");
    }
}

#[test]
fn rules_ask_a_sample() {
    let sample = full();
    assert_eq!(sample.fullest_filesystem().unwrap().mountpoint, "/srv");
    assert_eq!(sample.root_filesystem().unwrap().percent, Some(40.0));
    assert_eq!(sample.load_per_core(), Some(1.5));
    assert_eq!(sample.network_received_bytes_per_second(), Some(100.0));
    assert_eq!(sample.network_sent_bytes_per_second(), None);
    let nothing = HostSample::default();
    assert_eq!(nothing.load_per_core(), None);
    assert!(nothing.fullest_filesystem().is_none());
}
