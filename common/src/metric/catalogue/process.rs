//! The metrics of processes, units and containers, sorted by name.

use super::metric;
use crate::metric::Category::Process;
use crate::metric::Metric;
use crate::metric::MetricKind::{Counter, Gauge};
use crate::units::Unit;

#[rustfmt::skip]
pub(super) const PROCESS: &[Metric] = &[
    metric(("node_processes_pids", Unit::None, Gauge), Process, &[], "Number of processes."),
    metric(("process_cpu_seconds_total", Unit::Seconds, Counter), Process, &[], "Processor time that Watchpost's own process used."),
    metric(("process_open_fds", Unit::None, Gauge), Process, &[], "Open files and sockets of Watchpost's own process."),
    metric(("process_resident_memory_bytes", Unit::Bytes, Gauge), Process, &[], "Resident memory of Watchpost's own process."),
    metric(("process_start_time_seconds", Unit::Seconds, Gauge), Process, &[], "When Watchpost's own process started, in seconds since 1970."),
    metric(("process_threads", Unit::None, Gauge), Process, &[], "Threads of Watchpost's own process."),
    metric(("process_virtual_memory_bytes", Unit::Bytes, Gauge), Process, &[], "Address space of Watchpost's own process."),
];
