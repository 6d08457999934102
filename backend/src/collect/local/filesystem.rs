//! Mounted filesystems of this host; never asks one on the network, which may not answer.

mod mount;

use common::host::Filesystem;
use common::units::{bytes_f64, percent};
use mount::Mount;
use rustix::fs::StatVfs;
use std::path::Path;

/// The mounts worth a reading, found from time to time.
#[derive(Default)]
pub(super) struct Filesystems {
    mounts: Vec<Mount>,
}

impl Filesystems {
    /// Looks which filesystems are mounted; keeps the known ones when that is not readable.
    pub(super) fn find(&mut self) {
        let Ok(mounted) = procfs::process::Process::myself().and_then(|me| me.mountinfo()) else {
            return;
        };
        let mut mounts = mount::choose(mounted.0.iter().filter_map(Mount::local));
        // A single file can be a mount too, of the disk that lies elsewhere.
        mounts.retain(|mount| Path::new(&mount.mountpoint).is_dir());
        self.mounts = mounts;
    }

    /// Reads how full they are, ordered by mount point; one that does not tell is left out.
    pub(super) fn read(&self) -> Vec<Filesystem> {
        self.mounts
            .iter()
            .filter_map(|mount| {
                let told = rustix::fs::statvfs(mount.mountpoint.as_str()).ok()?;
                filesystem(mount, &told)
            })
            .collect()
    }
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
