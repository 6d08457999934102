//! Processor time and what else `/proc/stat` counts; never a process's share.

use super::error::ReadError;
use super::found::{Collect, Details, Found};
use super::kept::Kept;
use super::root::Root;
use common::host::{Cpu, CpuModes, CpuTimes};
use common::series::Labels;

/// The processors with their previous counters.
pub(super) struct Processors {
    stat: Kept,
    before: Option<Counters>,
}

/// Time counters of all processors together and of each, in seconds.
#[derive(Debug, Clone, PartialEq, Default)]
struct Counters {
    all: CpuModes,
    each: Vec<CpuTimes>,
    guests: Vec<Guests>,
}

/// Seconds that a processor spent for guests; its other counters contain them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Guests {
    cpu: u32,
    user: f64,
    nice: f64,
}

impl Processors {
    pub(super) fn new(root: &Root) -> Self {
        Self {
            stat: Kept::new(root.path("proc/stat")),
            before: None,
        }
    }
}

impl Collect for Processors {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let known = found.sample.cpu.take();
        let text = self.stat.text()?;
        kernel(text, found);
        let counters = parse(text, ticks_per_second()).ok_or_else(|| self.stat.damaged())?;
        let modes_percent = self
            .before
            .as_ref()
            .and_then(|before| shares(&before.all, &counters.all));
        guests(&counters.guests, &mut found.details);
        found.sample.cpu = Some(Cpu {
            percent: modes_percent.map(|modes| busy(&modes)),
            cores_percent: cores_percent(self.before.as_ref(), &counters),
            modes_percent,
            count: u32::try_from(counters.each.len()).unwrap_or(u32::MAX),
            frequency_mhz: known.and_then(|cpu| cpu.frequency_mhz),
            times: counters.each.clone(),
        });
        self.before = Some(counters);
        Ok(())
    }
}

/// What the lines after those of the processors count.
fn kernel(stat: &str, found: &mut Found) {
    for line in stat.lines().rev() {
        let mut words = line.split_ascii_whitespace();
        let (Some(name), Some(value)) = (words.next(), words.next()) else {
            continue;
        };
        if name.starts_with("cpu") {
            return;
        }
        let metric = match name {
            "ctxt" => "node_context_switches_total",
            "intr" => "node_intr_total",
            "processes" => "node_forks_total",
            "procs_running" => "node_procs_running",
            "procs_blocked" => "node_procs_blocked",
            "btime" => {
                found.sample.boot_time_seconds = value.parse().ok();
                continue;
            }
            _ => continue,
        };
        if let Ok(count) = value.parse() {
            found.details.count(metric, count);
        }
    }
}

fn guests(guests: &[Guests], details: &mut Details) {
    for guest in guests {
        let number = guest.cpu.to_string();
        for (mode, seconds) in [("user", guest.user), ("nice", guest.nice)] {
            let labels = Labels::of(&[("cpu", &number), ("mode", mode)]);
            details.labelled("node_cpu_guest_seconds_total", &labels, seconds);
        }
    }
}

/// Kernel ticks in a second.
pub(super) fn ticks_per_second() -> f64 {
    common::units::bytes_f64(procfs::ticks_per_second())
}

/// Reads the lines `cpu …` and `cpuN …`; `None` when the line of all processors is missing.
fn parse(stat: &str, ticks_per_second: f64) -> Option<Counters> {
    let mut all = None;
    let mut counters = Counters::default();
    for line in stat.lines().take_while(|line| line.starts_with("cpu")) {
        let (name, ticks) = line.split_once(' ')?;
        let mut seconds = ticks.split_ascii_whitespace().map(|ticks| {
            let ticks = ticks.parse::<u64>().ok();
            ticks.map(|ticks| common::units::bytes_f64(ticks) / ticks_per_second)
        });
        let mut next = || seconds.next().flatten();
        let modes = modes(&mut next)?;
        let name = name.strip_prefix("cpu")?;
        if name.is_empty() {
            all = Some(modes);
            continue;
        }
        let cpu = name.parse().ok()?;
        counters.each.push(CpuTimes {
            cpu,
            seconds: modes,
        });
        if let (Some(user), Some(nice)) = (next(), next()) {
            counters.guests.push(Guests { cpu, user, nice });
        }
    }
    counters.all = all?;
    Some(counters)
}

/// Seconds in the kernel's order; kernels before 2.6.11 have no steal.
fn modes(next: &mut impl FnMut() -> Option<f64>) -> Option<CpuModes> {
    Some(CpuModes {
        user: next()?,
        nice: next()?,
        system: next()?,
        idle: next()?,
        iowait: next()?,
        irq: next()?,
        softirq: next()?,
        steal: next().unwrap_or(0.0),
    })
}

