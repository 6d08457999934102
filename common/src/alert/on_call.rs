//! Who is on call, as people write it: layers that rotate, and exceptions; never who it is now.

use serde::{Deserialize, Serialize};

use crate::calendar::{MinuteOfDay, TimeInterval};
use crate::ids::{ScheduleId, UserId};
use crate::time::UnixMs;

/// An on-call schedule as a person writes it. An override goes before every layer, and a later
/// layer before an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ScheduleInput {
    /// 1 to 100 characters.
    pub name: String,
    /// IANA name of the time zone of its days and times; left out: UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// 1 to 20 layers.
    pub layers: Vec<Layer>,
    /// Exceptions, up to 200; of two at once the later one in the list holds.
    #[serde(default)]
    pub overrides: Vec<Override>,
}

/// People who take turns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// In the order of their turns; 1 to 100.
    pub people: Vec<UserId>,
    /// How long a turn is.
    pub rotation: Rotation,
    /// The day on which the first turn begins, `YYYY-MM-DD`.
    pub starts_on: String,
    /// The time of the day at which turns change, `HH:MM`; left out: midnight.
    #[serde(default = "midnight")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub hand_over_time: MinuteOfDay,
    /// On call only in one of these intervals; empty: always. Without a zone of their own they are
    /// in the schedule's.
    #[serde(default)]
    pub active_times: Vec<TimeInterval>,
}

/// How long a turn is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rotation {
    /// A day, from hand-over to hand-over: 23 or 25 hours when the clock changes.
    Daily,
    /// Seven such days.
    Weekly,
    /// So many such days.
    Days {
        /// 1 to 365.
        days: u16,
    },
    /// So many hours, whatever the clock does.
    Hours {
        /// 1 to 720.
        hours: u16,
    },
}

/// Somebody is on call instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Who.
    pub person: UserId,
    /// From this moment.
    pub starts_at: UnixMs,
    /// To this moment, which is outside.
    pub ends_at: UnixMs,
}

/// An on-call schedule as the server keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OnCallSchedule {
    /// Its id.
    pub id: ScheduleId,
    /// Counts its changes, from 1; also its `ETag`.
    pub version: u32,
    /// Times of the next four weeks at which nobody is on call.
    pub gaps: Vec<Gap>,
    /// Who made it; `None` when the server did.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: UnixMs,
    /// When it was last changed.
    pub updated_at: UnixMs,
    /// What a person wrote.
    #[serde(flatten)]
    pub input: ScheduleInput,
}

/// A time at which nobody is on call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gap {
    /// The first moment.
    pub from: UnixMs,
    /// The first moment after it.
    pub to: UnixMs,
}

/// A turn as it comes out of layers and overrides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Turn {
    /// The first moment.
    pub from: UnixMs,
    /// The first moment after it.
    pub to: UnixMs,
    /// Who is on call; `None`: nobody.
    pub person: Option<UserId>,
}

const fn midnight() -> MinuteOfDay {
    MinuteOfDay(0)
}
