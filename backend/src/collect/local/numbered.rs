//! Files of the kernel with a name and a number a line: paging, the cache of ZFS; never a unit.

use super::error::ReadError;
use super::found::{Collect, Found, Named};
use super::kept::Kept;
use super::root::Root;

/// A file whose lines begin with a name and end with a number.
pub(super) struct Numbered {
    file: Kept,
    named: Named,
}

impl Numbered {
    /// Paging, from `/proc/vmstat`.
    pub(super) fn paging(root: &Root) -> Self {
        Self::new(root, "proc/vmstat", "node_vmstat_")
    }

    /// The cache of ZFS.
    pub(super) fn zfs(root: &Root) -> Self {
        Self::new(root, "proc/spl/kstat/zfs/arcstats", "node_zfs_arc_")
    }

    fn new(root: &Root, file: &str, prefix: &str) -> Self {
        Self {
            file: Kept::new(root.path(file)),
            named: Named::of(prefix, "", &[]),
        }
    }
}

impl Collect for Numbered {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        for (name, number) in self.file.text()?.lines().filter_map(line) {
            if let Some(metric) = self.named.metric(name) {
                found.details.count(metric, number);
            }
        }
        Ok(())
    }
}

fn line(line: &str) -> Option<(&str, u64)> {
    let (name, rest) = line.split_once(' ')?;
    let number = rest.rsplit(' ').next()?;
    Some((name, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn the_number_stands_last() {
        for (text, expected) in [
            ("pswpin 12", Some(("pswpin", 12))),
            (
                "c_max                           4    6313390080",
                Some(("c_max", 6_313_390_080)),
            ),
            ("name                            type data", None),
            ("13 1 0x01 123 33456 9876 x", None),
            ("", None),
        ] {
            assert_eq!(line(text), expected, "{text}");
        }
    }
}
