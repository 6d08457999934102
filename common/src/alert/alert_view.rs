//! An alert and the steps of its life as they cross a wire; never how it is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Severity;
use crate::ids::{AlertId, RuleId, ServerId, SilenceId, UserId, WindowId};
use crate::time::UnixMs;

/// Where an alert stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// The threshold is crossed, not yet for long enough.
    Pending,
    /// It fires and nobody has taken it.
    Firing,
    /// It fires and a person has taken it.
    Acknowledged,
    /// It is over.
    Resolved,
}

impl AlertState {
    /// The word in the API and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Firing => "firing",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
        }
    }
}

/// A step in the life of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertChange {
    /// It began to fire.
    Fired,
    /// Warning became critical.
    Escalated,
    /// Critical became warning.
    Deescalated,
    /// A person took it.
    Acknowledged,
    /// The rule or a person ended it.
    Resolved,
    /// A person said something to it.
    Commented,
    /// A person gave it to somebody, or to nobody.
    Assigned,
    /// It changes so often that its changes are not told until it is calm.
    Flapping,
    /// It is calm again and still fires.
    Calmed,
}

impl AlertChange {
    /// Whether channels and inboxes are told of it; what is said and who looks after an alert
    /// stands in its history alone.
    pub const fn is_told(self) -> bool {
        !matches!(self, Self::Commented | Self::Assigned)
    }

    /// Whether it tells of an alert that fires, and how bad it is.
    pub const fn says_how_bad(self) -> bool {
        matches!(
            self,
            Self::Fired | Self::Escalated | Self::Deescalated | Self::Flapping | Self::Calmed
        )
    }

    /// The word in the API and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Escalated => "escalated",
            Self::Deescalated => "deescalated",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Commented => "commented",
            Self::Assigned => "assigned",
            Self::Flapping => "flapping",
            Self::Calmed => "calmed",
        }
    }
}

/// One alert: an episode of one rule on one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// The rule that fired.
    pub rule_id: RuleId,
    /// The rule's name at that time.
    pub rule: String,
    /// The rule's version at that time.
    pub rule_version: u32,
    /// The server it is about.
    pub server_id: ServerId,
    /// That server's name.
    pub server: String,
    /// Labels of the series and of the rule.
    pub labels: BTreeMap<String, String>,
    /// How bad it is now, or was last.
    pub severity: Severity,
    /// Where it stands.
    pub state: AlertState,
    /// The value at its last step; `None` for an absence.
    pub value: Option<f64>,
    /// The threshold that was crossed; `None` for an absence.
    pub threshold: Option<f64>,
    /// One sentence for a person.
    pub message: String,
    /// When the threshold was first crossed.
    pub started_at: UnixMs,
    /// When a person took it.
    pub acknowledged_at: Option<UnixMs>,
    /// Who took it.
    pub acknowledged_by: Option<UserId>,
    /// Who looks after it.
    pub assignee: Option<UserId>,
    /// It changes so often that its changes are not told until it is calm.
    pub flapping: bool,
    /// When it ended.
    pub resolved_at: Option<UnixMs>,
    /// Who ended it; `None` when the rule did.
    pub resolved_by: Option<UserId>,
    /// Silences that hold it back now.
    #[serde(default)]
    pub silenced_by: Vec<SilenceId>,
    /// Maintenance windows that hold it back now.
    #[serde(default)]
    pub muted_by: Vec<WindowId>,
    /// Alerts that hold it back now.
    #[serde(default)]
    pub inhibited_by: Vec<AlertId>,
}

/// A line in an alert's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertEvent {
    /// Grows with every step of every alert.
    pub seq: u64,
    /// When.
    pub at: UnixMs,
    /// What happened.
    pub change: AlertChange,
    /// How bad it was then.
    pub severity: Severity,
    /// The value then; `None` for an absence or a person's step.
    pub value: Option<f64>,
    /// Who did it; `None` when the rule did.
    pub by: Option<UserId>,
    /// What the person said.
    pub comment: Option<String>,
    /// Who looks after it from then on; `None` for nobody, and for every other change.
    pub assignee: Option<UserId>,
    /// Nobody was told: the alert was flapping.
    pub held: bool,
}

/// What a person said to an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertComment {
    /// When.
    pub at: UnixMs,
    /// Who; `None` when the server itself gave the reason of a step.
    pub by: Option<UserId>,
    /// What.
    pub comment: String,
}

impl AlertComment {
    /// What was said in these steps, in their order.
    pub fn of(history: &[AlertEvent]) -> Vec<Self> {
        let said = |event: &AlertEvent| {
            Some(Self {
                at: event.at,
                by: event.by,
                comment: event.comment.clone()?,
            })
        };
        history.iter().filter_map(said).collect()
    }
}
