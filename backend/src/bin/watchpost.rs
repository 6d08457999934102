//! The `watchpost` binary: parse, build, run, exit code; never logic of its own.

use std::process::ExitCode;

use backend::cli::Cli;
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    // Named here, so that no connection has to guess it. It fails only where one is there already.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("watchpost: {error}");
            ExitCode::FAILURE
        }
    }
}
