//! What a device is, from its numbers and what udev wrote of it; never its counters.

use crate::collect::local::kept;
use crate::collect::local::root::Root;
use common::series::Labels;
use procfs::DiskStat;

/// Labels with the fields of udev that they come from.
const FIELDS: [(&str, &str); 5] = [
    ("model", "ID_MODEL"),
    ("path", "ID_PATH"),
    ("revision", "ID_REVISION"),
    ("serial", "ID_SERIAL_SHORT"),
    ("wwn", "ID_WWN"),
];

/// The labels of `node_disk_info`; without udev those of its fields are empty.
pub(super) fn labels(root: &Root, stat: &DiskStat) -> Labels {
    let (major, minor) = (stat.major.to_string(), stat.minor.to_string());
    let told = kept::once(&root.path(&format!("run/udev/data/b{major}:{minor}")));
    let told = told.unwrap_or_default();
    let own = [
        ("device", stat.name.as_str()),
        ("major", &major),
        ("minor", &minor),
    ];
    let udev = FIELDS
        .iter()
        .map(|(label, name)| (*label, field(&told, name)));
    own.into_iter().chain(udev).collect()
}

/// A property of a device, on a line such as `E:ID_MODEL=…`; empty when it is not there.
fn field<'a>(text: &'a str, name: &str) -> &'a str {
    let mut properties = text
        .lines()
        .filter_map(|line| line.strip_prefix("E:")?.split_once('='));
    properties
        .find(|(key, _)| *key == name)
        .map_or("", |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn properties_are_found_by_name() {
        let text = "S:disk/by-id/x\nE:ID_MODEL=QEMU_DISK\nE:ID_MODEL_ENC=QEMU\n";
        for (name, expected) in [("ID_MODEL", "QEMU_DISK"), ("ID_WWN", "")] {
            assert_eq!(field(text, name), expected);
        }
    }
}
