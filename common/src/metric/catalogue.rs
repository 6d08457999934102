//! The table of built-in metrics; never how one is read.

use super::Category::{Disk, Network, Process, System};
use super::MetricKind::{Counter, Gauge};
use super::{Category, Metric, MetricKind};
use crate::units::Unit;

/// A row of the table: columns in the order in which they are read.
const fn metric(
    (name, unit, kind): (&'static str, Unit, MetricKind),
    category: Category,
    labels: &'static [&'static str],
    help: &'static str,
) -> Metric {
    Metric {
        name,
        unit,
        kind,
        help,
        labels,
        category,
    }
}

/// Labels of a filesystem.
const FILESYSTEM: &[&str] = &["device", "fstype", "mountpoint"];

/// All built-in metrics, sorted by name.
#[rustfmt::skip]
pub static CATALOGUE: &[Metric] = &[
    metric(("host_cpu_core_usage_percent", Unit::Percent, Gauge), System, &["cpu"], "Busy share of one processor."),
    metric(("host_cpu_mode_percent", Unit::Percent, Gauge), System, &["mode"], "Share of the time of all processors spent in one mode."),
    metric(("host_cpu_usage_percent", Unit::Percent, Gauge), System, &[], "Busy share of all processors; waiting for disks is not busy."),
    metric(("host_disk_busy_percent", Unit::Percent, Gauge), Disk, &["device"], "Share of time in which the device had work."),
    metric(("host_disk_read_bytes_per_second", Unit::BytesPerSecond, Gauge), Disk, &["device"], "Bytes read from the device each second."),
    metric(("host_disk_written_bytes_per_second", Unit::BytesPerSecond, Gauge), Disk, &["device"], "Bytes written to the device each second."),
    metric(("host_filesystem_usage_percent", Unit::Percent, Gauge), Disk, &["mountpoint"], "Used share of a local, writable filesystem: used / (used + available)."),
    metric(("host_health_score", Unit::None, Gauge), System, &[], "Health of the server, 0 to 100."),
    metric(("host_load_per_core", Unit::None, Gauge), System, &[], "Five-minute load divided by the number of processors."),
    metric(("host_memory_usage_percent", Unit::Percent, Gauge), System, &[], "Share of memory that programs could not get without swapping."),
    metric(("host_network_receive_bytes_per_second", Unit::BytesPerSecond, Gauge), Network, &["device"], "Bytes received each second by an interface that counts towards the host's traffic."),
    metric(("host_network_transmit_bytes_per_second", Unit::BytesPerSecond, Gauge), Network, &["device"], "Bytes sent each second by an interface that counts towards the host's traffic."),
    metric(("host_swap_usage_percent", Unit::Percent, Gauge), System, &[], "Used share of swap space."),
    metric(("host_temperature_celsius", Unit::Celsius, Gauge), System, &["sensor"], "Reading of a temperature sensor."),
    metric(("node_boot_time_seconds", Unit::Seconds, Gauge), System, &[], "When the host started, in seconds since 1970."),
    metric(("node_cpu_seconds_total", Unit::Seconds, Counter), System, &["cpu", "mode"], "Seconds that a processor spent in one mode."),
    metric(("node_disk_io_time_seconds_total", Unit::Seconds, Counter), Disk, &["device"], "Seconds in which the device had work."),
    metric(("node_disk_read_bytes_total", Unit::Bytes, Counter), Disk, &["device"], "Bytes read from the device."),
    metric(("node_disk_reads_completed_total", Unit::None, Counter), Disk, &["device"], "Read operations that the device completed."),
    metric(("node_disk_writes_completed_total", Unit::None, Counter), Disk, &["device"], "Write operations that the device completed."),
    metric(("node_disk_written_bytes_total", Unit::Bytes, Counter), Disk, &["device"], "Bytes written to the device."),
    metric(("node_filesystem_avail_bytes", Unit::Bytes, Gauge), Disk, FILESYSTEM, "Bytes free for ordinary users."),
    metric(("node_filesystem_files", Unit::None, Gauge), Disk, FILESYSTEM, "Inodes of the filesystem."),
    metric(("node_filesystem_files_free", Unit::None, Gauge), Disk, FILESYSTEM, "Inodes not in use."),
    metric(("node_filesystem_free_bytes", Unit::Bytes, Gauge), Disk, FILESYSTEM, "Bytes free, those reserved for the administrator included."),
    metric(("node_filesystem_readonly", Unit::None, Gauge), Disk, FILESYSTEM, "1 when mounted read-only, else 0."),
    metric(("node_filesystem_size_bytes", Unit::Bytes, Gauge), Disk, FILESYSTEM, "Size of the filesystem."),
    metric(("node_load1", Unit::None, Gauge), System, &[], "Load average of one minute."),
    metric(("node_load15", Unit::None, Gauge), System, &[], "Load average of fifteen minutes."),
    metric(("node_load5", Unit::None, Gauge), System, &[], "Load average of five minutes."),
    metric(("node_memory_Buffers_bytes", Unit::Bytes, Gauge), System, &[], "Buffers of block devices."),
    metric(("node_memory_Cached_bytes", Unit::Bytes, Gauge), System, &[], "Page cache."),
    metric(("node_memory_MemAvailable_bytes", Unit::Bytes, Gauge), System, &[], "Memory that programs can get without swapping."),
    metric(("node_memory_MemFree_bytes", Unit::Bytes, Gauge), System, &[], "Memory not used for anything."),
    metric(("node_memory_MemTotal_bytes", Unit::Bytes, Gauge), System, &[], "Memory that the kernel manages."),
    metric(("node_memory_SwapFree_bytes", Unit::Bytes, Gauge), System, &[], "Swap space not in use."),
    metric(("node_memory_SwapTotal_bytes", Unit::Bytes, Gauge), System, &[], "All swap space."),
    metric(("node_network_receive_bytes_total", Unit::Bytes, Counter), Network, &["device"], "Bytes received by the interface."),
    metric(("node_network_receive_drop_total", Unit::None, Counter), Network, &["device"], "Received packets that were dropped."),
    metric(("node_network_receive_errs_total", Unit::None, Counter), Network, &["device"], "Faulty packets received."),
    metric(("node_network_receive_packets_total", Unit::None, Counter), Network, &["device"], "Packets received."),
    metric(("node_network_transmit_bytes_total", Unit::Bytes, Counter), Network, &["device"], "Bytes sent by the interface."),
    metric(("node_network_transmit_drop_total", Unit::None, Counter), Network, &["device"], "Packets to send that were dropped."),
    metric(("node_network_transmit_errs_total", Unit::None, Counter), Network, &["device"], "Packets that could not be sent."),
    metric(("node_network_transmit_packets_total", Unit::None, Counter), Network, &["device"], "Packets sent."),
    metric(("node_processes_pids", Unit::None, Gauge), Process, &[], "Number of processes."),
    metric(("node_sockstat_TCP6_inuse", Unit::None, Gauge), Network, &[], "TCP sockets in use over IPv6."),
    metric(("node_sockstat_TCP_inuse", Unit::None, Gauge), Network, &[], "TCP sockets in use over IPv4."),
    metric(("node_sockstat_TCP_tw", Unit::None, Gauge), Network, &[], "TCP sockets that wait for late packets after closing."),
    metric(("node_sockstat_UDP6_inuse", Unit::None, Gauge), Network, &[], "UDP sockets in use over IPv6."),
    metric(("node_sockstat_UDP_inuse", Unit::None, Gauge), Network, &[], "UDP sockets in use over IPv4."),
    metric(("process_cpu_seconds_total", Unit::Seconds, Counter), Process, &[], "Processor time that Watchpost's own process used."),
    metric(("process_open_fds", Unit::None, Gauge), Process, &[], "Open files and sockets of Watchpost's own process."),
    metric(("process_resident_memory_bytes", Unit::Bytes, Gauge), Process, &[], "Resident memory of Watchpost's own process."),
    metric(("process_start_time_seconds", Unit::Seconds, Gauge), Process, &[], "When Watchpost's own process started, in seconds since 1970."),
    metric(("process_threads", Unit::None, Gauge), Process, &[], "Threads of Watchpost's own process."),
    metric(("process_virtual_memory_bytes", Unit::Bytes, Gauge), Process, &[], "Address space of Watchpost's own process."),
];
