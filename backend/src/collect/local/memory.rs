//! Memory and swap from `/proc/meminfo`; never a process's part.

use common::host::{Memory, Swap};
use common::units::{bytes_f64, percent};
use procfs::{Current, Meminfo};

/// Reads memory and swap; `None` when the kernel does not give them.
pub(super) fn read() -> Option<(Memory, Swap)> {
    Meminfo::current().ok().map(|told| from(&told))
}

/// Kernels before 3.14 do not say what is available: free, cache and buffers stand for it.
fn from(told: &Meminfo) -> (Memory, Swap) {
    let total = told.mem_total;
    let available = told
        .mem_available
        .unwrap_or_else(|| {
            told.mem_free
                .saturating_add(told.cached)
                .saturating_add(told.buffers)
        })
        .min(total);
    let used = total - available;
    let memory = Memory {
        total_bytes: total,
        used_bytes: used,
        available_bytes: available,
        percent: percent(bytes_f64(used), bytes_f64(total)),
        free_bytes: Some(told.mem_free),
        cached_bytes: Some(told.cached),
        buffers_bytes: Some(told.buffers),
    };
    let swapped = told.swap_total.saturating_sub(told.swap_free);
    let swap = Swap {
        total_bytes: told.swap_total,
        used_bytes: swapped,
        free_bytes: told.swap_free,
        percent: percent(bytes_f64(swapped), bytes_f64(told.swap_total)),
    };
    (memory, swap)
}

#[cfg(test)]
mod tests {
    use super::from;
    use procfs::{FromRead, Meminfo};

    fn meminfo(available: &str, swap_total: u64, swap_free: u64) -> Meminfo {
        let text = format!(
            "MemTotal: 1000 kB\nMemFree: 100 kB\n{available}Buffers: 50 kB\nCached: 250 kB\n\
             SwapCached: 0 kB\nActive: 0 kB\nInactive: 0 kB\nSwapTotal: {swap_total} kB\n\
             SwapFree: {swap_free} kB\nDirty: 0 kB\nWriteback: 0 kB\nMapped: 0 kB\nSlab: 0 kB\n\
             Committed_AS: 0 kB\nVmallocTotal: 0 kB\nVmallocUsed: 0 kB\nVmallocChunk: 0 kB\n"
        );
        Meminfo::from_read(text.as_bytes()).unwrap()
    }

    #[test]
    fn used_is_what_is_not_available() {
        for (available, swap, used_kib, swap_percent) in [
            ("MemAvailable: 600 kB\n", (200, 150), 400, Some(25.0)),
            ("", (0, 0), 600, None),
            ("MemAvailable: 2000 kB\n", (0, 0), 0, None),
        ] {
            let (memory, swap) = from(&meminfo(available, swap.0, swap.1));
            assert_eq!(memory.used_bytes, used_kib * 1024, "{available}");
            assert_eq!(
                memory.used_bytes + memory.available_bytes,
                memory.total_bytes
            );
            assert_eq!(swap.percent, swap_percent);
        }
    }
}
