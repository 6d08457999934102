//! axe-core, the accessibility checker that the browser tests run in the page; never part of the dashboard.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::place::Place;
use crate::run::Run;
use crate::say;

/// The Python package that carries the script, ready-built; nothing of it but the script is used.
const PACKAGE: &str = "axe-playwright-python";
const VERSION: &str = "0.1.8";

/// Finds or installs the script; `checks` is the folder of a Python environment with pip.
pub(super) fn find_or_install(place: &Place, checks: &Path) -> Result<PathBuf> {
    let home = place.tools.join(format!("axe-{VERSION}"));
    let script = home.join("axe_playwright_python").join("axe.min.js");
    if script.is_file() {
        say::line("axe-core: there");
        return Ok(script);
    }
    say::line("axe-core: installing, some seconds");
    Run::new(checks.join("python3"))
        .args(["-m", "pip", "install", "--quiet", "--no-deps"])
        .args(["--disable-pip-version-check", "--target"])
        .arg(&home)
        .arg(format!("{PACKAGE}=={VERSION}"))
        .show()?;
    Ok(script)
}
