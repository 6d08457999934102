//! Why a command ended badly, in words for the console.

use crate::app::StartError;
use crate::config::ConfigError;
use crate::config::database::DatabaseUrlError;
use crate::store::StoreError;

/// Why a command did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A part could not be started.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The databases could not be opened or changed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system refused a service that every process needs.
    #[error(transparent)]
    System(#[from] std::io::Error),
    /// A task panicked; the log has it.
    #[error("the task \"{0}\" panicked")]
    Panicked(&'static str),
    /// There is nothing to care for: a wrong directory must not become a new one.
    #[error(
        "there are no databases in {}: name the right directory with --data-dir, or the right server with database.url",
        .0.display()
    )]
    NoData(std::path::PathBuf),
    /// Nobody said where to move to.
    #[error("where to? give the address of an empty database, or set database.url")]
    NoUrl,
    /// What was given is no address of a database.
    #[error("the given address {0}")]
    Url(#[from] DatabaseUrlError),
    /// Something stored is damaged; what was said before.
    #[error(
        "the databases are damaged: what can be read is still answered; stop the server and restore \
         a copy of the data directory from before"
    )]
    Damaged,
    /// A clean-up would remove more than a day beyond the last one.
    #[error(
        "{days} days of samples would go at once: look at the clock and at metrics.retention_days, \
         see what would go with --dry-run, then add --confirm"
    )]
    NotConfirmed {
        /// Whole days beyond the last clean-up.
        days: i64,
    },
}
