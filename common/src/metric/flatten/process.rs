//! Series of Watchpost's own process, and the number of all processes.

use super::Values;
use crate::host::HostSample;
use crate::units::bytes_f64;

pub(super) fn flatten(sample: &HostSample, values: &mut Values) {
    values.plain("node_processes_pids", sample.process_count.map(f64::from));
    let Some(own) = &sample.own_process else {
        return;
    };
    for (metric, value) in [
        ("process_cpu_seconds_total", Some(own.cpu_seconds)),
        (
            "process_resident_memory_bytes",
            Some(bytes_f64(own.resident_bytes)),
        ),
        (
            "process_virtual_memory_bytes",
            Some(bytes_f64(own.virtual_bytes)),
        ),
        ("process_threads", Some(f64::from(own.threads))),
        ("process_open_fds", own.open_files.map(f64::from)),
        ("process_start_time_seconds", own.started_at_seconds),
    ] {
        values.plain(metric, value);
    }
}
