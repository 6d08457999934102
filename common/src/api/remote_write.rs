//! Receivers of remote writes and how far they are.

use serde::{Deserialize, Serialize};

use crate::time::UnixMs;

/// A receiver that gets what is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receiver {
    /// Its name in the settings.
    pub name: String,
    /// Its address, without its query.
    pub url: String,
    /// What is going on.
    pub state: ReceiverState,
    /// Seconds between now and the oldest sample that it did not take yet; 0 when it has all.
    pub lag_seconds: f64,
    /// Samples that it took since the start.
    pub sent_samples: u64,
    /// Samples that it refused since the start; they are not sent again.
    pub refused_samples: u64,
    /// Samples that were given up since the start because they had waited too long.
    pub dropped_samples: u64,
    /// Requests that failed since the start and were sent again.
    pub failed_requests: u64,
    /// When it took something last; `None` when it did not since the start.
    pub last_success_at: Option<UnixMs>,
    /// When something went wrong last; `None` when nothing did since the start.
    pub last_error_at: Option<UnixMs>,
    /// What went wrong last, in the receiver's words where it has some.
    pub last_error: Option<String>,
}

/// What is going on with a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReceiverState {
    /// It takes what comes.
    Sending,
    /// It gets what it missed.
    CatchingUp,
    /// It is away, or says that it cannot now; it is tried again.
    Retrying,
}

/// All receivers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receivers {
    /// In the order of the settings.
    pub items: Vec<Receiver>,
}
