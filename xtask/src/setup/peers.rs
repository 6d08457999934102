//! The programs of others that ours is compared with, from Debian's packages: unpacked into the folder
//! of tools, never installed, so that no service of theirs ever runs on this machine.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::apt;
use crate::place::{Place, on_path};
use crate::run::Run;
use crate::say;

/// What the tests need: the collectors are compared with one, the next scrapes and asks, and both stores
/// receive what is sent on; the library lets a name of a test lead elsewhere.
const OF_TESTS: [&str; 4] = [
    "prometheus-node-exporter",
    "prometheus",
    "victoria-metrics",
    "libnss-wrapper",
];
/// What the benchmarks need beside them; the libraries are those of Netdata.
const OTHERS: [&str; 7] = [
    "netdata-core",
    "netdata-plugins-bash",
    "libuv1",
    "libjson-c5",
    "libmnl0",
    "libnetfilter-acct1",
    "liblz4-1",
];

/// Finds or unpacks what the tests need; returns the folder that stands for `/` of the peers.
pub(super) fn for_tests(place: &Place) -> Result<PathBuf> {
    find_or_unpack(place, &OF_TESTS)
}

/// Finds or unpacks what the benchmarks need; returns the folder that stands for `/` of the peers.
pub(super) fn for_benches(place: &Place) -> Result<PathBuf> {
    find_or_unpack(place, &OTHERS)?;
    find_or_unpack(place, &OF_TESTS)
}

fn find_or_unpack(place: &Place, packages: &[&str]) -> Result<PathBuf> {
    let root = place.tools.join("peers");
    let marks = root.join("packages");
    fs::create_dir_all(&marks).with_context(|| marks.display().to_string())?;
    for package in packages {
        let mark = marks.join(package);
        if mark.is_file() {
            say::line(&format!("{package}: there"));
            continue;
        }
        say::line(&format!("{package}: unpacking, some seconds"));
        unpack(package, &root)
            .with_context(|| format!("{package} is needed: only Debian has it ready"))?;
        fs::write(&mark, "")?;
    }
    Ok(root)
}

/// Fetches a package as this person and unpacks it; nothing of it is run.
fn unpack(package: &str, root: &Path) -> Result<()> {
    on_path("dpkg-deb").context("there is no dpkg-deb on the PATH")?;
    apt::offers(&[package]);
    let folder = root.join("fetched");
    fs::create_dir_all(&folder)?;
    Run::new("apt-get")
        .folder(&folder)
        .args(["download", "-q", package])
        .show()?;
    for file in fs::read_dir(&folder)? {
        let file = file?.path();
        Run::new("dpkg-deb")
            .arg("--extract")
            .arg(&file)
            .arg(root)
            .show()?;
    }
    fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())
}
