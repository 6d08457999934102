//! What a remote write that was not taken becomes; without a catch-all arm.

use std::time::Duration;

use actix_web::http::StatusCode;

use super::Problem;
use crate::ingest::remote_write::WriteError;

/// When a server that has as many series as it may is worth another try: somebody has to act.
const FOR_ROOM: Duration = Duration::from_mins(1);

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        let words = error.to_string();
        match error {
            WriteError::NoServer => Self::new(StatusCode::NOT_FOUND, words),
            WriteError::NotWanted => Self::conflict(words),
            WriteError::Message(_)
            | WriteError::Json(_)
            | WriteError::Series { .. }
            | WriteError::TooManySeriesAtOnce { .. } => Self::new(StatusCode::BAD_REQUEST, words),
            // A 4xx would have the sender drop what can be stored once there is room.
            WriteError::TooManySeries { .. } => Self::unavailable(words, FOR_ROOM, error),
            WriteError::TooManySamples { .. } => Self::new(StatusCode::PAYLOAD_TOO_LARGE, words),
            WriteError::Stopping => Self::unavailable(words, Duration::from_secs(5), error),
            WriteError::Store(error) => error.into(),
        }
    }
}
