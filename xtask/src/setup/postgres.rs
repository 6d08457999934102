//! PostgreSQL's programs for the tests, which start a server of their own; never one of this machine's.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::apt;
use crate::say;

const INSTALLED: &str = "/usr/lib/postgresql";

/// Those of this machine, else Debian's.
pub(crate) fn find_or_install() -> Result<()> {
    if let Some(programs) = find() {
        say::line(&format!("{}: there", programs.display()));
        return Ok(());
    }
    say::line("postgresql: installing, about 20 seconds");
    apt::install(&["postgresql"]).context("the tests need PostgreSQL")?;
    find()
        .map(drop)
        .with_context(|| format!("postgresql was installed but is not below {INSTALLED}"))
}

fn find() -> Option<PathBuf> {
    let versions = fs::read_dir(INSTALLED).into_iter().flatten().flatten();
    let mut programs = versions.map(|version| version.path().join("bin"));
    programs.find(|programs| programs.join("initdb").exists())
}
