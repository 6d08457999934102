//! `cargo xtask <task>`: set-up, run, test and bench; never part of the product.

mod build;
mod lockfile;
mod place;
mod run;
mod say;
mod setup;
mod ui;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::place::Place;

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
}

fn main() -> ExitCode {
    match run(Cli::parse().task) {
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
    }
}
