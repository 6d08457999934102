//! The metrics of processes, units and containers, sorted by name.

use super::metric;
use crate::metric::Category::Process;
use crate::metric::Metric;
use crate::metric::MetricKind::{Counter, Gauge};
use crate::units::Unit;

#[rustfmt::skip]
pub(super) const PROCESS: &[Metric] = &[
    metric(("container_cpu_cfs_throttled_seconds_total", Unit::Seconds, Counter), Process, &["id", "name"], "Seconds that a container was held back by its limit."),
    metric(("container_cpu_system_seconds_total", Unit::Seconds, Counter), Process, &["id", "name"], "Processor time of the kernel for a container."),
    metric(("container_cpu_usage_seconds_total", Unit::Seconds, Counter), Process, &["id", "name"], "Processor time of a container."),
    metric(("container_cpu_user_seconds_total", Unit::Seconds, Counter), Process, &["id", "name"], "Processor time of programs in a container."),
    metric(("container_fs_reads_bytes_total", Unit::Bytes, Counter), Process, &["id", "name"], "Bytes that a container read from disks."),
    metric(("container_fs_writes_bytes_total", Unit::Bytes, Counter), Process, &["id", "name"], "Bytes that a container wrote to disks."),
    metric(("container_memory_cache", Unit::Bytes, Gauge), Process, &["id", "name"], "Page cache of a container."),
    metric(("container_memory_rss", Unit::Bytes, Gauge), Process, &["id", "name"], "Memory of a container without a file behind it."),
    metric(("container_memory_usage_bytes", Unit::Bytes, Gauge), Process, &["id", "name"], "Memory of a container, its page cache included."),
    metric(("container_memory_working_set_bytes", Unit::Bytes, Gauge), Process, &["id", "name"], "Memory of a container without page cache not in use lately."),
    metric(("container_oom_events_total", Unit::None, Counter), Process, &["id", "name"], "Processes of a container killed because its memory ran out."),
    metric(("container_spec_memory_limit_bytes", Unit::Bytes, Gauge), Process, &["id", "name"], "How much memory a container may have."),
    metric(("container_threads", Unit::None, Gauge), Process, &["id", "name"], "Processes and threads of a container."),
    metric(("node_processes_max_processes", Unit::None, Gauge), Process, &[], "How many processes and threads there may be."),
    metric(("node_processes_max_threads", Unit::None, Gauge), Process, &[], "How many threads there may be."),
    metric(("node_processes_pids", Unit::None, Gauge), Process, &[], "Number of processes."),
    metric(("node_processes_state", Unit::None, Gauge), Process, &["state"], "Processes in one state."),
    metric(("node_processes_threads", Unit::None, Gauge), Process, &[], "Threads of all processes."),
    metric(("node_systemd_system_running", Unit::None, Gauge), Process, &[], "1 when systemd is running and no unit has failed, else 0."),
    metric(("node_systemd_unit_state", Unit::None, Gauge), Process, &["name", "state", "type"], "1 for the state in which a service is, 0 for the others."),
    metric(("node_systemd_units", Unit::None, Gauge), Process, &["state"], "Units of systemd in one state."),
    metric(("process_cpu_seconds_total", Unit::Seconds, Counter), Process, &[], "Processor time that Watchpost's own process used."),
    metric(("process_open_fds", Unit::None, Gauge), Process, &[], "Open files and sockets of Watchpost's own process."),
    metric(("process_resident_memory_bytes", Unit::Bytes, Gauge), Process, &[], "Resident memory of Watchpost's own process."),
    metric(("process_start_time_seconds", Unit::Seconds, Gauge), Process, &[], "When Watchpost's own process started, in seconds since 1970."),
    metric(("process_threads", Unit::None, Gauge), Process, &[], "Threads of Watchpost's own process."),
    metric(("process_virtual_memory_bytes", Unit::Bytes, Gauge), Process, &[], "Address space of Watchpost's own process."),
];
