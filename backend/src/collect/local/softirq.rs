//! Work that the kernel puts off from its interrupts, by kind and processor; never which work.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::Kept;
use super::root::Root;
use common::series::Labels;

/// The table `/proc/softirqs`: a column for each processor.
pub(super) struct SoftInterrupts {
    file: Kept,
    /// The labels of each number, in the order of the table.
    labels: Vec<Labels>,
}

impl SoftInterrupts {
    pub(super) fn new(root: &Root) -> Self {
        Self {
            file: Kept::new(root.path("proc/softirqs")),
            labels: Vec::new(),
        }
    }
}

impl Collect for SoftInterrupts {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let text = self.file.text()?;
        let count = text.lines().skip(1).flat_map(numbers).count();
        if count != self.labels.len() {
            self.labels = labels(text);
        }
        let counts = text.lines().skip(1).flat_map(numbers);
        for (labels, count) in self.labels.iter().zip(counts) {
            found
                .details
                .labelled("node_softirqs_functions_total", labels, count);
        }
        Ok(())
    }
}

fn labels(text: &str) -> Vec<Labels> {
    let mut lines = text.lines();
    let head = lines.next().unwrap_or_default();
    let processors: Vec<&str> = head
        .split_ascii_whitespace()
        .filter_map(|name| name.strip_prefix("CPU"))
        .collect();
    lines
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(kind, _)| {
            let processors = processors.iter();
            processors.map(|cpu| Labels::of(&[("cpu", *cpu), ("type", kind.trim())]))
        })
        .collect()
}

fn numbers(line: &str) -> impl Iterator<Item = f64> + '_ {
    let numbers = line.split_once(':').map_or("", |(_, numbers)| numbers);
    numbers
        .split_ascii_whitespace()
        .filter_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::{labels, numbers};

    #[test]
    fn each_number_has_its_processor_and_kind() {
        let text = "                    CPU0       CPU2\n          HI:          1          2\n   \
            NET_TX:          3          4\n";
        let told: Vec<String> = labels(text).iter().map(ToString::to_string).collect();
        let expected = [
            "cpu=\"0\",type=\"HI\"",
            "cpu=\"2\",type=\"HI\"",
            "cpu=\"0\",type=\"NET_TX\"",
            "cpu=\"2\",type=\"NET_TX\"",
        ];
        assert_eq!(told, expected);
        let counts: Vec<f64> = text.lines().skip(1).flat_map(numbers).collect();
        assert_eq!(counts, [1.0, 2.0, 3.0, 4.0]);
    }
}
