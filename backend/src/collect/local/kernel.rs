//! What the kernel is, and its limits: open files, random numbers; never what processes do.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::{self, Kept};
use super::root::Root;
use common::series::Labels;

/// Open files of the whole host.
pub(super) struct OpenFiles(Kept);

impl OpenFiles {
    pub(super) fn new(root: &Root) -> Self {
        Self(Kept::new(root.path("proc/sys/fs/file-nr")))
    }
}

impl Collect for OpenFiles {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let (allocated, maximum) = open_files(self.0.text()?).ok_or_else(|| self.0.damaged())?;
        found.details.plain("node_filefd_allocated", allocated);
        found.details.plain("node_filefd_maximum", maximum);
        Ok(())
    }
}

/// Allocated, free and most; the second is always 0.
fn open_files(text: &str) -> Option<(f64, f64)> {
    let mut words = text.split_ascii_whitespace();
    let allocated = words.next()?.parse().ok()?;
    Some((allocated, words.nth(1)?.parse().ok()?))
}

/// Bits of entropy.
pub(super) struct Entropy(Root);

impl Entropy {
    pub(super) fn new(root: &Root) -> Self {
        Self(root.clone())
    }
}

impl Collect for Entropy {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let folder = self.0.path("proc/sys/kernel/random");
        for (file, metric) in [
            ("entropy_avail", "node_entropy_available_bits"),
            ("poolsize", "node_entropy_pool_size_bits"),
        ] {
            let bits = kept::number(&folder.join(file)).ok_or(ReadError::Absent)?;
            found.details.plain(metric, bits);
        }
        Ok(())
    }
}

/// What the kernel says that it is.
pub(super) struct Uname(Root);

impl Uname {
    pub(super) fn new(root: &Root) -> Self {
        Self(root.clone())
    }
}

impl Collect for Uname {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let folder = self.0.path("proc/sys/kernel");
        let told = |file: &str| kept::once(&folder.join(file)).unwrap_or_default();
        let release = told("osrelease");
        if release.is_empty() {
            return Err(ReadError::Absent);
        }
        let labels = Labels::of(&[
            ("domainname", &told("domainname")),
            ("machine", std::env::consts::ARCH),
            ("nodename", &told("hostname")),
            ("release", &release),
            ("sysname", &told("ostype")),
            ("version", &told("version")),
        ]);
        found.details.labelled("node_uname_info", &labels, 1.0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::open_files;

    #[test]
    fn open_files_stand_beside_their_limit() {
        let text = "1056\t0\t9223372036854775807\n";
        assert_eq!(
            open_files(text),
            Some((1056.0, 9_223_372_036_854_775_807.0))
        );
        assert_eq!(open_files("1056\n"), None);
    }
}
