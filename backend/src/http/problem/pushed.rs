//! What a push that was not taken becomes; without a catch-all arm.

use actix_web::http::StatusCode;
use common::problem::FieldError;

use super::Problem;
use crate::ingest::push::PushError;

impl From<PushError> for Problem {
    fn from(error: PushError) -> Self {
        match error {
            PushError::NoServer => Self::not_found("server"),
            PushError::NotWanted => Self::conflict(
                "No samples are taken of this server: it is disabled, or its monitoring is stopped.",
            ),
            PushError::Refused(flaws) => Self::fields(
                flaws
                    .iter()
                    .map(|flaw| FieldError::new(flaw.field(), flaw.fault.to_string()))
                    .collect(),
            ),
            PushError::TooManySamples { .. } => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, sentence(&error))
            }
            PushError::TooManySeriesAtOnce { .. } | PushError::TooManySeries { .. } => {
                Self::field("samples", error.to_string())
            }
            PushError::Store(error) => error.into(),
        }
    }
}

fn sentence(error: &PushError) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).chain(['.']).collect()
}
