//! Where the files of the kernel lie: `/`, or a recorded tree in a test; never what they hold.

use std::path::PathBuf;

/// The folder that stands for `/`.
#[derive(Debug, Clone)]
pub(super) struct Root(PathBuf);

impl Root {
    /// This host.
    pub(super) fn host() -> Self {
        Self(PathBuf::from("/"))
    }

    /// A recorded tree.
    #[cfg(test)]
    pub(super) fn recorded(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// It is this host, no recorded tree.
    pub(super) fn is_host(&self) -> bool {
        self.0.as_os_str() == "/"
    }

    /// The place of a file that is named without its leading slash, for example `proc/stat`.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}
