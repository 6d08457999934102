//! Why a collector read nothing; never what is done about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why a collector read nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    /// This host has none of it, which is no fault.
    #[error("there is none")]
    Absent,
    /// It is there but cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It was read but not understood.
    #[error("{}: not as expected", .0.display())]
    Damaged(PathBuf),
    /// A program that was asked did not answer.
    #[error("{program}: {source}")]
    Program {
        /// Which one.
        program: &'static str,
        /// Why not.
        source: crate::collect::exec::ExecError,
    },
    /// The last reading has not ended yet.
    #[error("the reading before has not ended")]
    Stuck,
    /// The collector's thread ended without an answer.
    #[error("it ended without an answer")]
    Ended,
    /// There was no thread for it.
    #[error("no thread: {0}")]
    Thread(io::Error),
}

impl ReadError {
    /// What an error of the system means. A kernel without a feature has no file,
    /// or one that refuses to be read.
    pub(super) fn of(path: &Path, source: io::Error) -> Self {
        use io::ErrorKind::{NotADirectory, NotFound, Unsupported};
        match source.kind() {
            NotFound | NotADirectory | Unsupported => Self::Absent,
            _ => Self::Unreadable {
                path: path.to_owned(),
                source,
            },
        }
    }
}
