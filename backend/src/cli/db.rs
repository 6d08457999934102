//! `watchpost db`: care for the databases while the server is stopped; never while it runs.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::CliError;
use crate::clock::Clock;
use crate::config::{self, Environment, Overrides};
use crate::store::metrics::{Plan, Retention};
use crate::store::{Store, StoreError};

/// Options of `watchpost db`.
#[derive(Debug, Args)]
pub struct Db {
    /// Where the databases live
    #[arg(long, value_name = "DIR", global = true)]
    data_dir: Option<PathBuf>,
    /// A TOML file with settings
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Care,
}

#[derive(Debug, Subcommand)]
enum Care {
    /// Remove what is older than is kept
    Cleanup(Cleanup),
}

#[derive(Debug, Clone, Copy, Args)]
struct Cleanup {
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
    /// Give the space back to the file system
    #[arg(long)]
    vacuum: bool,
    /// Also when more than a day of samples goes at once
    #[arg(long)]
    confirm: bool,
}

impl Db {
    /// Runs the command; its answer goes to the console.
    pub async fn run(self) -> Result<(), CliError> {
        let overrides = Overrides {
            file: self.config,
            data_dir: self.data_dir,
            listen: None,
        };
        let config = config::load(&overrides, &Environment::of_process())?;
        let retention = Retention::from(&config.metrics);
        if !Store::is_in(&config.data_dir) {
            return Err(CliError::NoData(config.data_dir));
        }
        let opened = tokio::task::spawn_blocking(move || Store::open(&config.data_dir)).await;
        let store = opened.map_err(|_| StoreError::Panicked)??;
        let Care::Cleanup(cleanup) = self.command;
        let said = cleanup.run(&store, retention).await;
        store.close().await;
        writeln!(std::io::stdout(), "{}", said?)?;
        Ok(())
    }
}

impl Cleanup {
    /// What was done, in a sentence.
    async fn run(self, store: &Store, retention: Retention) -> Result<String, CliError> {
        let metrics = store.metrics();
        let now = Clock::system().now();
        let is_confirmed = self.confirm || self.dry_run;
        let plan = metrics.plan_cleanup(now, retention, is_confirmed).await?;
        let (samples_before, aggregates_before) = match plan {
            Plan::Held { days } => return Err(CliError::NotConfirmed { days }),
            Plan::Go {
                samples_before,
                aggregates_before,
            } => (samples_before, aggregates_before),
        };
        if self.dry_run {
            let counted = metrics.count_cleanup(samples_before, aggregates_before);
            return Ok(format!("would remove {}", counted.await?));
        }
        let cleaned = metrics.clean_up(samples_before, aggregates_before).await?;
        if self.vacuum {
            store.give_back_space(0).await?;
        }
        Ok(format!("removed {cleaned}"))
    }
}
