//! What the kernel counts by processor beside its time: tasks and packets; never which ones.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::Kept;
use super::root::Root;
use common::series::Labels;
use common::units::bytes_f64;

/// A file with a line for each processor.
pub(super) struct PerProcessor {
    file: Kept,
    parse: fn(usize, &str) -> Option<Line>,
    metrics: [&'static str; 3],
    labels: Vec<Labels>,
}

/// The processor of a line with what it counts.
type Line = (usize, [f64; 3]);

impl PerProcessor {
    /// Tasks that ran and waited, from `/proc/schedstat`.
    pub(super) fn tasks(root: &Root) -> Self {
        Self {
            file: Kept::new(root.path("proc/schedstat")),
            parse: |_, line| tasks(line),
            metrics: [
                "node_schedstat_running_seconds_total",
                "node_schedstat_waiting_seconds_total",
                "node_schedstat_timeslices_total",
            ],
            labels: Vec::new(),
        }
    }

    /// Packets that came from devices, from `/proc/net/softnet_stat`.
    pub(super) fn packets(root: &Root) -> Self {
        Self {
            file: Kept::new(root.path("proc/net/softnet_stat")),
            parse: packets,
            metrics: [
                "node_softnet_processed_total",
                "node_softnet_dropped_total",
                "node_softnet_times_squeezed_total",
            ],
            labels: Vec::new(),
        }
    }
}

impl Collect for PerProcessor {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let lines = self.file.text()?.lines().enumerate();
        for (cpu, values) in lines.filter_map(|(row, line)| (self.parse)(row, line)) {
            while self.labels.len() <= cpu {
                let next = self.labels.len().to_string();
                self.labels.push(Labels::one("cpu", &next));
            }
            for (metric, value) in self.metrics.iter().zip(values) {
                found.details.labelled(metric, &self.labels[cpu], value);
            }
        }
        Ok(())
    }
}

/// No machine has more processors: a damaged number makes no room for them.
const MOST_PROCESSORS: usize = 1 << 14;

/// `cpuN` and nine numbers: the last three are nanoseconds run and waited, and time slices.
fn tasks(line: &str) -> Option<Line> {
    let mut words = line.strip_prefix("cpu")?.split_ascii_whitespace();
    let cpu = words
        .next()?
        .parse()
        .ok()
        .filter(|it| *it < MOST_PROCESSORS)?;
    let mut numbers = words.skip(6).map(|word| word.parse().ok().map(bytes_f64));
    let mut next = || numbers.next().flatten();
    Some((cpu, [next()? / 1e9, next()? / 1e9, next()?]))
}

/// Hexadecimal columns. Since Linux 5.14 the thirteenth is the processor; before, the row is.
fn packets(row: usize, line: &str) -> Option<Line> {
    let mut numbers = line
        .split_ascii_whitespace()
        .map(|word| u32::from_str_radix(word, 16).ok());
    let mut next = || numbers.next().flatten();
    let values = [next()?, next()?, next()?].map(f64::from);
    let named = numbers.nth(9).flatten();
    let cpu = named
        .and_then(|cpu| usize::try_from(cpu).ok())
        .unwrap_or(row);
    (cpu < MOST_PROCESSORS).then_some((cpu, values))
}

#[cfg(test)]
mod tests {
    use super::{packets, tasks};

    #[test]
    fn tasks_are_counted_in_seconds() {
        for (line, expected) in [
            (
                "cpu3 0 0 0 0 0 0 2500000000 500000000 42",
                Some((3, [2.5, 0.5, 42.0])),
            ),
            ("domain0 00000003 0 0 0", None),
            ("version 17", None),
            ("cpu0 0 0 0 0 0 0 1 2", None),
            ("cpu99999999 0 0 0 0 0 0 1 2 3", None),
        ] {
            assert_eq!(tasks(line), expected, "{line}");
        }
    }

    #[test]
    fn packets_are_counted_in_hexadecimal() {
        let old =
            "0000001f 00000000 00000002 00000000 00000000 00000000 00000000 00000000 00000000";
        let new = format!("{old} 00000000 00000000 00000000 00000005");
        assert_eq!(packets(1, old), Some((1, [31.0, 0.0, 2.0])));
        assert_eq!(packets(1, &new), Some((5, [31.0, 0.0, 2.0])));
        assert_eq!(packets(1, "x y z"), None);
    }
}
