//! Why there is no picture; never how that is answered.

use common::ids::AlertId;

use crate::alerts::CurveError;
use crate::query::QueryError;
use crate::store::StoreError;

/// Why there is no picture of an alert.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// There is no such alert.
    #[error("there is no alert {0}")]
    NotFound(AlertId),
    /// None was kept of the alert when it fired, or not yet.
    #[error("no picture of alert {0} is kept")]
    NotKept(AlertId),
    /// The alert could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its series could not be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The expression of its rule has no answer over that time.
    #[error("there is no curve to draw: {0}")]
    NoCurve(String),
    /// It could not be drawn.
    #[error("the picture could not be drawn: {0}")]
    Drawing(String),
}

impl From<CurveError> for PictureError {
    fn from(error: CurveError) -> Self {
        match error {
            CurveError::Query(error) => Self::Query(error),
            CurveError::Expression(why) => Self::NoCurve(why),
        }
    }
}
