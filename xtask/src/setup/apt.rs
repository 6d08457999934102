//! Debian packages, where this person may install them; never asks for a password unseen.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Once;

use anyhow::Result;

use crate::place::on_path;
use crate::run::Run;
use crate::say;

/// Whose right installs packages here.
#[derive(Clone, Copy)]
enum Right {
    Root,
    Sudo,
}

/// The command that a person runs when this program may not.
pub(crate) fn command(packages: &[&str]) -> String {
    format!(
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    )
}

/// Whether the packages exist for this release of Debian; asks the lists, fresh ones if need be.
pub(crate) fn offers(packages: &[&str]) -> bool {
    let Some(right) = right() else {
        return false;
    };
    let known = || {
        packages.iter().all(|name| {
            Run::new("apt-cache")
                .args(["show", "--no-all-versions", name])
                .succeeds()
        })
    };
    known() || (update(right).is_ok() && known())
}

/// Installs packages; fails with the command to run where this person may not.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let Some(right) = right() else {
        anyhow::bail!("run this once: {}", command(packages));
    };
    update(right)?;
    say::line(&format!("apt-get install {}", packages.join(" ")));
    apt_get(right)
        .args(["install", "-y", "-q", "--no-install-recommends"])
        .args(packages)
        .show()
}

/// Fetches the lists, once for a run of this program.
fn update(right: Right) -> Result<()> {
    static ONCE: Once = Once::new();
    let mut result = Ok(());
    ONCE.call_once(|| {
        say::line("apt-get update");
        result = apt_get(right).args(["update", "-q"]).show();
    });
    result
}

fn apt_get(right: Right) -> Run {
    let run = match right {
        Right::Root => Run::new("apt-get"),
        Right::Sudo => Run::new("sudo")
            .arg("DEBIAN_FRONTEND=noninteractive")
            .arg("apt-get"),
    };
    run.env("DEBIAN_FRONTEND", "noninteractive")
}

fn right() -> Option<Right> {
    if !Path::new("/etc/debian_version").exists() || on_path("apt-get").is_none() {
        return None;
    }
    if Run::new("id")
        .arg("-u")
        .read()
        .is_ok_and(|id| id.trim() == "0")
    {
        return Some(Right::Root);
    }
    on_path("sudo")?;
    let silent = Run::new("sudo").args(["-n", "true"]).succeeds();
    // sudo asks on the terminal itself, not on the standard input.
    (silent || std::io::stderr().is_terminal()).then_some(Right::Sudo)
}
