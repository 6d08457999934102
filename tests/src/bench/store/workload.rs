//! Workload T: the same samples for everybody, deterministic by seed; never a clock, never a store.
//!
//! A host has 100 series, in classes as a real host has them. Each class is told by what an hour of it
//! takes by `pco` alone at level 8, in bytes a sample; all together 0.93.

/// Series of a host.
pub(in crate::bench) const SERIES: usize = 100;
const SEED: u64 = 0x7EA5_0F0F_0BE1_1A5E;

/// How the values of a series behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Around a slowly moving level, two decimals; 1.29.
    Percent,
    /// Memory in pages that drifts; 0.67.
    Bytes,
    /// A counter that rises each second by another amount; 1.69.
    Busy,
    /// A counter that rises now and then; 0.29.
    Idle,
    /// Never changes.
    Constant,
    /// Another value each 20 s or so; 0.15.
    Sparse,
    /// 0 to 3; 0.2.
    Small,
}

/// Class, metric, and how many series of a host are of it.
const CLASSES: [(Class, &str, usize); 7] = [
    (Class::Percent, "bench_percent", 25),
    (Class::Bytes, "bench_bytes", 20),
    (Class::Busy, "bench_busy_total", 25),
    (Class::Idle, "bench_idle_total", 10),
    (Class::Constant, "bench_constant", 10),
    (Class::Sparse, "bench_sparse", 5),
    (Class::Small, "bench_small", 5),
];

/// How much there is of it.
#[derive(Debug, Clone, Copy)]
pub(in crate::bench) struct Size {
    pub(in crate::bench) hosts: usize,
    pub(in crate::bench) seconds: usize,
}

impl Size {
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub(in crate::bench) fn samples(self) -> f64 {
        (self.hosts * self.seconds * SERIES) as f64
    }
}

/// Metric and label `part` of each series of a host, in the order of its values.
pub(in crate::bench) fn names() -> Vec<(&'static str, String)> {
    let classes = CLASSES.iter();
    classes
        .flat_map(|(_, metric, count)| (0..*count).map(|part| (*metric, format!("{part:02}"))))
        .collect()
}

/// The name of a host, which is the label `server`.
pub(in crate::bench) fn host_name(host: usize) -> String {
    format!("host-{host:03}")
}

/// One host.
#[derive(Debug)]
struct Host {
    random: u64,
    values: [f64; SERIES],
}

/// All hosts, second by second.
#[derive(Debug)]
pub(in crate::bench) struct Workload {
    hosts: Vec<Host>,
    classes: Vec<Class>,
}

impl Workload {
    pub(in crate::bench) fn new(hosts: usize) -> Self {
        let classes = CLASSES.iter();
        let classes = classes.flat_map(|(class, _, count)| std::iter::repeat_n(*class, *count));
        let classes: Vec<Class> = classes.collect();
        let host = |number: usize| {
            let mut random = SEED ^ (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let mut values = [0.0; SERIES];
            for (value, class) in values.iter_mut().zip(&classes) {
                *value = first(*class, next(&mut random));
            }
            Host { random, values }
        };
        Self {
            hosts: (0..hosts).map(host).collect(),
            classes,
        }
    }

    /// The values of the next second of a host, in the order of [`names`].
    pub(in crate::bench) fn next(&mut self, host: usize) -> &[f64; SERIES] {
        let Host { random, values } = &mut self.hosts[host];
        for (value, class) in values.iter_mut().zip(&self.classes) {
            *value = after(*class, *value, next(random));
        }
        values
    }
}

/// The next random number (splitmix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// About a normal distribution with deviation 1: four dice from one number.
fn normal(random: u64) -> f64 {
    let dice =
        (0..4).map(|at| f64::from(u16::try_from((random >> (16 * at)) & 0xFFFF).unwrap_or(0)));
    (dice.sum::<f64>() / 65_536.0 - 2.0) * 1.732
}

/// A number below `bound`.
fn below(random: u64, bound: u32) -> u32 {
    u32::try_from(((random >> 32) * u64::from(bound)) >> 32).unwrap_or(0)
}

fn first(class: Class, random: u64) -> f64 {
    let start = f64::from(below(random, 1_000_000));
    match class {
        Class::Percent => 40.0,
        Class::Bytes => (start + 100_000.0) * 4_096.0,
        Class::Busy => start * 1_000.0,
        Class::Idle | Class::Constant | Class::Sparse => start,
        Class::Small => 1.0,
    }
}

fn after(class: Class, value: f64, random: u64) -> f64 {
    match class {
        Class::Percent => {
            let level = 40.0 + 0.3 * (value - 40.0);
            ((level + 1.65 * normal(random)) * 100.0).round() / 100.0
        }
        Class::Bytes => value + (8.2 * normal(random)).round() * 4_096.0,
        Class::Busy => value + (20_000.0 + 1_750.0 * normal(random)).round(),
        Class::Idle => match below(random, 10) {
            0..=3 => value + 1.0 + f64::from(below(random << 32, 6)),
            _ => value,
        },
        Class::Constant => value,
        Class::Sparse => match below(random, 20) {
            0 => f64::from(below(random << 32, 1_000)),
            _ => value,
        },
        Class::Small => match below(random, 100) {
            0..=59 => 1.0,
            60..=84 => 2.0,
            85..=94 => 3.0,
            _ => 0.0,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(values: &[f64; SERIES]) -> Vec<u64> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn everybody_gets_the_same() {
        let (mut one, mut other) = (Workload::new(3), Workload::new(2));
        for _ in 0..10 {
            assert_eq!(bits(one.next(1)), bits(other.next(1)));
        }
        assert_ne!(bits(one.next(0)), bits(one.next(1)));
        assert_eq!(names().len(), SERIES);
    }

    #[test]
    fn counters_rise_and_percentages_stay() {
        let mut workload = Workload::new(1);
        let mut before = *workload.next(0);
        for _ in 0..500 {
            let now = *workload.next(0);
            for ((metric, _), (before, now)) in names().iter().zip(before.iter().zip(&now)) {
                match *metric {
                    "bench_percent" => assert!((0.0..=100.0).contains(now), "{now}"),
                    "bench_busy_total" => assert!(now > before, "{before} {now}"),
                    "bench_idle_total" => assert!(now >= before, "{before} {now}"),
                    _ => {}
                }
            }
            before = now;
        }
    }
}
