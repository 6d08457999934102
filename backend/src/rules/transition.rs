//! What an evaluation found to have changed; never what follows from it.

use common::alert::{AlertChange, Severity};
use common::time::UnixMs;
use serde::{Deserialize, Serialize};

/// A step that the rule itself takes in the life of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A threshold is crossed and waits for its time or for the cooldown; also when a pending
    /// alert became worse or milder.
    Pending,
    /// What was pending went away untold.
    Cleared,
    /// It begins to fire.
    Fired,
    /// It became worse.
    Escalated,
    /// It became milder.
    Deescalated,
    /// It is over.
    Resolved,
}

impl Step {
    /// What people and channels are told; `None` for what happens before a firing.
    pub const fn change(self) -> Option<AlertChange> {
        match self {
            Self::Pending | Self::Cleared => None,
            Self::Fired => Some(AlertChange::Fired),
            Self::Escalated => Some(AlertChange::Escalated),
            Self::Deescalated => Some(AlertChange::Deescalated),
            Self::Resolved => Some(AlertChange::Resolved),
        }
    }
}

/// A step with what was seen at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// What happened.
    pub step: Step,
    /// How bad it is now, or was last.
    pub severity: Severity,
    /// When.
    pub at: UnixMs,
    /// When the threshold was first crossed; equals `at` when it is not crossed any more.
    pub since: UnixMs,
    /// The value; `None` for an absence.
    pub value: Option<f64>,
    /// The threshold of that severity; `None` for an absence.
    pub threshold: Option<f64>,
}
