//! How long tasks waited for a resource, from `/proc/pressure`; never which tasks.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::Kept;
use super::root::Root;
use common::series::Labels;
use common::units::bytes_f64;

/// A resource with the metrics of waiting (some task) and stalling (all tasks).
struct Resource {
    file: Kept,
    labels: Labels,
    waiting: Option<&'static str>,
    stalled: Option<&'static str>,
}

/// The pressure on all resources.
pub(super) struct Pressure(Vec<Resource>);

/// For the whole host the kernel tells nothing of tasks that all stall for a processor,
/// nor of single ones that wait for interrupts.
const RESOURCES: &[(&str, Option<&str>, Option<&str>)] = &[
    ("cpu", Some("node_pressure_cpu_waiting_seconds_total"), None),
    (
        "io",
        Some("node_pressure_io_waiting_seconds_total"),
        Some("node_pressure_io_stalled_seconds_total"),
    ),
    ("irq", None, Some("node_pressure_irq_stalled_seconds_total")),
    (
        "memory",
        Some("node_pressure_memory_waiting_seconds_total"),
        Some("node_pressure_memory_stalled_seconds_total"),
    ),
];

impl Pressure {
    pub(super) fn new(root: &Root) -> Self {
        let resource = |(name, waiting, stalled): &(&str, Option<&'static str>, _)| Resource {
            file: Kept::new(root.path(&format!("proc/pressure/{name}"))),
            labels: Labels::one("resource", name),
            waiting: *waiting,
            stalled: *stalled,
        };
        Self(RESOURCES.iter().map(resource).collect())
    }
}

impl Collect for Pressure {
    /// Kernels before 6.1 tell nothing of interrupts, those before 4.20 nothing at all.
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let mut result = Err(ReadError::Absent);
        for resource in &mut self.0 {
            match resource.read(found) {
                Err(ReadError::Absent) => {}
                told => result = told,
            }
        }
        result
    }
}

impl Resource {
    fn read(&mut self, found: &mut Found) -> Result<(), ReadError> {
        for line in self.file.text()?.lines().filter_map(parse) {
            let (total, share) = match line.kind {
                "some" => (self.waiting, "host_pressure_some_percent"),
                _ => (self.stalled, "host_pressure_full_percent"),
            };
            if let Some(total) = total {
                found.details.plain(total, line.total_seconds);
                let percent = line.percent;
                found.details.labelled(share, &self.labels, percent);
            }
        }
        Ok(())
    }
}

/// A line of a resource.
#[derive(Debug, PartialEq)]
struct Line<'a> {
    kind: &'a str,
    /// Of the last 10 seconds.
    percent: f64,
    total_seconds: f64,
}

fn parse(line: &str) -> Option<Line<'_>> {
    let mut words = line.split_ascii_whitespace();
    let kind = words.next()?;
    let (mut percent, mut total) = (None, None);
    for word in words {
        match word.split_once('=')? {
            ("avg10", share) => percent = share.parse().ok(),
            ("total", microseconds) => total = microseconds.parse().ok(),
            _ => {}
        }
    }
    Some(Line {
        kind,
        percent: percent?,
        total_seconds: bytes_f64(total?) / 1e6,
    })
}

#[cfg(test)]
mod tests {
    use super::{Line, parse};

    #[test]
    fn shares_and_totals_are_read() {
        let text = "some avg10=1.25 avg60=0.50 avg300=0.00 total=2500000";
        let line = Line {
            kind: "some",
            percent: 1.25,
            total_seconds: 2.5,
        };
        assert_eq!(parse(text), Some(line));
        for damaged in ["", "some", "some avg10=x total=1", "full total=1"] {
            assert_eq!(parse(damaged), None, "{damaged:?}");
        }
    }
}
