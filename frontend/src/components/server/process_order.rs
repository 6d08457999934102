//! In which order processes stand: by a column, and still while somebody points at them; pure.

use crate::sorting::sort_by;
use std::cmp::Ordering;

use common::host::Process;

/// A column that can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The program's name.
    Name,
    /// The process number.
    Pid,
    /// Whom it belongs to.
    User,
    /// Processor time.
    Cpu,
    /// Resident memory.
    Memory,
    /// Threads.
    Threads,
    /// Open files.
    Files,
}

/// A column and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The column.
    pub column: Column,
    /// The largest first.
    pub descending: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self {
            column: Column::Cpu,
            descending: true,
        }
    }
}

impl Order {
    /// The order after a press on the head of `column`: numbers begin with the largest.
    #[must_use]
    pub fn pressed(self, column: Column) -> Self {
        if self.column == column {
            Self {
                column,
                descending: !self.descending,
            }
        } else {
            Self {
                column,
                descending: !matches!(column, Column::Name | Column::Pid | Column::User),
            }
        }
    }

    fn compare(self, a: &Process, b: &Process) -> Ordering {
        let natural = match self.column {
            Column::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            Column::Pid => a.pid.cmp(&b.pid),
            Column::User => a.user.cmp(&b.user),
            Column::Cpu => compare_readings(a.cpu_percent, b.cpu_percent),
            Column::Memory => a.memory_bytes.cmp(&b.memory_bytes),
            Column::Threads => a.threads.cmp(&b.threads),
            Column::Files => a.open_files.cmp(&b.open_files),
        };
        let directed = if self.descending {
            natural.reverse()
        } else {
            natural
        };
        // Equal rows keep one order, or they would change places each second.
        directed.then(a.pid.cmp(&b.pid))
    }
}

/// What was not read stands below everything.
fn compare_readings(a: Option<f64>, b: Option<f64>) -> Ordering {
    let number = |reading: Option<f64>| reading.unwrap_or(f64::NEG_INFINITY);
    number(a).total_cmp(&number(b))
}

/// The process numbers in the order of their rows. While `held`, those that were there keep their
/// place and new ones come below.
pub fn arrange(before: &[u32], processes: &[Process], order: Order, held: bool) -> Vec<u32> {
    let mut sorted: Vec<&Process> = processes.iter().collect();
    sort_by(&mut sorted, |a, b| order.compare(a, b));
    let pids = sorted.into_iter().map(|process| process.pid);
    if !held {
        return pids.collect();
    }
    let mut kept: Vec<u32> = before.to_vec();
    kept.retain(|pid| processes.iter().any(|process| process.pid == *pid));
    for pid in pids {
        if !kept.contains(&pid) {
            kept.push(pid);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Column, Order, arrange};
    use common::host::Process;

    fn process(pid: u32, cpu: Option<f64>, name: &str) -> Process {
        Process {
            pid,
            cpu_percent: cpu,
            name: name.to_owned(),
            ..Process::default()
        }
    }

    fn some() -> Vec<Process> {
        vec![
            process(3, Some(5.0), "b"),
            process(1, None, "C"),
            process(2, Some(9.0), "a"),
            process(4, Some(5.0), "d"),
        ]
    }

    #[test]
    fn rows_are_sorted_and_equal_ones_stay_in_place() {
        let cpu = Order::default();
        let name = cpu.pressed(Column::Name);
        for (order, expected) in [
            (cpu, [2, 3, 4, 1]),
            (cpu.pressed(Column::Cpu), [1, 3, 4, 2]),
            (name, [2, 3, 1, 4]),
            (name.pressed(Column::Name), [4, 1, 3, 2]),
            (cpu.pressed(Column::Pid), [1, 2, 3, 4]),
        ] {
            assert_eq!(arrange(&[], &some(), order, false), expected, "{order:?}");
        }
    }

    #[test]
    fn nothing_moves_under_the_pointer() {
        let order = Order::default();
        assert_eq!(arrange(&[1, 7, 4], &some(), order, true), [1, 4, 2, 3]);
    }
}
