//! Series of filesystems and block devices.

use super::Values;
use crate::host::{Disk, Filesystem, HostSample};
use crate::series::Labels;
use crate::units::bytes_f64;

pub(super) fn flatten(sample: &HostSample, values: &mut Values) {
    for filesystem in &sample.filesystems {
        one_filesystem(filesystem, values);
    }
    for disk in &sample.disks {
        one_disk(disk, values);
    }
}

fn one_filesystem(fs: &Filesystem, values: &mut Values) {
    let labels = Labels::of(&[
        ("device", &fs.device),
        ("fstype", &fs.fs_type),
        ("mountpoint", &fs.mountpoint),
    ]);
    for (metric, value) in [
        (
            "node_filesystem_size_bytes",
            Some(bytes_f64(fs.total_bytes)),
        ),
        ("node_filesystem_free_bytes", Some(bytes_f64(fs.free_bytes))),
        (
            "node_filesystem_avail_bytes",
            Some(bytes_f64(fs.available_bytes)),
        ),
        ("node_filesystem_files", fs.inodes_total.map(bytes_f64)),
        ("node_filesystem_files_free", fs.inodes_free.map(bytes_f64)),
        (
            "node_filesystem_readonly",
            Some(f64::from(u8::from(fs.read_only))),
        ),
    ] {
        values.labelled(metric, &labels, value);
    }
    if fs.watched {
        let labels = Labels::one("mountpoint", &fs.mountpoint);
        values.labelled("host_filesystem_usage_percent", &labels, fs.percent);
    }
}

fn one_disk(disk: &Disk, values: &mut Values) {
    let labels = Labels::one("device", &disk.device);
    for (metric, value) in [
        (
            "node_disk_read_bytes_total",
            Some(bytes_f64(disk.read_bytes)),
        ),
        (
            "node_disk_written_bytes_total",
            Some(bytes_f64(disk.written_bytes)),
        ),
        (
            "node_disk_reads_completed_total",
            Some(bytes_f64(disk.reads)),
        ),
        (
            "node_disk_writes_completed_total",
            Some(bytes_f64(disk.writes)),
        ),
        ("node_disk_io_time_seconds_total", Some(disk.busy_seconds)),
        (
            "host_disk_read_bytes_per_second",
            disk.read_bytes_per_second,
        ),
        (
            "host_disk_written_bytes_per_second",
            disk.written_bytes_per_second,
        ),
        ("host_disk_busy_percent", disk.busy_percent),
    ] {
        values.labelled(metric, &labels, value);
    }
}
