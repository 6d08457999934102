//! Frequencies of the processors; never what they do.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::{self, entries};
use super::root::Root;
use common::series::Labels;
use common::units::bytes_f64;

/// The frequencies, where the kernel or the processor tells them.
pub(super) struct Frequencies {
    root: Root,
}

/// Files of a processor with the metrics that they are; the kernel counts in kHz.
const FILES: &[(&str, &str)] = &[
    ("scaling_cur_freq", "node_cpu_scaling_frequency_hertz"),
    ("scaling_max_freq", "node_cpu_scaling_frequency_max_hertz"),
    ("scaling_min_freq", "node_cpu_scaling_frequency_min_hertz"),
];

impl Frequencies {
    pub(super) fn new(root: &Root) -> Self {
        Self { root: root.clone() }
    }

    /// Reads what the governor of each processor says; the current frequencies in MHz.
    fn governed(&self, found: &mut Found) -> Vec<f64> {
        let processors = self.root.path("sys/devices/system/cpu");
        let mut current = Vec::new();
        for name in entries(&processors).unwrap_or_default() {
            let Some(cpu) = name.strip_prefix("cpu").filter(|it| is_number(it)) else {
                continue;
            };
            let labels = Labels::one("cpu", cpu);
            for (file, metric) in FILES {
                let path = processors.join(&name).join("cpufreq").join(file);
                let Some(khz) = kept::number(&path).map(bytes_f64) else {
                    continue;
                };
                found.details.labelled(metric, &labels, khz * 1e3);
                if *file == "scaling_cur_freq" {
                    current.push(khz / 1e3);
                }
            }
        }
        current
    }
}

impl Collect for Frequencies {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let mut mhz = self.governed(found);
        if mhz.is_empty() {
            let told = kept::once(&self.root.path("proc/cpuinfo")).unwrap_or_default();
            mhz = cpuinfo(&told);
        }
        let mean = mean(&mhz);
        if let Some(cpu) = &mut found.sample.cpu {
            cpu.frequency_mhz = mean;
        }
        let mean = mean.ok_or(ReadError::Absent)?;
        found.details.plain("host_cpu_frequency_hertz", mean * 1e6);
        Ok(())
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What `/proc/cpuinfo` says where nothing governs the frequency, as in a virtual machine.
fn cpuinfo(text: &str) -> Vec<f64> {
    text.lines()
        .filter_map(|line| line.strip_prefix("cpu MHz")?.split_once(':'))
        .filter_map(|(_, mhz)| mhz.trim().parse().ok())
        .collect()
}

fn mean(readings: &[f64]) -> Option<f64> {
    let count = u32::try_from(readings.len()).ok().filter(|it| *it > 0)?;
    Some(readings.iter().sum::<f64>() / f64::from(count))
}

#[cfg(test)]
mod tests {
    use super::{cpuinfo, mean};

    #[test]
    fn the_mean_is_of_what_is_told() {
        let text = "processor\t: 0\ncpu MHz\t\t: 2000.000\n\nprocessor\t: 1\ncpu MHz\t\t: 3000.5\n";
        assert_eq!(mean(&cpuinfo(text)), Some(2500.25));
        assert_eq!(mean(&cpuinfo("processor\t: 0\nBogoMIPS\t: 108.00\n")), None);
    }
}
