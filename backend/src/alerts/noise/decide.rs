//! What becomes of a step's message: told, held back, or dropped; pure.

use common::alert::{AlertChange, AlertState, Severity};
use serde::{Deserialize, Serialize};

use super::plan::Holding;

/// What is known of an alert's earlier messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Past {
    /// How bad it was in the last message that told so; `None` when no firing of it was told.
    pub told: Option<Severity>,
    /// This very step was held back before.
    pub was_held: bool,
    /// A later step of the alert that tells how bad it is waits as well.
    pub is_followed: bool,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It goes.
    Tell,
    /// It waits as long as somebody holds the alert back.
    Hold,
    /// It never goes.
    Drop(Why),
}

/// Why a message is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nobody was told that it fired.
    NeverTold,
    /// It was over before it could be told.
    Over,
    /// A person had taken it before it could be told.
    Taken,
    /// What is said to an alert, and who looks after it, stands in its history alone.
    Unspoken,
    /// A later message says it all.
    Superseded,
    /// It is held back, and later it is no news.
    HeldBack,
}

/// Decides about a step of an alert that stands in `state`, as bad as `severity`, now. A recovery of what was told always
/// goes, and one of what was not never; a firing that was held back goes when nobody holds it back
/// any more and it still fires, and then only as it is by then.
pub fn decide(
    change: AlertChange,
    severity: Severity,
    state: AlertState,
    past: Past,
    holding: &Holding,
) -> Decision {
    let is_told = past.told.is_some();
    match change {
        AlertChange::Resolved if is_told => Decision::Tell,
        AlertChange::Resolved => Decision::Drop(Why::NeverTold),
        AlertChange::Acknowledged if !is_told => Decision::Drop(Why::NeverTold),
        AlertChange::Acknowledged if holding.is_none() => Decision::Tell,
        AlertChange::Acknowledged => Decision::Drop(Why::HeldBack),
        AlertChange::Commented | AlertChange::Assigned => Decision::Drop(Why::Unspoken),
        AlertChange::Fired
        | AlertChange::Escalated
        | AlertChange::Deescalated
        | AlertChange::Flapping
        | AlertChange::Calmed => {
            let is_held = !holding.is_none();
            if !is_held && !past.was_held {
                return Decision::Tell;
            }
            match state {
                AlertState::Resolved => Decision::Drop(Why::Over),
                AlertState::Acknowledged => Decision::Drop(Why::Taken),
                AlertState::Firing | AlertState::Pending if is_held => Decision::Hold,
                AlertState::Firing | AlertState::Pending => {
                    if past.told == Some(severity) || past.is_followed {
                        Decision::Drop(Why::Superseded)
                    } else {
                        Decision::Tell
                    }
                }
            }
        }
    }
}
