//! A busy host: many processes and many mounts, which go when this goes; never work of its own.

use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// Processes that are started.
pub(super) const PROCESSES: usize = 500;
const MOUNTS: usize = 60;

/// The load, until it is dropped.
pub(super) struct Load {
    sleepers: Vec<Child>,
    /// What is mounted, all below one folder.
    mounted: Vec<std::path::PathBuf>,
    folder: TempDir,
}

impl Load {
    pub(super) fn begin() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut load = Self {
            sleepers: Vec::with_capacity(PROCESSES),
            mounted: Vec::new(),
            folder,
        };
        for _ in 0..PROCESSES {
            let sleeper = Command::new("sleep")
                .arg("3600")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn();
            load.sleepers
                .push(sleeper.context("start a process that sleeps")?);
        }
        for number in 0..MOUNTS {
            let place = load.folder.path().join(number.to_string());
            std::fs::create_dir(&place)?;
            // Not everybody may mount: then the host has fewer.
            let done = Command::new("mount")
                .args(["-t", "tmpfs", "-o", "size=64k", "bench"])
                .arg(&place)
                .stderr(Stdio::null())
                .status()?;
            if done.success() {
                load.mounted.push(place);
            }
        }
        Ok(load)
    }

    /// How many mounts there are.
    pub(super) fn mounts(&self) -> usize {
        self.mounted.len()
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        // Whatever cannot be undone goes with the mount namespace.
        for place in &self.mounted {
            drop(Command::new("umount").arg(place).status());
        }
        for sleeper in &mut self.sleepers {
            drop(sleeper.kill());
            drop(sleeper.wait());
        }
    }
}
