//! What a control group counts, under the names that cAdvisor gives it; never which processes it holds.

use crate::collect::local::found::Details;
use crate::collect::local::kept;
use common::series::Labels;
use common::units::bytes_f64;
use std::path::Path;

/// Tells what a group counts; a file of a controller that is off is left out.
pub(super) fn tell(folder: &Path, labels: &Labels, details: &mut Details) {
    let mut add = |metric: &'static str, value: Option<f64>| {
        if let Some(value) = value {
            details.labelled(metric, labels, value);
        }
    };
    let cpu = text(folder, "cpu.stat");
    for (key, metric) in [
        ("usage_usec", "container_cpu_usage_seconds_total"),
        ("user_usec", "container_cpu_user_seconds_total"),
        ("system_usec", "container_cpu_system_seconds_total"),
        (
            "throttled_usec",
            "container_cpu_cfs_throttled_seconds_total",
        ),
    ] {
        add(metric, keyed(&cpu, key).map(|us| us / 1e6));
    }
    let memory = text(folder, "memory.stat");
    let usage = kept::number(&folder.join("memory.current")).map(bytes_f64);
    let unused = keyed(&memory, "inactive_file");
    let working_set = usage
        .zip(unused)
        .map(|(all, unused)| (all - unused).max(0.0));
    add("container_memory_usage_bytes", usage);
    add("container_memory_working_set_bytes", working_set);
    add("container_memory_cache", keyed(&memory, "file"));
    add("container_memory_rss", keyed(&memory, "anon"));
    // Without a limit the file says "max".
    let limit = kept::number(&folder.join("memory.max"));
    add("container_spec_memory_limit_bytes", limit);
    let events = text(folder, "memory.events");
    add("container_oom_events_total", keyed(&events, "oom_kill"));
    let (read, written) = transferred(&text(folder, "io.stat"));
    add("container_fs_reads_bytes_total", read);
    add("container_fs_writes_bytes_total", written);
    add(
        "container_threads",
        kept::number(&folder.join("pids.current")),
    );
}

fn text(folder: &Path, file: &str) -> String {
    kept::once(&folder.join(file)).unwrap_or_default()
}

/// The number in the line that begins with a word.
fn keyed(text: &str, key: &str) -> Option<f64> {
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(known, _)| *known == key)
        .and_then(|(_, number)| number.parse().ok())
}

/// Bytes read and written, all devices together; `None` where no device is told.
fn transferred(text: &str) -> (Option<f64>, Option<f64>) {
    let sum = |key: &str| {
        text.split_ascii_whitespace()
            .filter_map(|word| word.strip_prefix(key)?.parse::<f64>().ok())
            .reduce(|all, one| all + one)
    };
    (sum("rbytes="), sum("wbytes="))
}

#[cfg(test)]
mod tests {
    use super::{keyed, transferred};

    #[test]
    fn counters_are_found_by_name() {
        let text = "usage_usec 2500000\nuser_usec 2000000\n";
        assert_eq!(keyed(text, "user_usec"), Some(2e6));
        assert_eq!(keyed(text, "usec"), None);
        let io =
            "254:0 rbytes=100 wbytes=5 rios=1 wios=1 dbytes=0 dios=0\n254:16 rbytes=1 wbytes=2\n";
        assert_eq!(transferred(io), (Some(101.0), Some(7.0)));
        assert_eq!(transferred(""), (None, None));
    }
}
