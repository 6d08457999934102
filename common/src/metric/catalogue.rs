//! The table of built-in metrics, one file a part; never how one is read.

mod disk;
mod hardware;
mod host;
mod memory;
mod network;
mod process;
mod protocol;
mod system;

use super::{Category, Metric, MetricKind};
use crate::units::Unit;

/// A row of the table: columns in the order in which they are read.
const fn metric(
    (name, unit, kind): (&'static str, Unit, MetricKind),
    category: Category,
    labels: &'static [&'static str],
    help: &'static str,
) -> Metric {
    Metric {
        name,
        unit,
        kind,
        help,
        labels,
        category,
    }
}

/// Labels of a filesystem.
const FILESYSTEM: &[&str] = &["device", "fstype", "mountpoint"];

/// The parts in the order in which they are shown.
const PARTS: &[&[Metric]] = &[
    host::HOST,
    system::SYSTEM,
    memory::MEMORY,
    disk::DISK,
    network::NETWORK,
    protocol::PROTOCOL,
    hardware::HARDWARE,
    process::PROCESS,
];

/// All built-in metrics, part by part; each is there once.
pub static CATALOGUE: &[Metric] = &joined::<{ count() }>();

const fn count() -> usize {
    let (mut count, mut part) = (0, 0);
    while part < PARTS.len() {
        count += PARTS[part].len();
        part += 1;
    }
    count
}

const fn joined<const COUNT: usize>() -> [Metric; COUNT] {
    let mut all = [PARTS[0][0]; COUNT];
    let (mut at, mut part) = (0, 0);
    while part < PARTS.len() {
        let mut row = 0;
        while row < PARTS[part].len() {
            all[at] = PARTS[part][row];
            at += 1;
            row += 1;
        }
        part += 1;
    }
    all
}
