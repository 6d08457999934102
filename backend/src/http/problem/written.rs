//! What a remote write that was not taken becomes; without a catch-all arm.

use std::time::Duration;

use actix_web::http::StatusCode;

use super::Problem;
use crate::ingest::remote_write::WriteError;

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        let words = error.to_string();
        match error {
            WriteError::NoServer => Self::new(StatusCode::NOT_FOUND, words),
            WriteError::NotWanted => Self::conflict(words),
            WriteError::Message(_)
            | WriteError::Json(_)
            | WriteError::Series { .. }
            | WriteError::TooManySeries { .. } => Self::new(StatusCode::BAD_REQUEST, words),
            WriteError::TooManySamples { .. } => Self::new(StatusCode::PAYLOAD_TOO_LARGE, words),
            WriteError::Stopping => Self::unavailable(words, Duration::from_secs(5), error),
            WriteError::Store(error) => error.into(),
        }
    }
}
