//! The readings that people set thresholds on, sorted by name.

use super::metric;
use crate::metric::Category::{Disk, Network, Process, System};
use crate::metric::Metric;
use crate::metric::MetricKind::Gauge;
use crate::units::Unit;

#[rustfmt::skip]
pub(super) const HOST: &[Metric] = &[
    metric(("host_cpu_core_usage_percent", Unit::Percent, Gauge), System, &["cpu"], "Busy share of one processor."),
    metric(("host_cpu_frequency_hertz", Unit::Hertz, Gauge), System, &[], "Mean frequency of all processors."),
    metric(("host_cpu_mode_percent", Unit::Percent, Gauge), System, &["mode"], "Share of the time of all processors spent in one mode."),
    metric(("host_cpu_usage_percent", Unit::Percent, Gauge), System, &[], "Busy share of all processors; waiting for disks is not busy."),
    metric(("host_disk_busy_percent", Unit::Percent, Gauge), Disk, &["device"], "Share of time in which the device had work."),
    metric(("host_disk_latency_seconds", Unit::Seconds, Gauge), Disk, &["device"], "Mean time of an operation over 5 seconds; absent when there was none."),
    metric(("host_disk_read_bytes_per_second", Unit::BytesPerSecond, Gauge), Disk, &["device"], "Bytes read from the device each second."),
    metric(("host_disk_written_bytes_per_second", Unit::BytesPerSecond, Gauge), Disk, &["device"], "Bytes written to the device each second."),
    metric(("host_filesystem_inodes_percent", Unit::Percent, Gauge), Disk, &["mountpoint"], "Used share of the inodes of a local, writable filesystem."),
    metric(("host_filesystem_usage_percent", Unit::Percent, Gauge), Disk, &["mountpoint"], "Used share of a local, writable filesystem: used / (used + available)."),
    metric(("host_health_score", Unit::None, Gauge), System, &[], "Health of the server, 0 to 100."),
    metric(("host_load_per_core", Unit::None, Gauge), System, &[], "Five-minute load divided by the number of processors."),
    metric(("host_logged_in_users", Unit::None, Gauge), System, &[], "Different people who are logged in."),
    metric(("host_memory_usage_percent", Unit::Percent, Gauge), System, &[], "Share of memory that programs could not get without swapping."),
    metric(("host_network_receive_bytes_per_second", Unit::BytesPerSecond, Gauge), Network, &["device"], "Bytes received each second by an interface that counts towards the host's traffic."),
    metric(("host_network_transmit_bytes_per_second", Unit::BytesPerSecond, Gauge), Network, &["device"], "Bytes sent each second by an interface that counts towards the host's traffic."),
    metric(("host_port_open", Unit::None, Gauge), Network, &["port", "protocol"], "1 when a program on this host listens on the port, else 0."),
    metric(("host_pressure_full_percent", Unit::Percent, Gauge), System, &["resource"], "Share of the last 10 seconds in which no task went on because of the resource."),
    metric(("host_pressure_some_percent", Unit::Percent, Gauge), System, &["resource"], "Share of the last 10 seconds in which some task waited for the resource."),
    metric(("host_process_cpu_percent", Unit::Percent, Gauge), Process, &["name"], "Processor time of a watched name in percent of one processor."),
    metric(("host_process_instances", Unit::None, Gauge), Process, &["name"], "Processes with a watched name."),
    metric(("host_process_memory_bytes", Unit::Bytes, Gauge), Process, &["name"], "Resident memory of a watched name."),
    metric(("host_process_open_files", Unit::None, Gauge), Process, &["name"], "Open files and sockets of a watched name."),
    metric(("host_process_threads", Unit::None, Gauge), Process, &["name"], "Threads of a watched name."),
    metric(("host_swap_usage_percent", Unit::Percent, Gauge), System, &[], "Used share of swap space."),
    metric(("host_temperature_celsius", Unit::Celsius, Gauge), System, &["sensor"], "Reading of a temperature sensor."),
    metric(("host_user_sessions", Unit::None, Gauge), System, &["user"], "Logins of one person."),
];
