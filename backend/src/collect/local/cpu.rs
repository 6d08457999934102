//! Processor time from `/proc/stat`, frequency from sysinfo; never a process's share.

use super::text;
use common::host::{Cpu, CpuModes, CpuTimes};

/// The processors with their previous counters.
#[derive(Default)]
pub(super) struct Processors {
    buffer: String,
    system: Option<sysinfo::System>,
    frequency_mhz: Option<f64>,
    before: Option<Counters>,
}

/// Time counters of all processors together and of each, in seconds.
#[derive(Debug, Clone, PartialEq, Default)]
struct Counters {
    all: CpuModes,
    each: Vec<CpuTimes>,
}

impl Processors {
    /// Reads the counters; `None` when the kernel does not give them.
    pub(super) fn read(&mut self) -> Option<Cpu> {
        let counters = parse(
            text::read("/proc/stat", &mut self.buffer)?,
            ticks_per_second(),
        )?;
        let modes_percent = self
            .before
            .as_ref()
            .and_then(|before| shares(&before.all, &counters.all));
        let cpu = Cpu {
            percent: modes_percent.map(|modes| busy(&modes)),
            cores_percent: cores_percent(self.before.as_ref(), &counters),
            modes_percent,
            count: u32::try_from(counters.each.len()).unwrap_or(u32::MAX),
            frequency_mhz: self.frequency_mhz,
            times: counters.each.clone(),
        };
        self.before = Some(counters);
        Some(cpu)
    }

    /// Reads the mean frequency, which the next samples carry.
    pub(super) fn refresh_frequency(&mut self) {
        if self.system.is_none() {
            self.system = sysinfo::System::new().ok();
        }
        let Some(system) = &mut self.system else {
            return;
        };
        system.refresh_cpu_frequency();
        let mut told = system
            .cpus()
            .iter()
            .map(sysinfo::Cpu::frequency)
            .filter(|mhz| *mhz > 0)
            .peekable();
        self.frequency_mhz = told.peek().is_some().then(|| {
            let (sum, count) = told.fold((0.0, 0.0), |(sum, count), mhz| {
                (sum + common::units::bytes_f64(mhz), count + 1.0)
            });
            sum / count
        });
    }
}

/// Kernel ticks in a second.
pub(super) fn ticks_per_second() -> f64 {
    common::units::bytes_f64(procfs::ticks_per_second())
}

/// Reads the lines `cpu …` and `cpuN …`; `None` when the line of all processors is missing.
fn parse(stat: &str, ticks_per_second: f64) -> Option<Counters> {
    let mut all = None;
    let mut each = Vec::new();
    for line in stat.lines().take_while(|line| line.starts_with("cpu")) {
        let (name, ticks) = line.split_once(' ')?;
        let seconds = modes(ticks, ticks_per_second)?;
        match name.strip_prefix("cpu")? {
            "" => all = Some(seconds),
            number => each.push(CpuTimes {
                cpu: number.parse().ok()?,
                seconds,
            }),
        }
    }
    Some(Counters { all: all?, each })
}

/// Ticks in the kernel's order; kernels before 2.6.11 have no steal.
fn modes(ticks: &str, ticks_per_second: f64) -> Option<CpuModes> {
    let mut seconds = ticks.split_ascii_whitespace().map(|ticks| {
        ticks
            .parse::<u64>()
            .ok()
            .map(|ticks| common::units::bytes_f64(ticks) / ticks_per_second)
    });
    let mut next = || seconds.next().flatten();
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
    use super::{Counters, busy, cores_percent, parse, shares};
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
}
