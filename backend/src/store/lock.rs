//! One process a data directory: an exclusive lock on `DATA/lock`, with the holder's id in it.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;

use super::error::StoreError;

/// The right to work in a data directory; given back when dropped, also by a killed process.
#[derive(Debug)]
pub(super) struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Creates the directory when it is missing (for its owner alone) and takes the lock.
    pub(super) fn take(directory: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Directory {
            path: directory.to_owned(),
            source,
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .map_err(failed)?;
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(directory.join("lock"))
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Locked {
                    path: directory.to_owned(),
                    pid: written_pid(&mut file),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        write_pid(&mut file).map_err(failed)?;
        Ok(Self { _file: file })
    }
}

impl DirectoryLock {
    /// The process that holds a directory; `None` when none does, or when it left no readable id.
    /// Asks the kernel's list: trying the lock would keep a server out that starts at that moment.
    pub(super) fn holder(directory: &Path) -> Option<u32> {
        let mut file = File::open(directory.join("lock")).ok()?;
        let inode = format!(":{}", file.metadata().ok()?.ino());
        let locks = std::fs::read_to_string("/proc/locks").ok()?;
        // 1: FLOCK  ADVISORY  WRITE 1234 fe:00:131075 0 EOF
        let is_held = locks.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.nth(1) == Some("FLOCK") && words.any(|word| word.ends_with(&inode))
        });
        is_held.then(|| written_pid(&mut file))?
    }
}

fn written_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn write_pid(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_is_told_the_pid_of_the_first() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/data");
        let first = DirectoryLock::take(&path).unwrap();
        let said = DirectoryLock::take(&path).unwrap_err().to_string();
        assert!(
            said.contains(&format!("process {}", std::process::id())),
            "{said}"
        );
        assert!(said.contains("--data-dir"), "{said}");
        assert_eq!(DirectoryLock::holder(&path), Some(std::process::id()));
        drop(first);
        assert_eq!(DirectoryLock::holder(&path), None);
        DirectoryLock::take(&path).unwrap();
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let said = DirectoryLock::take(&file.path().join("data"))
            .unwrap_err()
            .to_string();
        assert!(said.contains(&file.path().display().to_string()), "{said}");
    }
}
