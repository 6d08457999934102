//! Block devices from `/proc/diskstats`; never filesystems on them.

mod details;
mod identity;

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::Kept;
use super::rate::{busy_percent, per_second};
use super::root::Root;
use common::host::Disk;
use common::series::Labels;
use common::units::bytes_f64;
use details::Latency;
use procfs::DiskStat;
use std::collections::HashMap;

/// The kernel counts sectors of this size, whatever the device has.
const SECTOR_BYTES: u64 = 512;

/// Devices that are memory, or views of files.
const NOT_DISKS: &[&str] = &["loop", "ram", "zram", "fd", "sr"];

/// The block devices with their previous counters.
pub(super) struct Disks {
    root: Root,
    diskstats: Kept,
    whole: HashMap<String, bool>,
    known: HashMap<String, Known>,
}

/// What is remembered of a device.
struct Known {
    labels: Labels,
    /// What it is, for the metric that says so.
    identity: Labels,
    before: Disk,
    latency: Latency,
}

impl Disks {
    pub(super) fn new(root: &Root) -> Self {
        Self {
            root: root.clone(),
            diskstats: Kept::new(root.path("proc/diskstats")),
            whole: HashMap::new(),
            known: HashMap::new(),
        }
    }

    /// One device, its details told.
    fn one(&mut self, stat: &DiskStat, elapsed: Option<f64>, found: &mut Found) -> Disk {
        let known = self.known.remove(&stat.name);
        let disk = disk(stat, known.as_ref().map(|it| &it.before), elapsed);
        let (labels, identity, mut latency) = match known {
            Some(known) => (known.labels, known.identity, known.latency),
            None => (
                Labels::one("device", &stat.name),
                identity::labels(&self.root, stat),
                Latency::default(),
            ),
        };
        found.details.labelled("node_disk_info", &identity, 1.0);
        details::tell(stat, &labels, &mut found.details);
        if let Some(seconds) = latency.read(stat, elapsed) {
            let metric = "host_disk_latency_seconds";
            found.details.labelled(metric, &labels, seconds);
        }
        let known = Known {
            labels,
            identity,
            before: disk.clone(),
            latency,
        };
        self.known.insert(stat.name.clone(), known);
        disk
    }
}

impl Collect for Disks {
    /// Reads all devices that are no partitions.
    fn read(&mut self, elapsed: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        found.sample.disks.clear();
        let told = parse(self.diskstats.text()?, |name| {
            is_whole(&self.root, &mut self.whole, name)
        });
        let mut disks: Vec<Disk> = told
            .iter()
            .map(|stat| self.one(stat, elapsed, found))
            .collect();
        disks.sort_by(|a, b| a.device.cmp(&b.device));
        self.known
            .retain(|name, _| told.iter().any(|stat| stat.name == *name));
        found.sample.disks = disks;
        Ok(())
    }
}

/// The lines of devices that are taken; one that is damaged is left out.
fn parse(text: &str, mut is_taken: impl FnMut(&str) -> bool) -> Vec<DiskStat> {
    text.lines()
        .filter(|line| {
            let name = line.split_ascii_whitespace().nth(2);
            name.is_some_and(|name| is_disk(name) && is_taken(name))
        })
        .filter_map(|line| DiskStat::from_line(line).ok())
        .collect()
}

/// A device of its own, no partition; without `/sys` every device is taken.
fn is_whole(root: &Root, known: &mut HashMap<String, bool>, name: &str) -> bool {
    if let Some(known) = known.get(name) {
        return *known;
    }
    let blocks = root.path("sys/block");
    let whole = !blocks.is_dir() || blocks.join(name.replace('/', "!")).exists();
    known.insert(name.to_owned(), whole);
    whole
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
