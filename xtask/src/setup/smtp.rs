//! aiosmtpd, the mail server that tests send to; never part of Watchpost.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::place::Place;
use crate::run::Run;
use crate::say;

const VERSION: &str = "1.4.6";

/// Finds or installs it; returns the folder that Python finds it in. `checks` is the folder of a
/// Python environment with pip.
pub(super) fn find_or_install(place: &Place, checks: &Path) -> Result<PathBuf> {
    let home = place.tools.join(format!("aiosmtpd-{VERSION}"));
    if home.join("aiosmtpd").join("controller.py").is_file() {
        say::line("aiosmtpd: there");
        return Ok(home);
    }
    say::line("aiosmtpd: installing, some seconds");
    Run::new(checks.join("python3"))
        .args(["-m", "pip", "install", "--quiet"])
        .args(["--disable-pip-version-check", "--target"])
        .arg(&home)
        .arg(format!("aiosmtpd=={VERSION}"))
        .show()?;
    Ok(home)
}
