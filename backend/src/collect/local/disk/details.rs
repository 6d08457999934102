//! Counters of a block device that are only stored, and how long its operations take; never its traffic.

use crate::collect::local::found::Details;
use common::series::Labels;
use common::units::bytes_f64;
use procfs::DiskStat;

/// The mean is of the operations of this many seconds.
const SPAN_SECONDS: f64 = 4.5;

/// Tells the counters. Kernels before 4.18 do not count discards, those before 5.5 no flushes.
pub(super) fn tell(stat: &DiskStat, labels: &Labels, details: &mut Details) {
    let milliseconds = |told: u64| bytes_f64(told) / 1e3;
    let count = |told: Option<u64>| told.map(bytes_f64);
    for (metric, value) in [
        ("node_disk_reads_merged_total", count(Some(stat.merged))),
        (
            "node_disk_writes_merged_total",
            count(Some(stat.writes_merged)),
        ),
        (
            "node_disk_read_time_seconds_total",
            Some(milliseconds(stat.time_reading)),
        ),
        (
            "node_disk_write_time_seconds_total",
            Some(milliseconds(stat.time_writing)),
        ),
        ("node_disk_io_now", count(Some(stat.in_progress))),
        (
            "node_disk_io_time_weighted_seconds_total",
            Some(milliseconds(stat.weighted_time_in_progress)),
        ),
        ("node_disk_discards_completed_total", count(stat.discards)),
        (
            "node_disk_discards_merged_total",
            count(stat.discards_merged),
        ),
        (
            "node_disk_discarded_sectors_total",
            count(stat.sectors_discarded),
        ),
        (
            "node_disk_discard_time_seconds_total",
            stat.time_discarding.map(milliseconds),
        ),
        ("node_disk_flush_requests_total", count(stat.flushes)),
        (
            "node_disk_flush_requests_time_seconds_total",
            stat.time_flushing.map(milliseconds),
        ),
    ] {
        if let Some(value) = value {
            details.labelled(metric, labels, value);
        }
    }
}

/// Operations and their time at the beginning of the present span.
#[derive(Debug, Default)]
pub(super) struct Latency {
    begun: Option<Spent>,
    seconds: f64,
}

/// Completed operations and the milliseconds that they took.
#[derive(Debug, Clone, Copy)]
struct Spent {
    operations: u64,
    milliseconds: u64,
}

impl Latency {
    /// The mean time of an operation when a span ends now; `None` in between, and when there was none.
    pub(super) fn read(&mut self, stat: &DiskStat, elapsed: Option<f64>) -> Option<f64> {
        let now = Spent {
            operations: stat.reads.saturating_add(stat.writes),
            milliseconds: stat.time_reading.saturating_add(stat.time_writing),
        };
        self.seconds += elapsed.unwrap_or(0.0);
        let Some(begun) = self.begun else {
            self.begun = Some(now);
            return None;
        };
        if self.seconds < SPAN_SECONDS {
            return None;
        }
        (self.begun, self.seconds) = (Some(now), 0.0);
        let operations = now.operations.checked_sub(begun.operations)?;
        let milliseconds = now.milliseconds.checked_sub(begun.milliseconds)?;
        (operations > 0).then(|| bytes_f64(milliseconds) / 1e3 / bytes_f64(operations))
    }
}

#[cfg(test)]
mod tests {
    use super::{Latency, tell};
    use crate::collect::local::found::Details;
    use common::series::Labels;
    use procfs::DiskStat;

    fn stat(text: &str) -> DiskStat {
        DiskStat::from_line(&format!("254 0 vda {text}")).unwrap()
    }

    #[test]
    fn latency_is_the_mean_of_a_span() {
        let mut latency = Latency::default();
        let at = |operations: u64, milliseconds: u64| {
            stat(&format!(
                "{operations} 0 0 {milliseconds} {operations} 0 0 {milliseconds} 0 0 0"
            ))
        };
        for (operations, milliseconds, elapsed, seconds) in [
            (10, 100, None, None),
            (20, 200, Some(1.0), None),
            (20, 200, Some(3.0), None),
            (30, 300, Some(1.0), Some(0.01)),
            (30, 300, Some(5.0), None),
            (32, 400, Some(5.0), Some(0.05)),
            (1, 1, Some(5.0), None),
        ] {
            let read = latency.read(&at(operations, milliseconds), elapsed);
            assert_eq!(read, seconds, "{operations} in {milliseconds}");
        }
    }

    #[test]
    fn old_kernels_count_less() {
        let eleven = "1 2 3 4 5 6 7 8 9 10 11";
        for (line, count) in [
            (eleven.to_owned(), 6),
            (format!("{eleven} 12 13 14 15"), 10),
            (format!("{eleven} 12 13 14 15 16 17"), 12),
        ] {
            let mut details = Details::default();
            tell(&stat(&line), &Labels::one("device", "vda"), &mut details);
            let values = details.into_values();
            assert_eq!(values.len(), count, "{line}");
            let of = |name: &str| {
                values
                    .iter()
                    .find(|it| it.metric == name)
                    .map(|it| it.value)
            };
            assert_eq!(of("node_disk_read_time_seconds_total"), Some(0.004));
            assert_eq!(of("node_disk_writes_merged_total"), Some(6.0));
            assert_eq!(of("node_disk_io_now"), Some(9.0));
        }
    }
}
