//! `cargo xtask fuzz`: starts the program of the crate `tests` that fuzzes; never makes an input itself.

use anyhow::Result;

use crate::place::Place;
use crate::run::Run;
use crate::say;

/// Fuzzes one target, or all of them, for so many seconds each. The debug build, as that notices
/// numbers that overflow.
pub(crate) fn run(place: &Place, target: Option<&str>, seconds: u64) -> Result<()> {
    say::step("fuzz targets, debug");
    Run::cargo(place)
        .args(["build", "--workspace", "--bin", "fuzz"])
        .show()?;
    Run::new(place.target.join("debug").join("fuzz"))
        .folder(&place.root)
        .args(target)
        .args(["--seconds", &seconds.to_string()])
        .show()
}
