//! The command line, one file per command; never logic of a domain.

use clap::{Parser, Subcommand};

mod db;
mod error;
mod serve;

pub use db::Db;
pub use error::CliError;
pub use serve::Serve;

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
    /// Care for the databases of a server that is stopped.
    Db(Db),
}

impl Cli {
    /// Runs the command until it ends.
    pub async fn run(self) -> Result<(), CliError> {
        match self.command {
            Command::Serve(serve) => serve.run().await,
            Command::Db(db) => db.run().await,
        }
    }
}
