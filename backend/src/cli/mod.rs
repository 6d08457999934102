//! The command line, one file per command; never logic of a domain.

use clap::{Parser, Subcommand};

mod serve;

pub use serve::{Serve, ServeError};

/// Watches servers, keeps their metrics, tells when something breaks.
#[derive(Debug, Parser)]
#[command(name = "watchpost", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server with its dashboard.
    Serve(Serve),
}

impl Cli {
    /// Runs the command until it ends.
    pub async fn run(self) -> Result<(), ServeError> {
        match self.command {
            Command::Serve(serve) => serve.run().await,
        }
    }
}
