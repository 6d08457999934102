//! Chromium and its driver for the tests; never the browser of a person's own profile.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::apt;
use crate::place::on_path;
use crate::run::Run;
use crate::say;

const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];
const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The two programs, as the tests are told them: `CHROMIUM` and `CHROMEDRIVER`.
pub(crate) struct Browser {
    pub(crate) browser: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Those of the environment, else those on the PATH, else Debian's.
pub(crate) fn find_or_install() -> Result<Browser> {
    if let Some(found) = find() {
        say::line(&format!("{}: there", version(&found)));
        return Ok(found);
    }
    say::line("chromium: installing, about 15 seconds");
    apt::install(&PACKAGES).context("the tests need Chromium and its driver")?;
    find().context("chromium was installed but is not on the PATH")
}

fn find() -> Option<Browser> {
    let named = |name: &str| env::var_os(name).map(PathBuf::from);
    Some(Browser {
        browser: named("CHROMIUM").or_else(|| BROWSERS.iter().find_map(|name| on_path(name)))?,
        driver: named("CHROMEDRIVER").or_else(|| on_path("chromedriver"))?,
    })
}

fn version(found: &Browser) -> String {
    let version = Run::new(&found.browser).arg("--version").read();
    version.map_or_else(|_| "chromium".to_owned(), |text| text.trim().to_owned())
}
