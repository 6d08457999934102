//! `watchpost db`: care for the databases; what changes them wants the server stopped.

mod aggregate;
mod cleanup;
mod health;
mod migrate_to;
mod monitor;
mod verify;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::CliError;
use crate::config::database::DatabaseUrl;
use crate::config::{self, Config, Environment, Overrides};
use crate::store::metrics::Retention;
use crate::store::{Look, Store, StoreError};

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
    Cleanup(cleanup::Cleanup),
    /// Seal every ended hour and roll up every ended day
    Aggregate(aggregate::Aggregate),
    /// Say how the databases are, also while the server runs
    Health(health::Health),
    /// Move everything from the embedded files to an empty PostgreSQL database
    MigrateTo(migrate_to::MigrateTo),
    /// Say again and again how large the databases are, also while the server runs
    Monitor(monitor::Monitor),
    /// Read everything once and look for damage, also while the server runs
    Verify(verify::Verify),
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
        match self.command {
            Care::Cleanup(cleanup) => {
                let retention = Retention::from(&config.metrics);
                let store = open(&config).await?;
                let said = cleanup.run(&store, retention).await;
                store.close().await;
                say(&said?)
            }
            Care::Aggregate(aggregate) => {
                let store = open(&config).await?;
                let said = aggregate.run(&store).await;
                store.close().await;
                say(&said?)
            }
            Care::Health(health) => health.run(&look(&config)?),
            Care::MigrateTo(migrate_to) => {
                check(&config.data_dir, None)?;
                migrate_to.run(config.data_dir, config.database.url).await
            }
            Care::Monitor(monitor) => monitor.run(&look(&config)?).await,
            Care::Verify(verify) => verify.run(&look(&config)?),
        }
    }
}

/// Refuses a place without databases: opening it would make new ones.
fn check(data_dir: &Path, url: Option<&DatabaseUrl>) -> Result<(), CliError> {
    if Store::is_in(data_dir, url)? {
        return Ok(());
    }
    Err(CliError::NoData(data_dir.to_owned()))
}

/// The databases, also of a server at work.
fn look(config: &Config) -> Result<Look, CliError> {
    let url = config.database.url.as_ref();
    check(&config.data_dir, url)?;
    Ok(Look::at(&config.data_dir, url)?)
}

/// The databases of a server that is stopped.
async fn open(config: &Config) -> Result<Store, CliError> {
    let (data_dir, url) = (config.data_dir.clone(), config.database.url.clone());
    check(&data_dir, url.as_ref())?;
    let open = move || Store::open(&data_dir, url.as_ref());
    let opened = tokio::task::spawn_blocking(open).await;
    Ok(opened.map_err(|_| StoreError::Panicked)??)
}

/// A line on the console.
fn say(text: &str) -> Result<(), CliError> {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

/// The same as JSON.
fn say_json(value: &impl Serialize) -> Result<(), CliError> {
    say(&serde_json::to_string_pretty(value).map_err(std::io::Error::from)?)
}
