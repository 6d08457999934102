//! `cargo xtask lint`: the checks that run nothing of the product; never changes a file.

mod text;

use anyhow::{Context, Result};

use crate::place::Place;
use crate::run::Run;
use crate::setup;
use crate::steps::Steps;

/// The gates in the order of their cost.
pub(crate) fn gates(place: &Place, steps: &mut Steps) -> Result<()> {
    steps.run("format", || {
        setup::component("rustfmt")?;
        let formatted = Run::cargo(place).args(["fmt", "--all", "--check"]).show();
        formatted.context("run `cargo fmt --all`")
    })?;
    steps.run("texts", || text::check(&place.root))?;
    // Also what other platforms need, so that the next steps ask no network.
    steps.run("fetch dependencies", || {
        Run::cargo(place).args(["fetch", "--locked"]).show()
    })?;
    let programs = setup::for_checks(place)?;
    steps.run("unused dependencies", || {
        let shear = Run::new(programs.join("cargo-shear")).folder(&place.root);
        shear.args(["--offline", "--deny-warnings"]).show()
    })?;
    steps.run("licences, sources and bans", || {
        Run::new(programs.join("cargo-deny"))
            .folder(&place.root)
            .args([
                "--offline",
                "--log-level",
                "error",
                "check",
                "bans",
                "licenses",
                "sources",
            ])
            .show()
    })?;
    // A target directory that outlives its clone takes the server's build script as done.
    std::fs::create_dir_all(place.dist()).context("make the folder of the dashboard")?;
    steps.run("clippy", || {
        setup::component("clippy")?;
        Run::cargo(place)
            .args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ])
            .show()
    })?;
    steps.run("rustdoc", || {
        Run::cargo(place)
            .env("RUSTDOCFLAGS", "-D warnings")
            .args(["doc", "--workspace", "--no-deps"])
            .show()
    })
}
