//! Why something about servers was not done; never how that is told.

use crate::auth::rules::Refusal;
use crate::store::StoreError;

/// Why something about servers was not done.
#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    /// There is no such server.
    #[error("there is no such server")]
    NotFound,
    /// The server was changed since the caller read it.
    #[error("the server was changed in the meantime")]
    Changed,
    /// A field breaks a rule.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}
