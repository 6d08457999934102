//! Why the configuration was not written or taken; never an answer.

use common::api::alert_config::ConfigImported;
use common::problem::FieldError;

use crate::alerts::RuleError;
use crate::alerts::noise::BookError;
use crate::notify::error::ChannelError;
use crate::store::StoreError;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Entries cannot stand.
    #[error("{} entries of the file are not valid", .0.len())]
    Invalid(Vec<FieldError>),
    /// Somebody changed something meanwhile.
    #[error("the configuration was changed in the meantime")]
    Changed,
    /// It is about servers that the person does not see.
    #[error("the configuration is about servers that the person does not see")]
    OutOfScope,
    /// All would have been done, and was taken back.
    #[error("only tried")]
    Tried(Box<ConfigImported>),
    /// It could not be written as a file.
    #[error("the configuration could not be written as a file")]
    NotWritten(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A channel could not be kept.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// A document could not be kept.
    #[error(transparent)]
    Book(#[from] BookError),
    /// A rule could not be kept.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// It could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
