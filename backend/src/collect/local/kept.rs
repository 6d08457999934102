//! Files of the kernel that stay open and are read again from their start; never their meaning.

use super::error::ReadError;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Room for most files of the kernel.
const ROOM: usize = 4096;
/// No file that is worth reading each second is larger.
const MOST: usize = 16 << 20;

/// A small file that stays open between readings, with the buffer that it is read into.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    file: Option<File>,
    buffer: Vec<u8>,
}

impl Kept {
    /// A file that is opened at its first reading.
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            file: None,
            buffer: Vec::new(),
        }
    }

    /// What the file holds now. A file that failed is opened anew the next time.
    pub(super) fn text(&mut self) -> Result<&str, ReadError> {
        match self.fill() {
            Ok(length) => {
                std::str::from_utf8(&self.buffer[..length]).map_err(|_| Self::damage(&self.path))
            }
            Err(source) => {
                self.file = None;
                Err(ReadError::of(&self.path, source))
            }
        }
    }

    /// The error that its text was not understood.
    pub(super) fn damaged(&self) -> ReadError {
        Self::damage(&self.path)
    }

    fn damage(path: &Path) -> ReadError {
        ReadError::Damaged(path.to_owned())
    }

    fn fill(&mut self) -> io::Result<usize> {
        let file = match &mut self.file {
            Some(file) => file,
            closed => closed.insert(File::open(&self.path)?),
        };
        let (mut length, mut offset) = (0, 0);
        loop {
            if length == self.buffer.len() {
                if length >= MOST {
                    return Err(io::ErrorKind::FileTooLarge.into());
                }
                self.buffer.resize((2 * length).max(ROOM), 0);
            }
            let count = match file.read_at(&mut self.buffer[length..], offset) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                told => told?,
            };
            if count == 0 {
                return Ok(length);
            }
            length += count;
            offset += u64::try_from(count).unwrap_or(0);
        }
    }
}

/// A small file that is read once; `None` when there is none, or it cannot be read as text.
pub(super) fn once(path: &Path) -> Option<String> {
    let mut text = std::fs::read_to_string(path).ok()?;
    text.truncate(text.trim_end().len());
    Some(text)
}

/// A number that stands alone in a file.
pub(super) fn number<T: std::str::FromStr>(path: &Path) -> Option<T> {
    once(path)?.trim_start().parse().ok()
}

/// Names of the entries of a folder, sorted, so that readings come in the same order each time.
pub(super) fn entries(folder: &Path) -> Result<Vec<String>, ReadError> {
    let listed = std::fs::read_dir(folder).map_err(|source| ReadError::of(folder, source))?;
    let mut names: Vec<String> = listed
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::{Kept, ROOM, entries};
    use crate::collect::local::error::ReadError;

    #[test]
    fn a_kept_file_is_read_anew_each_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("stat");
        let mut kept = Kept::new(path.clone());
        assert!(matches!(kept.text(), Err(ReadError::Absent)));
        for text in ["", "cpu 1\n", &"x".repeat(3 * ROOM), "cpu 2\n"] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(kept.text().unwrap(), text);
        }
        std::fs::write(&path, [0xff]).unwrap();
        assert!(matches!(kept.text(), Err(ReadError::Damaged(_))));
    }

    #[test]
    fn entries_are_sorted() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b", "a"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        assert_eq!(entries(dir.path()).unwrap(), ["a", "b"]);
        let missing = entries(&dir.path().join("c"));
        assert!(matches!(missing, Err(ReadError::Absent)));
    }
}
