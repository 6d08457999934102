//! Which mounts are read and which of them the disk rule looks at; never how full they are.

use common::series::Labels;
use procfs::process::MountInfo;
use std::collections::HashMap;

/// Kinds of filesystems on disks of this host that are not named by a device.
const LOCAL_WITHOUT_DEVICE: &[&str] = &["zfs", "btrfs", "bcachefs", "apfs"];

/// Kinds that live in memory.
const IN_MEMORY: &[&str] = &["tmpfs", "ramfs"];

/// Kinds that are full by nature, or show another filesystem.
const NEVER_WATCHED: &[&str] = &[
    "tmpfs", "ramfs", "squashfs", "overlay", "erofs", "iso9660", "rootfs",
];

/// What lies below is the system's own, not a place for files.
const SYSTEM_PLACES: &[&str] = &["/dev", "/proc", "/sys", "/run/user", "/run/credentials"];

/// A mount that is worth a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mount {
    /// Where.
    pub(super) mountpoint: String,
    /// What, as the kernel names it.
    pub(super) device: String,
    /// Kind of filesystem.
    pub(super) fs_type: String,
    /// The filesystem or this view of it is read-only.
    pub(super) read_only: bool,
    /// Number of the filesystem: two views of one have the same.
    number: String,
}

impl Mount {
    /// The mount, when it is a filesystem of this host that holds files; `/` always is.
    pub(super) fn local(told: &MountInfo) -> Option<Self> {
        let read_only =
            told.mount_options.contains_key("ro") || told.super_options.contains_key("ro");
        let mount = Self {
            mountpoint: told.mount_point.to_str()?.to_owned(),
            device: told.mount_source.clone().unwrap_or_default(),
            fs_type: told.fs_type.clone(),
            read_only,
            number: told.majmin.clone(),
        };
        mount.is_local().then_some(mount)
    }

    /// The labels of the metrics of this mount.
    pub(super) fn labels(&self) -> Labels {
        Labels::of(&[
            ("device", &self.device),
            ("fstype", &self.fs_type),
            ("mountpoint", &self.mountpoint),
        ])
    }

    fn is_local(&self) -> bool {
        if self.mountpoint == "/" {
            return true;
        }
        let kind = self.fs_type.as_str();
        let in_system_place = SYSTEM_PLACES.iter().any(|place| {
            self.mountpoint
                .strip_prefix(place)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        let in_memory = IN_MEMORY.contains(&kind) && !self.read_only;
        let on_disk = self.device.starts_with("/dev/") || LOCAL_WITHOUT_DEVICE.contains(&kind);
        !in_system_place && kind != "squashfs" && kind != "overlay" && (in_memory || on_disk)
    }

    /// The disk rule looks at it: local, writable, and neither in memory nor an overlay.
    pub(super) fn watched(&self) -> bool {
        !self.read_only && !NEVER_WATCHED.contains(&self.fs_type.as_str())
    }
}

/// The mounts to read, ordered by mount point: of several on one place the last, which hides the others;
/// of several views of one filesystem the shortest place.
pub(super) fn choose(mounts: impl Iterator<Item = Mount>) -> Vec<Mount> {
    let on_top: HashMap<String, Mount> = mounts
        .map(|mount| (mount.mountpoint.clone(), mount))
        .collect();
    let mut by_place: Vec<Mount> = on_top.into_values().collect();
    by_place.sort_by(|a, b| {
        (a.mountpoint.len(), &a.mountpoint).cmp(&(b.mountpoint.len(), &b.mountpoint))
    });
    let mut chosen: Vec<Mount> = Vec::new();
    for mount in by_place {
        if !chosen.iter().any(|known| known.number == mount.number) {
            chosen.push(mount);
        }
    }
    chosen.sort_by(|a, b| a.mountpoint.cmp(&b.mountpoint));
    chosen
}

#[cfg(test)]
mod tests {
    use super::{Mount, choose};
    use procfs::process::MountInfo;

    const MOUNTS: &str = "\
        22 27 0:21 / /proc rw,relatime - proc proc rw\n\
        24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw,mode=755\n\
        25 24 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw\n\
        27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n\
        28 27 0:25 / /run rw,nosuid - tmpfs tmpfs rw,mode=755\n\
        29 27 254:16 / /srv rw,relatime shared:5 - xfs /dev/vdb rw\n\
        30 27 254:16 /data /home/data rw,relatime - xfs /dev/vdb rw\n\
        31 27 254:32 / /mnt/cd ro,relatime - iso9660 /dev/sr0 ro\n\
        32 27 254:48 / /backup ro,relatime - ext4 /dev/vdc rw\n\
        33 27 0:40 / /mnt/nas rw,relatime - nfs4 nas:/export rw\n\
        34 27 0:41 / /mnt/ssh rw,relatime - fuse.sshfs me@host: rw\n\
        35 27 7:1 / /snap/core/1 ro,nodev - squashfs /dev/loop1 ro\n\
        36 27 0:42 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw\n\
        37 27 0:43 / /tank rw,relatime - zfs tank rw\n\
        38 27 254:64 / /old rw,relatime - ext4 /dev/vde rw\n\
        39 27 254:80 / /old rw,relatime - ext4 /dev/vdf rw\n";

    fn mounts(text: &str) -> Vec<Mount> {
        let told: Vec<MountInfo> = text
            .lines()
            .map(|line| MountInfo::from_line(line.trim()).unwrap())
            .collect();
        choose(told.iter().filter_map(Mount::local))
    }

    #[test]
    fn local_filesystems_are_read_once_and_the_rule_watches_the_writable() {
        let chosen: Vec<_> = mounts(MOUNTS)
            .into_iter()
            .map(|mount| {
                (
                    mount.mountpoint.clone(),
                    mount.device.clone(),
                    mount.watched(),
                )
            })
            .collect();
        let expected = [
            ("/", "/dev/vda", true),
            ("/backup", "/dev/vdc", false),
            ("/mnt/cd", "/dev/sr0", false),
            ("/old", "/dev/vdf", true),
            ("/run", "tmpfs", false),
            ("/srv", "/dev/vdb", true),
            ("/tank", "tank", true),
        ];
        let expected: Vec<_> = expected
            .iter()
            .map(|(place, what, watched)| ((*place).to_owned(), (*what).to_owned(), *watched))
            .collect();
        assert_eq!(chosen, expected);
    }

    #[test]
    fn the_root_of_a_container_is_read_but_not_watched() {
        let chosen = mounts("27 1 0:44 / / rw,relatime - overlay overlay rw\n");
        assert_eq!(chosen.len(), 1);
        assert!(!chosen[0].watched());
    }
}