/// Where the time between two readings went, in percent; `None` when none passed.
/// A counter that went back (the kernel corrects `iowait`) counts as standing still.
fn shares(before: &CpuModes, now: &CpuModes) -> Option<CpuModes> {
    let grown = |before: f64, now: f64| (now - before).max(0.0);
    let spent = CpuModes {
        user: grown(before.user, now.user),
        nice: grown(before.nice, now.nice),
        system: grown(before.system, now.system),
        idle: grown(before.idle, now.idle),
        iowait: grown(before.iowait, now.iowait),
        irq: grown(before.irq, now.irq),
        softirq: grown(before.softirq, now.softirq),
        steal: grown(before.steal, now.steal),
    };
    let total: f64 = spent.named().iter().map(|(_, seconds)| seconds).sum();
    if total <= 0.0 {
        return None;
    }
    let percent = |seconds: f64| 100.0 * seconds / total;
    Some(CpuModes {
        user: percent(spent.user),
        nice: percent(spent.nice),
        system: percent(spent.system),
        idle: percent(spent.idle),
        iowait: percent(spent.iowait),
        irq: percent(spent.irq),
        softirq: percent(spent.softirq),
        steal: percent(spent.steal),
    })
}

/// All but idling and waiting for disks.
fn busy(modes: &CpuModes) -> f64 {
    (100.0 - modes.idle - modes.iowait).clamp(0.0, 100.0)
}

/// Busy share by processor number; those that are off have a place without a reading.
fn cores_percent(before: Option<&Counters>, now: &Counters) -> Vec<Option<f64>> {
    let places = now
        .each
        .iter()
        .map(|times| times.cpu as usize + 1)
        .max()
        .unwrap_or(0);
    let mut percents = vec![None; places];
    for times in &now.each {
        let earlier = before.and_then(|before| before.each.iter().find(|t| t.cpu == times.cpu));
        percents[times.cpu as usize] = earlier
            .and_then(|earlier| shares(&earlier.seconds, &times.seconds))
            .map(|modes| busy(&modes));
    }
    percents
}

#[cfg(test)]
mod tests {
    use super::{Counters, Guests, busy, cores_percent, kernel, parse, shares};
    use crate::collect::local::found::Found;
    use common::host::CpuModes;

    const STAT: &str = "cpu  121561 200 31563 102053 897 300 249 309 40 0\n\
        cpu0 59604 100 15371 52852 314 150 28 158 20 0\n\
        cpu2 61956 100 16191 49200 582 150 220 151 20 0\n\
        intr 1006558 0 0\nbtime 1764000000\n";

    #[test]
    fn counters_are_read_by_processor_number() {
        let counters = parse(STAT, 100.0).unwrap();
        assert_eq!(
            counters.each.iter().map(|t| t.cpu).collect::<Vec<_>>(),
            [0, 2]
        );
        let expected = CpuModes {
            user: 1215.61,
            nice: 2.0,
            system: 315.63,
            idle: 1020.53,
            iowait: 8.97,
            irq: 3.0,
            softirq: 2.49,
            steal: 3.09,
        };
        assert_eq!(counters.all, expected);
        let guest = Guests {
            cpu: 0,
            user: 0.2,
            nice: 0.0,
        };
        assert_eq!(counters.guests.first(), Some(&guest));
    }

    #[test]
    fn damaged_text_is_no_reading() {
        for text in [
            "",
            "intr 1\n",
            "cpu0 1 2 3 4 5 6 7 8\n",
            "cpu 1 2 x 4 5 6 7\n",
            "cpu 1 2 3\n",
        ] {
            assert_eq!(parse(text, 100.0), None, "{text:?}");
        }
    }

    #[test]
    fn shares_are_of_the_time_between() {
        let none = CpuModes::default();
        for (before, now, percent) in [
            (
                none,
                CpuModes {
                    user: 1.0,
                    idle: 3.0,
                    ..none
                },
                Some(25.0),
            ),
            (
                none,
                CpuModes {
                    system: 1.0,
                    steal: 1.0,
                    iowait: 2.0,
                    ..none
                },
                Some(50.0),
            ),
            (
                CpuModes {
                    iowait: 9.0,
                    ..none
                },
                CpuModes {
                    iowait: 8.0,
                    idle: 1.0,
                    ..none
                },
                Some(0.0),
            ),
            (none, none, None),
        ] {
            assert_eq!(
                shares(&before, &now).map(|modes| busy(&modes)),
                percent,
                "{now:?}"
            );
        }
    }

    #[test]
    fn a_processor_that_is_off_has_no_reading() {
        let before = parse(STAT, 100.0).unwrap();
        let mut now = before.clone();
        now.each[1].seconds.user += 1.0;
        assert_eq!(
            cores_percent(Some(&before), &now),
            [None, None, Some(100.0)]
        );
        assert_eq!(cores_percent(None, &now), [None, None, None]);
        assert_eq!(cores_percent(None, &Counters::default()), []);
    }

    #[test]
    fn the_kernel_counts_more_than_processor_time() {
        let text = "cpu 1 2\nintr 1006558 0 0\nctxt 7\nbtime 1764000000\nprocesses 42\n\
            procs_running 3\nprocs_blocked 0\nsoftirq 1 2\nnew 1\nempty\n";
        let mut found = Found::default();
        kernel(text, &mut found);
        let mut told: Vec<_> = found
            .details
            .into_values()
            .into_iter()
            .map(|it| (it.metric, it.value))
            .collect();
        told.sort_by_key(|(metric, _)| *metric);
        let expected = [
            ("node_context_switches_total", 7.0),
            ("node_forks_total", 42.0),
            ("node_intr_total", 1_006_558.0),
            ("node_procs_blocked", 0.0),
            ("node_procs_running", 3.0),
        ];
        assert_eq!(told, expected);
        assert_eq!(found.sample.boot_time_seconds, Some(1_764_000_000.0));
    }
}
