//! Which processes are kept; never how they were read.

use common::host::Process;

/// Half of the places go to those with most processor time, the rest to those with most memory;
/// the result is ordered by processor time, then memory.
pub(super) fn busiest(mut processes: Vec<Process>, places: usize) -> Vec<Process> {
    processes.sort_by(by_cpu);
    if processes.len() > places {
        let (_, rest) = processes.split_at_mut(places.div_ceil(2));
        rest.sort_by_key(|process| std::cmp::Reverse(process.memory_bytes));
        processes.truncate(places);
        processes.sort_by(by_cpu);
    }
    processes
}

/// Most processor time first; without a reading last, then most memory, then the lowest number.
fn by_cpu(a: &Process, b: &Process) -> std::cmp::Ordering {
    let cpu = |process: &Process| process.cpu_percent.unwrap_or(-1.0);
    cpu(b)
        .total_cmp(&cpu(a))
        .then(b.memory_bytes.cmp(&a.memory_bytes))
        .then(a.pid.cmp(&b.pid))
}

#[cfg(test)]
mod tests {
    use super::busiest;
    use common::host::Process;

    #[test]
    fn places_are_shared_by_cpu_and_memory() {
        let all: Vec<Process> = [
            (1, None, 900),
            (2, Some(5.0), 10),
            (3, Some(0.0), 800),
            (4, Some(50.0), 1),
            (5, Some(0.0), 5),
        ]
        .map(|(pid, cpu_percent, memory_bytes)| Process {
            pid,
            cpu_percent,
            memory_bytes,
            ..Process::default()
        })
        .into();
        for (places, expected) in [
            (10, &[4, 2, 3, 5, 1][..]),
            (4, &[4, 2, 3, 1]),
            (3, &[4, 2, 1]),
            (1, &[4]),
            (0, &[]),
        ] {
            let pids: Vec<u32> = busiest(all.clone(), places).iter().map(|p| p.pid).collect();
            assert_eq!(pids, expected, "{places} places");
        }
    }
}
