//! The metrics of filesystems and block devices, sorted by name.

use super::{FILESYSTEM, metric};
use crate::metric::Category::Disk;
use crate::metric::Metric;
use crate::metric::MetricKind::{Counter, Gauge};
use crate::units::Unit;

#[rustfmt::skip]
pub(super) const DISK: &[Metric] = &[
    metric(("node_disk_discard_time_seconds_total", Unit::Seconds, Counter), Disk, &["device"], "Seconds that all discard operations took."),
    metric(("node_disk_discarded_sectors_total", Unit::None, Counter), Disk, &["device"], "Sectors discarded."),
    metric(("node_disk_discards_completed_total", Unit::None, Counter), Disk, &["device"], "Discard operations that the device completed."),
    metric(("node_disk_discards_merged_total", Unit::None, Counter), Disk, &["device"], "Discard operations merged with another."),
    metric(("node_disk_flush_requests_time_seconds_total", Unit::Seconds, Counter), Disk, &["device"], "Seconds that all flushes took."),
    metric(("node_disk_flush_requests_total", Unit::None, Counter), Disk, &["device"], "Flushes that the device completed."),
    metric(("node_disk_info", Unit::None, Gauge), Disk, &["device", "major", "minor", "model", "path", "revision", "serial", "wwn"], "What the device is; always 1."),
    metric(("node_disk_io_now", Unit::None, Gauge), Disk, &["device"], "Operations that the device has to do now."),
    metric(("node_disk_io_time_seconds_total", Unit::Seconds, Counter), Disk, &["device"], "Seconds in which the device had work."),
    metric(("node_disk_io_time_weighted_seconds_total", Unit::Seconds, Counter), Disk, &["device"], "Seconds with work, times the operations at work."),
    metric(("node_disk_read_bytes_total", Unit::Bytes, Counter), Disk, &["device"], "Bytes read from the device."),
    metric(("node_disk_read_time_seconds_total", Unit::Seconds, Counter), Disk, &["device"], "Seconds that all read operations took."),
    metric(("node_disk_reads_completed_total", Unit::None, Counter), Disk, &["device"], "Read operations that the device completed."),
    metric(("node_disk_reads_merged_total", Unit::None, Counter), Disk, &["device"], "Read operations merged with another."),
    metric(("node_disk_write_time_seconds_total", Unit::Seconds, Counter), Disk, &["device"], "Seconds that all write operations took."),
    metric(("node_disk_writes_completed_total", Unit::None, Counter), Disk, &["device"], "Write operations that the device completed."),
    metric(("node_disk_writes_merged_total", Unit::None, Counter), Disk, &["device"], "Write operations merged with another."),
    metric(("node_disk_written_bytes_total", Unit::Bytes, Counter), Disk, &["device"], "Bytes written to the device."),
    metric(("node_filesystem_avail_bytes", Unit::Bytes, Gauge), Disk, FILESYSTEM, "Bytes free for ordinary users."),
    metric(("node_filesystem_device_error", Unit::None, Gauge), Disk, FILESYSTEM, "1 when the filesystem did not tell how full it is, else 0."),
    metric(("node_filesystem_files", Unit::None, Gauge), Disk, FILESYSTEM, "Inodes of the filesystem."),
    metric(("node_filesystem_files_free", Unit::None, Gauge), Disk, FILESYSTEM, "Inodes not in use."),
    metric(("node_filesystem_free_bytes", Unit::Bytes, Gauge), Disk, FILESYSTEM, "Bytes free, those reserved for the administrator included."),
    metric(("node_filesystem_readonly", Unit::None, Gauge), Disk, FILESYSTEM, "1 when mounted read-only, else 0."),
    metric(("node_filesystem_size_bytes", Unit::Bytes, Gauge), Disk, FILESYSTEM, "Size of the filesystem."),
];
