//! Block devices from `/proc/diskstats`; never filesystems on them.

use super::rate::{busy_percent, per_second};
use common::host::Disk;
use common::units::bytes_f64;
use procfs::DiskStat;
use std::collections::HashMap;
use std::path::Path;

/// The kernel counts sectors of this size, whatever the device has.
const SECTOR_BYTES: u64 = 512;

/// Devices that are memory, or views of files.
const NOT_DISKS: &[&str] = &["loop", "ram", "zram", "fd", "sr"];

/// The block devices with their previous counters.
#[derive(Default)]
pub(super) struct Disks {
    whole: HashMap<String, bool>,
    before: HashMap<String, Disk>,
}

impl Disks {
    /// Reads all devices that are no partitions; `elapsed` are the seconds since the last turn.
    pub(super) fn read(&mut self, elapsed: Option<f64>) -> Vec<Disk> {
        let mut told = procfs::diskstats().unwrap_or_default();
        told.retain(|stat| is_disk(&stat.name) && self.is_whole(&stat.name));
        let mut disks: Vec<Disk> = told
            .iter()
            .map(|stat| disk(stat, self.before.get(&stat.name), elapsed))
            .collect();
        disks.sort_by(|a, b| a.device.cmp(&b.device));
        self.before = disks
            .iter()
            .map(|disk| (disk.device.clone(), disk.clone()))
            .collect();
        disks
    }

    /// A device of its own, no partition; without `/sys` every device is taken.
    fn is_whole(&mut self, name: &str) -> bool {
        if let Some(known) = self.whole.get(name) {
            return *known;
        }
        let blocks = Path::new("/sys/block");
        let whole = !blocks.is_dir() || blocks.join(name.replace('/', "!")).exists();
        self.whole.insert(name.to_owned(), whole);
        whole
    }
}

/// It is none of the numbered devices that hold nothing of their own.
fn is_disk(name: &str) -> bool {
    !NOT_DISKS
        .iter()
        .filter_map(|prefix| name.strip_prefix(prefix))
        .any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn disk(stat: &DiskStat, before: Option<&Disk>, elapsed: Option<f64>) -> Disk {
    let read_bytes = stat.sectors_read.saturating_mul(SECTOR_BYTES);
    let written_bytes = stat.sectors_written.saturating_mul(SECTOR_BYTES);
    let busy_seconds = bytes_f64(stat.time_in_progress) / 1000.0;
    Disk {
        device: stat.name.clone(),
        read_bytes_per_second: per_second(before.map(|b| b.read_bytes), read_bytes, elapsed),
        written_bytes_per_second: per_second(
            before.map(|b| b.written_bytes),
            written_bytes,
            elapsed,
        ),
        reads_per_second: per_second(before.map(|b| b.reads), stat.reads, elapsed),
        writes_per_second: per_second(before.map(|b| b.writes), stat.writes, elapsed),
        busy_percent: busy_percent(before.map(|b| b.busy_seconds), busy_seconds, elapsed),
        read_bytes,
        written_bytes,
        reads: stat.reads,
        writes: stat.writes,
        busy_seconds,
    }
}

#[cfg(test)]
mod tests {
    use super::{disk, is_disk};
    use procfs::DiskStat;

    #[test]
    fn sectors_become_bytes_and_rates() {
        let line = |reads: u64, sectors: u64, busy_ms: u64| {
            let text =
                format!("254 0 vda {reads} 0 {sectors} 0 7 0 16 0 0 {busy_ms} 0 0 0 0 0 0 0");
            DiskStat::from_line(&text).unwrap()
        };
        let first = disk(&line(10, 2, 100), None, None);
        assert_eq!((first.read_bytes, first.written_bytes), (1024, 8192));
        assert_eq!(first.read_bytes_per_second, None);
        let next = disk(&line(14, 6, 600), Some(&first), Some(2.0));
        assert_eq!(next.read_bytes_per_second, Some(1024.0));
        assert_eq!(next.reads_per_second, Some(2.0));
        assert_eq!(next.written_bytes_per_second, Some(0.0));
        assert_eq!(next.busy_percent, Some(25.0));
        let swapped = disk(&line(1, 1, 1), Some(&next), Some(1.0));
        assert_eq!(swapped.read_bytes_per_second, None);
    }

    #[test]
    fn memory_and_views_are_no_disks() {
        for (name, expected) in [
            ("sda", true),
            ("nvme0n1", true),
            ("dm-0", true),
            ("fdisk", true),
            ("loop3", false),
            ("zram0", false),
            ("ram1", false),
            ("sr0", false),
        ] {
            assert_eq!(is_disk(name), expected, "{name}");
        }
    }
}
