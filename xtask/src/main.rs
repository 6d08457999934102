//! `cargo xtask <task>`: set-up, run, test and bench; never part of the product.

mod bench;
mod build;
mod dev;
mod fuzz;
mod lint;
mod lockfile;
mod place;
mod run;
mod say;
mod setup;
mod steps;
mod test;
mod ui;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::place::Place;
use crate::steps::Steps;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Set-up, run, test and bench of Watchpost"
)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Find or install all that the other tasks need
    Setup,
    /// Build only the dashboard, into dist/
    Ui {
        /// Fast to build, large to load
        #[arg(long)]
        dev: bool,
    },
    /// Build the release binary with the dashboard in it: target/release/watchpost
    Build,
    /// Build and start the server
    Serve {
        /// Handed to `watchpost serve`
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Run all checks and tests: what a change has to pass
    Test(test::Options),
    /// Run only the checks that start nothing
    Lint,
    /// Measure the release build
    Bench {
        /// Which measurement
        name: String,
        /// Handed to it
        #[arg(allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Give what reads texts and bytes of others inputs that hurt
    Fuzz {
        /// Only this target, named as its folder in tests/cases/fuzz
        target: Option<String>,
        /// How long, each target
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Take pictures of every page
    Shots {
        /// Where they go: target/shots unless named
        folder: Option<PathBuf>,
    },
    /// Build and restart on every change of a source
    Dev {
        /// Handed to `watchpost serve`
        #[arg(last = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = if ui::pieces::stands_in() {
        ui::pieces::stand_in()
    } else {
        run(Cli::parse().task)
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::failure(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let place = Place::find()?;
    match task {
        Task::Setup => setup::everything(&place),
        Task::Ui { dev } => {
            let profile = if dev {
                ui::Profile::Dev
            } else {
                ui::Profile::Release
            };
            ui::build(&place, &setup::for_ui(&place)?, profile).map(drop)
        }
        Task::Build => build::release(&place).map(drop),
        Task::Serve { args } => build::serve(&place, &args),
        Task::Test(options) => test::run(&place, &options),
        Task::Lint => {
            let mut steps = Steps::new();
            let result = lint::gates(&place, &mut steps);
            steps.print();
            result
        }
        Task::Bench { name, args } => bench::run(&place, &name, &args),
        Task::Fuzz { target, seconds } => fuzz::run(&place, target.as_deref(), seconds),
        Task::Shots { folder } => bench::shots(&place, folder),
        Task::Dev { args } => dev::run(&place, &args),
    }
}
