//! Why a sample was not taken; never how that is told to its sender.

use crate::store::StoreError;
use common::ids::ServerId;
use common::time::UnixMs;

/// Why a sample was not taken.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// Nobody wants samples of that server: it is not known, disabled, or its monitoring is stopped.
    #[error("no samples are taken of server {0}")]
    NotWanted(ServerId),
    /// The sample claims to be from later than a clock's error explains.
    #[error("the sample is from the future: {0}")]
    FromTheFuture(UnixMs),
    /// It could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}
