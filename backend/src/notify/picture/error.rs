//! Why there is no picture; never how that is answered.

use common::ids::AlertId;

use crate::query::QueryError;
use crate::store::StoreError;

/// Why there is no picture of an alert.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// There is no such alert.
    #[error("there is no alert {0}")]
    NotFound(AlertId),
    /// The alert could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its metric could not be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// It could not be drawn.
    #[error("the picture could not be drawn: {0}")]
    Drawing(String),
}
