//! `watchpost db migrate-to`: moves everything from the embedded files to a server; never back.

use std::path::PathBuf;

use clap::Args;

use super::say;
use crate::cli::CliError;
use crate::config::database::DatabaseUrl;
use crate::store::{Progress, StoreError, transfer};

#[derive(Debug, Clone, Args)]
pub(super) struct MigrateTo {
    /// The empty database, `postgres://user:password@host:5432/database` [default: database.url]
    // As text: what is said of a wrong argument would repeat it, password included.
    #[arg(value_name = "URL")]
    url: Option<String>,
}

impl MigrateTo {
    /// Moves what is in a data directory, and says what to set next.
    pub(super) async fn run(
        self,
        data_dir: PathBuf,
        configured: Option<DatabaseUrl>,
    ) -> Result<(), CliError> {
        let given = self.url.map(|text| text.parse()).transpose()?;
        let url = given.or(configured).ok_or(CliError::NoUrl)?;
        let (from, to) = (data_dir.clone(), url.clone());
        let moving = move || transfer(&from, &to, |progress| drop(say(&line(progress))));
        let moved = tokio::task::spawn_blocking(moving).await;
        let rows = moved.map_err(|_| StoreError::Panicked)??;
        say(&format!(
            "All {rows} rows are in {}, the same as in {}.\nNow set database.url in the configuration, \
             or WATCHPOST_DATABASE__URL in the environment, to this address and start the server. \
             Keep the directory: its keys are still needed, and its files are a copy of today.",
            url,
            data_dir.display()
        ))
    }
}

fn line(progress: Progress) -> String {
    match progress {
        Progress::Under { table, rows } => format!("{table:<14} {rows:>12} rows so far"),
        Progress::Copied { table, rows } => format!("{table:<14} {rows:>12} rows copied"),
        Progress::Same { table } => format!("{table:<14} {:>12}", "compared"),
    }
}
