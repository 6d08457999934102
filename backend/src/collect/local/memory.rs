//! Memory and swap from `/proc/meminfo`; never a process's part.

use super::error::ReadError;
use super::found::{Collect, Details, Found, Named};
use super::kept::Kept;
use super::root::Root;
use common::host::{Memory, Swap};
use common::units::{bytes_f64, percent};

/// What the sample carries; the rest goes to series only.
const IN_SAMPLE: &[&str] = &[
    "MemTotal",
    "MemAvailable",
    "MemFree",
    "Cached",
    "Buffers",
    "SwapTotal",
    "SwapFree",
];

/// The memory with the names of its metrics.
pub(super) struct Amounts {
    meminfo: Kept,
    bytes: Named,
    counts: Named,
}

impl Amounts {
    pub(super) fn new(root: &Root) -> Self {
        let kernel = |name: &str| match name.split_once('_') {
            Some((of, what)) if ["anon", "file"].contains(&what) => format!("{of}({what})"),
            _ => name.to_owned(),
        };
        Self {
            meminfo: Kept::new(root.path("proc/meminfo")),
            bytes: Named::of("node_memory_", "_bytes", IN_SAMPLE).renamed(kernel),
            counts: Named::of("node_memory_", "", &[]),
        }
    }
}

impl Collect for Amounts {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        (found.sample.memory, found.sample.swap) = (None, None);
        let told = parse(self.meminfo.text()?, |name, value, has_unit| {
            let named = if has_unit { &self.bytes } else { &self.counts };
            tell(named, name, value, &mut found.details);
        });
        let (memory, swap) = told
            .and_then(|told| told.sample())
            .ok_or_else(|| self.meminfo.damaged())?;
        (found.sample.memory, found.sample.swap) = (Some(memory), Some(swap));
        Ok(())
    }
}

fn tell(named: &Named, name: &str, value: u64, details: &mut Details) {
    if let Some(metric) = named.metric(name) {
        details.count(metric, value);
    }
}

/// The lines that the sample is made of, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Told {
    total: Option<u64>,
    available: Option<u64>,
    free: Option<u64>,
    cached: Option<u64>,
    buffers: Option<u64>,
    swap_total: Option<u64>,
    swap_free: Option<u64>,
}

/// Reads all lines; each also goes to `also` with its name, its value (in bytes where the kernel gives
/// a unit) and whether there was a unit. `None` when a line is damaged.
fn parse(text: &str, mut also: impl FnMut(&str, u64, bool)) -> Option<Told> {
    let mut told = Told::default();
    for line in text.lines() {
        let (name, rest) = line.split_once(':')?;
        let mut words = rest.split_ascii_whitespace();
        let number: u64 = words.next()?.parse().ok()?;
        let has_unit = words.next() == Some("kB");
        let value = if has_unit {
            number.saturating_mul(1024)
        } else {
            number
        };
        match name {
            "MemTotal" => told.total = Some(value),
            "MemAvailable" => told.available = Some(value),
            "MemFree" => told.free = Some(value),
            "Cached" => told.cached = Some(value),
            "Buffers" => told.buffers = Some(value),
            "SwapTotal" => told.swap_total = Some(value),
            "SwapFree" => told.swap_free = Some(value),
            _ => also(name, value, has_unit),
        }
    }
    Some(told)
}

impl Told {
    /// Kernels before 3.14 do not say what is available: free, cache and buffers stand for it.
    /// `None` when the size of the memory is missing.
    fn sample(&self) -> Option<(Memory, Swap)> {
        let (total, free) = (self.total?, self.free?);
        let reclaimable = |bytes: Option<u64>| bytes.unwrap_or(0);
        let available = self
            .available
            .unwrap_or_else(|| {
                free.saturating_add(reclaimable(self.cached))
                    .saturating_add(reclaimable(self.buffers))
            })
            .min(total);
        let used = total - available;
        let memory = Memory {
            total_bytes: total,
            used_bytes: used,
            available_bytes: available,
            percent: percent(bytes_f64(used), bytes_f64(total)),
            free_bytes: self.free,
            cached_bytes: self.cached,
            buffers_bytes: self.buffers,
        };
        // A kernel that is built without swap names none.
        let (swap, swap_free) = (self.swap_total.unwrap_or(0), self.swap_free.unwrap_or(0));
        let swapped = swap.saturating_sub(swap_free);
        let swap = Swap {
            total_bytes: swap,
            used_bytes: swapped,
            free_bytes: swap_free,
            percent: percent(bytes_f64(swapped), bytes_f64(swap)),
        };
        Some((memory, swap))
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn text(available: &str, swap_total: u64, swap_free: u64) -> String {
        format!(
            "MemTotal: 1000 kB\nMemFree: 100 kB\n{available}Buffers: 50 kB\nCached: 250 kB\n\
             SwapTotal: {swap_total} kB\nSwapFree: {swap_free} kB\n"
        )
    }

    #[test]
    fn used_is_what_is_not_available() {
        for (available, swap, used_kib, swap_percent) in [
            ("MemAvailable: 600 kB\n", (200, 150), 400, Some(25.0)),
            ("", (0, 0), 600, None),
            ("MemAvailable: 2000 kB\n", (0, 0), 0, None),
        ] {
            let told = parse(&text(available, swap.0, swap.1), |_, _, _| {}).unwrap();
            let (memory, swap) = told.sample().unwrap();
            assert_eq!(memory.used_bytes, used_kib * 1024, "{available}");
            assert_eq!(
                memory.used_bytes + memory.available_bytes,
                memory.total_bytes
            );
            assert_eq!(swap.percent, swap_percent);
        }
    }

    #[test]
    fn other_lines_are_handed_on() {
        let mut others = Vec::new();
        let text = "MemTotal: 4 kB\nActive(anon):  3 kB\nHugePages_Free:  7\n";
        let told = parse(text, |name, value, has_unit| {
            others.push((name.to_owned(), value, has_unit));
        });
        let expected = [
            ("Active(anon)".to_owned(), 3072, true),
            ("HugePages_Free".to_owned(), 7, false),
        ];
        assert_eq!(others, expected);
        assert_eq!(told.unwrap().sample(), None);
    }

    #[test]
    fn a_damaged_line_is_no_reading() {
        for text in ["MemTotal", "MemTotal: x kB\n", "MemTotal:\n"] {
            assert_eq!(parse(text, |_, _, _| {}), None, "{text:?}");
        }
    }
}
