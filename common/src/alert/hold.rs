//! What holds alerts back, as people write it: silences, maintenance windows, inhibitions; never whether one does.

use serde::{Deserialize, Serialize};

use super::LabelMatch;
use crate::calendar::TimeInterval;
use crate::ids::{InhibitionId, SilenceId, UserId, WindowId};
#[cfg(feature = "openapi")]
use crate::series::matcher::Matcher;
use crate::time::UnixMs;

/// A silence as a person writes it: alerts with these labels are not told until it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SilenceInput {
    /// Which alerts; at least one condition, and one that an absent label does not meet.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Matcher>))]
    pub matchers: LabelMatch,
    /// When it begins; left out: now.
    #[serde(default)]
    pub starts_at: Option<UnixMs>,
    /// When it ends; at most a year after it begins.
    pub ends_at: UnixMs,
    /// Why, up to 2,000 characters.
    #[serde(default)]
    pub comment: String,
}

impl SilenceInput {
    /// The same, ended at `now`; as it is when it is over.
    #[must_use]
    pub fn expired(self, now: UnixMs) -> Self {
        if self.ends_at <= now {
            return self;
        }
        Self {
            starts_at: self.starts_at.map(|at| at.min(now)),
            ends_at: now,
            ..self
        }
    }
}

/// Whether a silence is to come, holds, or is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SilenceState {
    /// It has not begun.
    Pending,
    /// It holds.
    Active,
    /// It is over.
    Expired,
}

/// A silence as the server keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Silence {
    /// Its id.
    pub id: SilenceId,
    /// Counts its changes, from 1; also its `ETag`.
    pub version: u32,
    /// Which alerts.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Matcher>))]
    pub matchers: LabelMatch,
    /// When it begins.
    pub starts_at: UnixMs,
    /// When it ends.
    pub ends_at: UnixMs,
    /// Why.
    pub comment: String,
    /// Whether it holds now.
    pub state: SilenceState,
    /// Who made it; `None` when the server did.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: UnixMs,
    /// When it was last changed.
    pub updated_at: UnixMs,
}

/// A maintenance window as a person writes it: while it is open, alerts with these labels are not told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WindowInput {
    /// 1 to 100 characters.
    pub name: String,
    /// Which alerts; empty: all.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Matcher>))]
    pub matchers: LabelMatch,
    /// When it is open.
    pub schedule: WindowSchedule,
    /// Why, up to 2,000 characters.
    #[serde(default)]
    pub comment: String,
    /// One that is switched off is kept and never open.
    #[serde(default = "switched_on")]
    pub enabled: bool,
}

/// When a maintenance window is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum WindowSchedule {
    /// Once.
    Once {
        /// From this moment.
        starts_at: UnixMs,
        /// To this moment, which is outside.
        ends_at: UnixMs,
    },
    /// Again and again: in any of these intervals.
    Recurring {
        /// 1 to 50 intervals.
        intervals: Vec<TimeInterval>,
    },
}

/// A maintenance window as the server keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MaintenanceWindow {
    /// Its id.
    pub id: WindowId,
    /// Counts its changes, from 1; also its `ETag`.
    pub version: u32,
    /// Whether it is open now.
    pub active: bool,
    /// When it closes, or closes next; `None` when it never opens again within 400 days.
    pub ends_at: Option<UnixMs>,
    /// When it opened, or opens next; `None` when it never opens again within 400 days.
    pub starts_at: Option<UnixMs>,
    /// Who made it; `None` when the server did.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: UnixMs,
    /// When it was last changed.
    pub updated_at: UnixMs,
    /// What a person wrote.
    #[serde(flatten)]
    pub input: WindowInput,
}

/// An inhibition as a person writes it: while a source fires, targets that agree with it in the
/// equal labels are not told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InhibitionInput {
    /// 1 to 100 characters.
    pub name: String,
    /// Which alerts hold others back.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Matcher>))]
    pub source_matchers: LabelMatch,
    /// Which alerts are held back.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Matcher>))]
    pub target_matchers: LabelMatch,
    /// Labels in which source and target have the same value; absent in both is the same.
    #[serde(default)]
    pub equal: Vec<String>,
    /// One that is switched off is kept and holds nothing back.
    #[serde(default = "switched_on")]
    pub enabled: bool,
}

/// An inhibition as the server keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inhibition {
    /// Its id.
    pub id: InhibitionId,
    /// Counts its changes, from 1; also its `ETag`.
    pub version: u32,
    /// Who made it; `None` when the server did.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: UnixMs,
    /// When it was last changed.
    pub updated_at: UnixMs,
    /// What a person wrote.
    #[serde(flatten)]
    pub input: InhibitionInput,
}

const fn switched_on() -> bool {
    true
}
