//! The `watchpost` binary: parse, build, run, exit code; never logic of its own.

use std::process::ExitCode;

use backend::cli::Cli;
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("watchpost: {error}");
            ExitCode::FAILURE
        }
    }
}
