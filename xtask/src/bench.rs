//! `cargo xtask bench` and `shots`: start the programs of the crate `tests` that measure the release
//! build and take pictures; never measure or look themselves.

use std::path::PathBuf;

use anyhow::Result;

use crate::place::Place;
use crate::run::Run;
use crate::steps::Steps;
use crate::test::{self, Debug};
use crate::{build, say, setup};

/// Those that compare with programs of others, and write `docs/benchmarks.md`.
const COMPARING: [&str; 4] = ["store", "collect", "ingest", "query"];

/// Runs one benchmark by name against the release build.
pub(crate) fn run(place: &Place, name: &str, args: &[String]) -> Result<()> {
    let server = build::release(place)?;
    let bench = |run: Run| -> Result<Run> {
        if name == "alerts" {
            return Ok(run.env("WATCHPOST_DOCS", place.root.join("docs")));
        }
        if COMPARING.contains(&name) {
            let peers = setup::for_benches(place)?;
            let docs = place.root.join("docs");
            return Ok(run
                .env("WATCHPOST_PEERS", peers)
                .env("WATCHPOST_DOCS", docs));
        }
        let browser = setup::for_browser_tests()?;
        Ok(run
            .env("CHROMIUM", browser.browser)
            .env("CHROMEDRIVER", browser.driver))
    };
    say::step("benchmarks, release");
    Run::cargo(place)
        .args(["build", "--release", "--workspace", "--bin", "bench"])
        .show()?;
    let run = Run::new(place.target.join("release").join("bench"))
        .folder(&place.root)
        .arg(name)
        .args(args)
        .env("WATCHPOST_BIN", server);
    bench(run)?.show()
}

/// Takes a picture of each page into a folder, `target/shots` unless another is named.
pub(crate) fn shots(place: &Place, folder: Option<PathBuf>) -> Result<()> {
    let folder = folder.unwrap_or_else(|| place.root.join("target").join("shots"));
    let mut steps = Steps::new();
    let programs = test::prepare(place, &mut steps, Debug::With("shots"))?;
    let shots = Run::new(place.target.join("debug").join("shots"))
        .folder(&place.root)
        .arg(&folder);
    steps.run("pictures", || programs.told_to(shots).show())?;
    say::line(&format!("{}", folder.display()));
    Ok(())
}
