//! `cargo xtask build` and `serve`: the release binary with the dashboard in it; never a debug build.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::place::Place;
use crate::run::Run;
use crate::{say, setup, ui};

/// Builds the release binary; it lies in the clone's `target/release/` whatever directory cargo
/// compiled in.
pub(crate) fn release(place: &Place) -> Result<PathBuf> {
    let tools = setup::for_ui(place)?;
    ui::build(place, &tools, ui::Profile::Release)?;
    say::step("server, release (the first time takes about 9 minutes on two cores)");
    // The features of the whole workspace, so that what is tested is what is shipped.
    Run::cargo(place)
        .args(["build", "--release", "--workspace", "--bin", "watchpost"])
        .show()?;
    let compiled = place.target.join("release").join("watchpost");
    let binary = place.release_binary();
    if compiled != binary {
        leave(&compiled, &binary)?;
    }
    say::line(&format!("{}", binary.display()));
    Ok(binary)
}

/// Copies by way of a new file: the old one may be running.
fn leave(compiled: &PathBuf, binary: &PathBuf) -> Result<()> {
    let folder = binary.parent().context("the binary has a folder")?;
    fs::create_dir_all(folder)?;
    let fresh = binary.with_extension("new");
    fs::copy(compiled, &fresh).with_context(|| format!("{}", fresh.display()))?;
    fs::rename(&fresh, binary).with_context(|| format!("{}", binary.display()))
}

/// Builds the server and becomes it: signals and the exit code are its own.
pub(crate) fn serve(place: &Place, args: &[String]) -> Result<()> {
    let binary = release(place)?;
    say::step("watchpost serve (Ctrl-C stops it)");
    let error = Run::new(binary)
        .arg("serve")
        .args(args)
        .into_command()
        .exec();
    Err(error).context("the server could not be started")
}
