//! What the operating system calls itself, from `os-release`, and whether `SELinux` guards it; never
//! what is installed.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept;
use super::root::Root;
use common::series::Labels;

/// The fields that the node exporter tells, by the names of their labels.
const FIELDS: [&str; 12] = [
    "build_id",
    "id",
    "id_like",
    "image_id",
    "image_version",
    "name",
    "pretty_name",
    "variant",
    "variant_id",
    "version",
    "version_codename",
    "version_id",
];

/// The system.
pub(super) struct Release(Root);

impl Release {
    pub(super) fn new(root: &Root) -> Self {
        Self(root.clone())
    }
}

impl Collect for Release {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let mut files = ["etc/os-release", "usr/lib/os-release"].iter();
        let text = files.find_map(|file| kept::once(&self.0.path(file)));
        let text = text.ok_or(ReadError::Absent)?;
        let guarded = self.0.path("sys/fs/selinux/enforce").exists();
        let guarded = f64::from(u8::from(guarded));
        found.details.plain("node_selinux_enabled", guarded);
        let of = |name: &str| field(&text, name);
        let labels = FIELDS.map(|name| (name, of(name)));
        let labels: Labels = labels.iter().map(|(name, value)| (*name, *value)).collect();
        found.details.labelled("node_os_info", &labels, 1.0);
        if let Some(version) = number(of("version_id")) {
            let few = ["id", "id_like", "name"].map(|name| (name, of(name)));
            let labels = Labels::of(&few);
            found.details.labelled("node_os_version", &labels, version);
        }
        Ok(())
    }
}

/// A field of the file; empty when it is not there.
fn field<'a>(text: &'a str, name: &str) -> &'a str {
    let mut lines = text.lines().filter_map(|line| line.split_once('='));
    let found = lines.find(|(key, _)| key.trim().eq_ignore_ascii_case(name));
    found.map_or("", |(_, value)| value.trim().trim_matches(['"', '\'']))
}

/// Major and minor version as a number: `22.04.1` is 22.04.
fn number(version: &str) -> Option<f64> {
    let mut parts = version.splitn(3, '.');
    let major = parts.next()?;
    match parts.next() {
        Some(minor) => format!("{major}.{minor}").parse().ok(),
        None => major.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::{field, number};

    #[test]
    fn fields_lose_their_quotes() {
        let text = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID='12'\n";
        for (name, expected) in [
            ("pretty_name", "Debian GNU/Linux 12 (bookworm)"),
            ("id", "debian"),
            ("version_id", "12"),
            ("variant", ""),
        ] {
            assert_eq!(field(text, name), expected);
        }
    }

    #[test]
    fn versions_are_numbers() {
        for (version, expected) in [
            ("12", Some(12.0)),
            ("22.04.1", Some(22.04)),
            ("", None),
            ("sid", None),
        ] {
            assert_eq!(number(version), expected, "{version}");
        }
    }
}
