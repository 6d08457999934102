//! Mounted filesystems of this host; never asks one on the network, which may not answer.

mod mount;

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::Kept;
use super::root::Root;
use common::host::Filesystem;
use common::series::Labels;
use common::units::{bytes_f64, percent};
use mount::Mount;
use procfs::process::MountInfo;
use rustix::fs::StatVfs;
use std::path::PathBuf;

/// Mounts change seldom and are looked for this often.
const FIND_EVERY_SECONDS: f64 = 4.5;

/// The mounts worth a reading, found from time to time.
pub(super) struct Filesystems {
    root: Root,
    mountinfo: Kept,
    mounts: Vec<(Mount, Labels)>,
    /// Seconds since they were found; `None` before the first time.
    age: Option<f64>,
}

impl Filesystems {
    pub(super) fn new(root: &Root) -> Self {
        Self {
            root: root.clone(),
            mountinfo: Kept::new(root.path("proc/self/mountinfo")),
            mounts: Vec::new(),
            age: None,
        }
    }

    /// Looks which filesystems are mounted; one line that is not understood is left out.
    fn find(&mut self) -> Result<(), ReadError> {
        let told: Vec<MountInfo> = self
            .mountinfo
            .text()?
            .lines()
            .filter_map(|line| MountInfo::from_line(line).ok())
            .collect();
        let mut mounts = mount::choose(told.iter().filter_map(Mount::local));
        // A single file can be a mount too, of the disk that lies elsewhere.
        mounts.retain(|mount| self.place(mount).is_dir());
        let labelled = mounts.into_iter().map(|mount| (mount.labels(), mount));
        self.mounts = labelled.map(|(labels, mount)| (mount, labels)).collect();
        Ok(())
    }

    fn place(&self, mount: &Mount) -> PathBuf {
        self.root.path(mount.mountpoint.trim_start_matches('/'))
    }

    fn one(&self, mount: &Mount) -> rustix::io::Result<Option<Filesystem>> {
        let told = rustix::fs::statvfs(self.place(mount))?;
        Ok(filesystem(mount, &told))
    }
}

impl Collect for Filesystems {
    /// Reads how full they are, ordered by mount point; one that does not tell is left out.
    fn read(&mut self, elapsed: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        found.sample.filesystems.clear();
        let age = self.age.map(|age| age + elapsed.unwrap_or(0.0));
        self.age = age;
        if age.is_none_or(|age| age >= FIND_EVERY_SECONDS) {
            self.find()?;
            self.age = Some(0.0);
        }
        for (mount, labels) in &self.mounts {
            let told = self.one(mount);
            let error = f64::from(u8::from(told.is_err()));
            let metric = "node_filesystem_device_error";
            found.details.labelled(metric, labels, error);
            let Ok(Some(filesystem)) = told else {
                continue;
            };
            if let Some(percent) = inodes_percent(&filesystem) {
                let labels = Labels::one("mountpoint", &filesystem.mountpoint);
                let metric = "host_filesystem_inodes_percent";
                found.details.labelled(metric, &labels, percent);
            }
            found.sample.filesystems.push(filesystem);
        }
        Ok(())
    }
}

/// Used share of the inodes of a filesystem that the disk rule looks at.
fn inodes_percent(filesystem: &Filesystem) -> Option<f64> {
    let total = filesystem.inodes_total.filter(|_| filesystem.watched)?;
    let used = total.saturating_sub(filesystem.inodes_free?);
    percent(bytes_f64(used), bytes_f64(total))
}

/// `None` for a filesystem without a size.
fn filesystem(mount: &Mount, told: &StatVfs) -> Option<Filesystem> {
    let bytes = |blocks: u64| blocks.saturating_mul(told.f_frsize);
    let total = bytes(told.f_blocks);
    let used = bytes(told.f_blocks.saturating_sub(told.f_bfree));
    let available = bytes(told.f_bavail);
    let counts_inodes = told.f_files > 0;
    (total > 0).then(|| Filesystem {
        mountpoint: mount.mountpoint.clone(),
        device: mount.device.clone(),
        fs_type: mount.fs_type.clone(),
        total_bytes: total,
        used_bytes: used,
        available_bytes: available,
        free_bytes: bytes(told.f_bfree),
        percent: percent(bytes_f64(used), bytes_f64(used.saturating_add(available))),
        inodes_total: counts_inodes.then_some(told.f_files),
        inodes_free: counts_inodes.then_some(told.f_ffree),
        read_only: mount.read_only,
        watched: mount.watched(),
    })
}
