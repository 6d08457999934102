//! `cargo xtask test`: all gates, the dashboard as people load it, and every test; never against a
//! server that it did not start.
//!
//! The end-to-end tests are told by the environment what to start: `WATCHPOST_BIN`, `CHROMIUM`,
//! `CHROMEDRIVER`, `WATCHPOST_AXE` for the script that checks accessibility, `WATCHPOST_PEERS` for the
//! folder that holds the node exporter, and `WATCHPOST_SMTP` for that of the mail server.

use std::path::PathBuf;

use anyhow::Result;

use crate::place::Place;
use crate::run::Run;
use crate::steps::Steps;
use crate::{lint, setup, ui};

/// Which tests run, and whether the gates do.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only build and test, without the checks of `lint`
    #[arg(long)]
    tests_only: bool,
    /// Handed to nextest, for example: -E 'package(tests)'
    #[arg(last = true)]
    nextest: Vec<String>,
}

/// Runs all of it and says what took how long.
pub(crate) fn run(place: &Place, options: &Options) -> Result<()> {
    let mut steps = Steps::new();
    let result = all(place, options, &mut steps);
    steps.print();
    result
}

fn all(place: &Place, options: &Options, steps: &mut Steps) -> Result<()> {
    if !options.tests_only {
        lint::gates(place, steps)?;
    }
    let checks = setup::for_checks(place)?;
    let programs = prepare(place, steps, Debug::Server)?;
    let axe = setup::for_accessibility(place)?;
    let peers = setup::for_comparing_tests(place)?;
    let mail = setup::for_mail_tests(place)?;
    setup::for_database_tests()?;
    steps.run("tests", || {
        let run = Run::new(checks.join("cargo-nextest"))
            .folder(&place.root)
            .env("CARGO_TARGET_DIR", &place.target)
            .env("WATCHPOST_AXE", axe)
            .env("WATCHPOST_PEERS", peers)
            .env("WATCHPOST_SMTP", mail)
            .args(["nextest", "run", "--workspace"])
            .args(&options.nextest);
        programs.told_to(run).show()
    })
}

/// What to build for programs that drive the server.
#[derive(Clone, Copy)]
pub(crate) enum Debug {
    /// The server alone: the tests are built by their runner.
    Server,
    /// The server and a program of the crate `tests`.
    With(&'static str),
}

/// What programs that drive the server are told by their environment.
pub(crate) struct Programs {
    server: PathBuf,
    browser: setup::Browser,
}

impl Programs {
    pub(crate) fn told_to(&self, run: Run) -> Run {
        run.env("WATCHPOST_BIN", &self.server)
            .env("CHROMIUM", &self.browser.browser)
            .env("CHROMEDRIVER", &self.browser.driver)
    }
}

/// Builds the dashboard as people load it and the server that reads it from `dist/`.
pub(crate) fn prepare(place: &Place, steps: &mut Steps, debug: Debug) -> Result<Programs> {
    let (tools, browser) = steps.run("tools", || {
        Ok((setup::for_ui(place)?, setup::for_browser_tests()?))
    })?;
    steps.run("dashboard", || {
        ui::build(place, &tools, ui::Profile::Release)
    })?;
    steps.run("size budget", || ui::check_budget(place))?;
    steps.run("server", || {
        let build = Run::cargo(place).args(["build", "--workspace", "--bin", "watchpost"]);
        match debug {
            Debug::Server => build.show(),
            Debug::With(program) => build.args(["--bin", program]).show(),
        }
    })?;
    Ok(Programs {
        server: place.target.join("debug").join("watchpost"),
        browser,
    })
}
