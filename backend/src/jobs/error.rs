//! Why something about jobs was not done; never how that is told.

use crate::store::StoreError;

/// Why something about jobs was not done.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// There is no such job.
    #[error("there is no such job")]
    NotFound,
    /// The plan was changed since the caller read it.
    #[error("the job was changed in the meantime")]
    Changed,
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}
