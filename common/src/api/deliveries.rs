//! The log of deliveries: what went where, and how; never a message's text.

use serde::{Deserialize, Serialize};

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is or will be tried.
    Due,
    /// The receiver has it.
    Delivered,
    /// It was refused, or tried for a day: a dead letter.
    Dead,
    /// It was not tried: its channel was disabled or is gone.
    Dropped,
}

/// How an attempt went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// The receiver has it.
    Delivered,
    /// It may go better the next time.
    Failed,
    /// It will not go better.
    Refused,
    /// The receiver wants no more messages at all.
    Gone,
}
