//! Processes added up: by state, and by watched name; never a single one.

use super::stat::Stat;
use crate::collect::local::found::Details;
use common::host::Process;
use common::series::Labels;
use common::units::bytes_f64;
use std::collections::BTreeSet;

/// States by the kernel's letter: waits for a disk, idle thread of the kernel, runs, sleeps, stopped, zombie.
const STATES: [char; 6] = ['D', 'I', 'R', 'S', 'T', 'Z'];
/// The kernel keeps so much of a name.
const NAME_BYTES: usize = 15;

/// All processes together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    states: [u32; STATES.len()],
    threads: u64,
}

impl Totals {
    /// Counts a process. One that is traced is stopped too.
    pub(super) fn add(&mut self, stat: &Stat<'_>) {
        let letter = stat.state.to_ascii_uppercase();
        if let Some(at) = STATES.iter().position(|state| *state == letter) {
            self.states[at] += 1;
        }
        self.threads += u64::from(stat.threads);
    }

    /// Tells the sums.
    pub(super) fn tell(&self, details: &mut Details) {
        for (state, count) in STATES.iter().zip(self.states) {
            let labels = Labels::one("state", state.encode_utf8(&mut [0; 4]));
            details.labelled("node_processes_state", &labels, count.into());
        }
        details.count("node_processes_threads", self.threads);
    }
}

/// The processes of one watched name.
#[derive(Debug)]
pub(super) struct Watched {
    name: String,
    labels: Labels,
}

impl Watched {
    /// The names to watch.
    pub(super) fn of(names: &BTreeSet<String>) -> Vec<Self> {
        let watched = |name: &String| Self {
            name: name.clone(),
            labels: Labels::one("name", name),
        };
        names.iter().map(watched).collect()
    }

    fn is(&self, process: &Process) -> bool {
        let name = self.name.as_bytes();
        process.name.as_bytes() == &name[..name.len().min(NAME_BYTES)]
    }

    /// Tells the sums of all processes of that name; `open_files` counts those of one.
    /// Without a process there is a count of 0 and nothing else.
    pub(super) fn tell(
        &self,
        processes: &[Process],
        open_files: impl Fn(u32) -> Option<u32>,
        details: &mut Details,
    ) {
        let own: Vec<&Process> = processes.iter().filter(|it| self.is(it)).collect();
        let count = u32::try_from(own.len()).unwrap_or(u32::MAX);
        let sum = |reading: &dyn Fn(&Process) -> Option<f64>| {
            let readings = own.iter().filter_map(|process| reading(process));
            readings.reduce(|all, one| all + one)
        };
        for (metric, value) in [
            ("host_process_instances", Some(f64::from(count))),
            ("host_process_cpu_percent", sum(&|it| it.cpu_percent)),
            (
                "host_process_memory_bytes",
                sum(&|it| Some(bytes_f64(it.memory_bytes))),
            ),
            ("host_process_threads", sum(&|it| it.threads.map(f64::from))),
            (
                "host_process_open_files",
                sum(&|it| open_files(it.pid).map(f64::from)),
            ),
        ] {
            if let Some(value) = value {
                details.labelled(metric, &self.labels, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Watched;
    use crate::collect::local::found::Details;
    use common::host::Process;

    fn process(pid: u32, name: &str, cpu_percent: Option<f64>) -> Process {
        Process {
            pid,
            name: name.into(),
            cpu_percent,
            memory_bytes: 100,
            threads: Some(2),
            ..Process::default()
        }
    }

    #[test]
    fn watched_processes_are_added_up() {
        let processes = [
            process(1, "nginx", Some(1.5)),
            process(2, "nginx", None),
            process(3, "prometheus-node", Some(4.0)),
            process(4, "nginx2", Some(9.0)),
        ];
        let names = ["nginx", "prometheus-node-exporter", "postgres"];
        let told = |watched: &Watched| {
            let mut details = Details::default();
            let open_files = |pid: u32| (pid == 2).then_some(7);
            watched.tell(&processes, open_files, &mut details);
            let values = details.into_values();
            values.into_iter().map(|it| it.value).collect::<Vec<_>>()
        };
        let watched = Watched::of(&names.map(str::to_owned).into());
        let told: Vec<_> = watched.iter().map(told).collect();
        let expected = [
            vec![2.0, 1.5, 200.0, 4.0, 7.0],
            vec![0.0],
            vec![1.0, 4.0, 100.0, 2.0],
        ];
        assert_eq!(told, expected);
    }
}
