//! The curves of the page as sums of stored series, the same for history and live samples; pure.

use common::host::HostSample;
use common::metric::flatten;

/// A curve of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reading {
    /// Busy share of all processors.
    CpuTotal,
    /// Share of time in programs.
    CpuUser,
    /// Share of time in the kernel.
    CpuSystem,
    /// Share of time waiting for disks.
    CpuIowait,
    /// Busy share of one processor.
    Core(u32),
    /// Memory that cannot be had without swapping.
    MemoryUsed,
    /// Page cache and buffers.
    MemoryCache,
    /// All memory.
    MemoryTotal,
    /// Swap space in use.
    SwapUsed,
    /// Bytes read from all disks each second.
    DiskRead,
    /// Bytes written to all disks each second.
    DiskWritten,
    /// Bytes received each second.
    NetworkIn,
    /// Bytes sent each second.
    NetworkOut,
    /// Load average of one minute.
    Load1,
    /// Load average of five minutes.
    Load5,
    /// Load average of fifteen minutes.
    Load15,
}

/// The metric of the single processors.
pub const CORES: &str = "host_cpu_core_usage_percent";

/// The metrics that the curves are made of.
pub const METRICS: [&str; 16] = [
    "host_cpu_usage_percent",
    "host_cpu_mode_percent",
    CORES,
    "node_memory_MemTotal_bytes",
    "node_memory_MemAvailable_bytes",
    "node_memory_Cached_bytes",
    "node_memory_Buffers_bytes",
    "node_memory_SwapTotal_bytes",
    "node_memory_SwapFree_bytes",
    "host_disk_read_bytes_per_second",
    "host_disk_written_bytes_per_second",
    "host_network_receive_bytes_per_second",
    "host_network_transmit_bytes_per_second",
    "node_load1",
    "node_load5",
    "node_load15",
];

/// A series as one part of curves: added or taken away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The curve.
    pub reading: Reading,
    /// 1 or −1.
    pub sign: f64,
}

/// The parts that a series plays; `label` is the value of its only label, if it has one.
pub fn parts(metric: &str, label: Option<&str>) -> Vec<Part> {
    use Reading as R;
    let plus = |reading| vec![Part { reading, sign: 1.0 }];
    let minus = |reading| Part {
        reading,
        sign: -1.0,
    };
    match metric {
        "host_cpu_usage_percent" => plus(R::CpuTotal),
        "host_cpu_mode_percent" => match label {
            Some("user" | "nice") => plus(R::CpuUser),
            Some("system" | "irq" | "softirq") => plus(R::CpuSystem),
            Some("iowait") => plus(R::CpuIowait),
            _ => Vec::new(),
        },
        CORES => label
            .and_then(|cpu| cpu.parse().ok())
            .map_or_else(Vec::new, |cpu| plus(R::Core(cpu))),
        "node_memory_MemTotal_bytes" => {
            let mut both = plus(R::MemoryTotal);
            both.extend(plus(R::MemoryUsed));
            both
        }
        "node_memory_MemAvailable_bytes" => vec![minus(R::MemoryUsed)],
        "node_memory_Cached_bytes" | "node_memory_Buffers_bytes" => plus(R::MemoryCache),
        "node_memory_SwapTotal_bytes" => plus(R::SwapUsed),
        "node_memory_SwapFree_bytes" => vec![minus(R::SwapUsed)],
        "host_disk_read_bytes_per_second" => plus(R::DiskRead),
        "host_disk_written_bytes_per_second" => plus(R::DiskWritten),
        "host_network_receive_bytes_per_second" => plus(R::NetworkIn),
        "host_network_transmit_bytes_per_second" => plus(R::NetworkOut),
        "node_load1" => plus(R::Load1),
        "node_load5" => plus(R::Load5),
        "node_load15" => plus(R::Load15),
        _ => Vec::new(),
    }
}

/// Whether the curve is a difference, and says nothing when a part is missing.
const fn needs_both(reading: Reading) -> bool {
    matches!(reading, Reading::MemoryUsed | Reading::SwapUsed)
}

/// The value of a curve at one moment, from the parts as they come.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sum {
    plus: Option<f64>,
    minus: Option<f64>,
}

impl Sum {
    /// Adds a part.
    pub fn add(&mut self, sign: f64, value: f64) {
        let side = if sign > 0.0 {
            &mut self.plus
        } else {
            &mut self.minus
        };
        *side = Some(side.unwrap_or(0.0) + value);
    }

    /// The value; `None` when a part that it needs was missing.
    pub fn value(self, reading: Reading) -> Option<f64> {
        if needs_both(reading) {
            self.plus.zip(self.minus).map(|(plus, minus)| plus - minus)
        } else {
            self.plus
        }
    }
}

/// The curves' values in a live sample; a curve that is not there was not read.
pub fn of_sample(sample: &HostSample) -> Vec<(Reading, f64)> {
    let mut sums: Vec<(Reading, Sum)> = Vec::new();
    for value in flatten(sample, None) {
        let label = value.labels.iter().next().map(|(_, value)| value);
        for part in parts(value.metric, label) {
            let known = sums
                .iter()
                .position(|(reading, _)| *reading == part.reading);
            let index = known.unwrap_or_else(|| {
                sums.push((part.reading, Sum::default()));
                sums.len() - 1
            });
            sums[index].1.add(part.sign, value.value);
        }
    }
    let valued = |(reading, sum): (Reading, Sum)| Some((reading, sum.value(reading)?));
    sums.into_iter().filter_map(valued).collect()
}

#[cfg(test)]
mod tests {
    use super::{METRICS, Reading, of_sample, parts};
    use common::host::{Cpu, CpuModes, HostSample, Memory};
    use common::metric::CATALOGUE;

    #[test]
    fn every_metric_is_in_the_catalogue() {
        for metric in METRICS {
            assert!(CATALOGUE.iter().any(|it| it.name == metric), "{metric}");
        }
    }

    #[test]
    fn a_live_sample_gives_the_same_curves_as_history() {
        let sample = HostSample {
            cpu: Some(Cpu {
                percent: Some(34.0),
                cores_percent: vec![Some(30.0), None, Some(38.0)],
                modes_percent: Some(CpuModes {
                    user: 20.0,
                    nice: 4.0,
                    softirq: 1.0,
                    system: 9.0,
                    ..CpuModes::default()
                }),
                ..Cpu::default()
            }),
            memory: Some(Memory {
                total_bytes: 1_000,
                available_bytes: 400,
                used_bytes: 600,
                cached_bytes: Some(250),
                ..Memory::default()
            }),
            ..HostSample::default()
        };
        let readings = of_sample(&sample);
        for (reading, expected) in [
            (Reading::CpuTotal, Some(34.0)),
            (Reading::CpuUser, Some(24.0)),
            (Reading::CpuSystem, Some(10.0)),
            (Reading::Core(0), Some(30.0)),
            (Reading::Core(1), None),
            (Reading::Core(2), Some(38.0)),
            (Reading::MemoryUsed, Some(600.0)),
            (Reading::MemoryCache, Some(250.0)),
            (Reading::SwapUsed, None),
            (Reading::NetworkIn, None),
        ] {
            let found = readings.iter().find(|it| it.0 == reading).map(|it| it.1);
            assert_eq!(found, expected, "{reading:?}");
        }
    }

    #[test]
    fn what_no_curve_needs_plays_no_part() {
        assert!(parts("host_cpu_mode_percent", Some("idle")).is_empty());
        assert!(parts("node_sockstat_TCP_tw", None).is_empty());
    }
}
