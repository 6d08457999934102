//! The metrics of processors, the kernel, its clock and the collectors, sorted by name.

use super::metric;
use crate::metric::Category::System;
use crate::metric::Metric;
use crate::metric::MetricKind::{Counter, Gauge};
use crate::units::Unit;

#[rustfmt::skip]
pub(super) const SYSTEM: &[Metric] = &[
    metric(("node_boot_time_seconds", Unit::Seconds, Gauge), System, &[], "When the host started, in seconds since 1970."),
    metric(("node_context_switches_total", Unit::None, Counter), System, &[], "Changes from one task to another."),
    metric(("node_cpu_guest_seconds_total", Unit::Seconds, Counter), System, &["cpu", "mode"], "Seconds that a processor spent for guests; user and nice contain them."),
    metric(("node_cpu_scaling_frequency_hertz", Unit::Hertz, Gauge), System, &["cpu"], "Frequency of a processor now."),
    metric(("node_cpu_scaling_frequency_max_hertz", Unit::Hertz, Gauge), System, &["cpu"], "Highest frequency that is allowed to a processor."),
    metric(("node_cpu_scaling_frequency_min_hertz", Unit::Hertz, Gauge), System, &["cpu"], "Lowest frequency that is allowed to a processor."),
    metric(("node_cpu_seconds_total", Unit::Seconds, Counter), System, &["cpu", "mode"], "Seconds that a processor spent in one mode."),
    metric(("node_entropy_available_bits", Unit::None, Gauge), System, &[], "Bits of entropy that are there."),
    metric(("node_entropy_pool_size_bits", Unit::None, Gauge), System, &[], "Bits of entropy that there can be."),
    metric(("node_filefd_allocated", Unit::None, Gauge), System, &[], "Open files of the whole host."),
    metric(("node_filefd_maximum", Unit::None, Gauge), System, &[], "How many files the whole host may open."),
    metric(("node_forks_total", Unit::None, Counter), System, &[], "Processes and threads that were started."),
    metric(("node_intr_total", Unit::None, Counter), System, &[], "Interrupts served."),
    metric(("node_load1", Unit::None, Gauge), System, &[], "Load average of one minute."),
    metric(("node_load15", Unit::None, Gauge), System, &[], "Load average of fifteen minutes."),
    metric(("node_load5", Unit::None, Gauge), System, &[], "Load average of five minutes."),
    metric(("node_pressure_cpu_waiting_seconds_total", Unit::Seconds, Counter), System, &[], "Seconds in which some task waited for a processor."),
    metric(("node_pressure_io_stalled_seconds_total", Unit::Seconds, Counter), System, &[], "Seconds in which no task went on because of disks."),
    metric(("node_pressure_io_waiting_seconds_total", Unit::Seconds, Counter), System, &[], "Seconds in which some task waited for disks."),
    metric(("node_pressure_irq_stalled_seconds_total", Unit::Seconds, Counter), System, &[], "Seconds in which no task went on because of interrupts."),
    metric(("node_pressure_memory_stalled_seconds_total", Unit::Seconds, Counter), System, &[], "Seconds in which no task went on because of memory."),
    metric(("node_pressure_memory_waiting_seconds_total", Unit::Seconds, Counter), System, &[], "Seconds in which some task waited for memory."),
    metric(("node_procs_blocked", Unit::None, Gauge), System, &[], "Tasks that wait for a disk."),
    metric(("node_procs_running", Unit::None, Gauge), System, &[], "Tasks that run or could."),
    metric(("node_schedstat_running_seconds_total", Unit::Seconds, Counter), System, &["cpu"], "Seconds that a processor ran tasks."),
    metric(("node_schedstat_timeslices_total", Unit::None, Counter), System, &["cpu"], "Time slices that a processor ran."),
    metric(("node_schedstat_waiting_seconds_total", Unit::Seconds, Counter), System, &["cpu"], "Seconds that tasks waited for a processor."),
    metric(("node_scrape_collector_duration_seconds", Unit::Seconds, Gauge), System, &["collector"], "Time that the collector took."),
    metric(("node_scrape_collector_success", Unit::None, Gauge), System, &["collector"], "1 when the collector read what it should, else 0."),
    metric(("node_time_seconds", Unit::Seconds, Gauge), System, &[], "The clock of the host, in seconds since 1970."),
    metric(("node_timex_estimated_error_seconds", Unit::Seconds, Gauge), System, &[], "Estimated error of the clock."),
    metric(("node_timex_frequency_adjustment_ratio", Unit::None, Gauge), System, &[], "How much faster than on its own the clock is made to run."),
    metric(("node_timex_maxerror_seconds", Unit::Seconds, Gauge), System, &[], "Largest possible error of the clock."),
    metric(("node_timex_offset_seconds", Unit::Seconds, Gauge), System, &[], "How far the clock is from its reference."),
    metric(("node_timex_status", Unit::None, Gauge), System, &[], "Status bits of the clock."),
    metric(("node_timex_sync_status", Unit::None, Gauge), System, &[], "1 when the clock is synchronised, else 0."),
    metric(("node_timex_tai_offset_seconds", Unit::Seconds, Gauge), System, &[], "Seconds between atomic time and UTC, as the kernel knows."),
    metric(("node_uname_info", Unit::None, Gauge), System, &["domainname", "machine", "nodename", "release", "sysname", "version"], "What the kernel says that it is; always 1."),
];
