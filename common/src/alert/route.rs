//! To whom messages go, as people write it: routes, escalation policies; never where an alert goes.

use serde::{Deserialize, Serialize};

use super::LabelMatch;
use crate::calendar::TimeInterval;
use crate::ids::{ChannelId, PolicyId, RouteId, ScheduleId, UserId};
#[cfg(feature = "openapi")]
use crate::series::matcher::Matcher;
use crate::time::UnixMs;

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// All enabled channels.
    AllChannels,
    /// One channel.
    Channel {
        /// Which.
        id: ChannelId,
    },
    /// A person, as that person wants to be told.
    Person {
        /// Who.
        id: UserId,
    },
    /// Whoever is on call.
    Schedule {
        /// By which schedule.
        id: ScheduleId,
    },
    /// One after the other until somebody takes it.
    Policy {
        /// By which policy.
        id: PolicyId,
    },
}

/// A route as a person writes it. What it leaves out it has from the route around it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RouteInput {
    /// 1 to 100 characters.
    pub name: String,
    /// The lowest is asked first; of equals the older one. Routes inside another stand in their own order.
    #[serde(default)]
    pub position: u32,
    /// Which alerts; empty: all.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Matcher>))]
    pub matchers: LabelMatch,
    /// Only in one of these intervals; empty: always.
    #[serde(default)]
    pub active_times: Vec<TimeInterval>,
    /// Who is told; empty: as the route around it says, the outermost all enabled channels.
    #[serde(default)]
    pub targets: Vec<Target>,
    /// The routes behind it are asked as well; otherwise the first one that matches is the last.
    #[serde(default, rename = "continue")]
    pub goes_on: bool,
    /// Alerts with the same values of these labels are told in one message; empty: all that take
    /// this route. Left out everywhere: each alert for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_by: Option<Vec<String>>,
    /// For so long the first message of a group waits for others; 0 unless a route says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_wait_seconds: Option<u32>,
    /// After a message of a group the next one waits for so long; 300 unless a route says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_interval_seconds: Option<u32>,
    /// What still fires and was not taken is told again after so long; 0, never, unless a route
    /// says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_interval_seconds: Option<u32>,
    /// Routes inside: asked for what matches this one, before it takes the alert itself.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub routes: Vec<RouteInput>,
    /// One that is switched off is kept and takes nothing.
    #[serde(default = "switched_on")]
    pub enabled: bool,
}

/// A route as the server keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Route {
    /// Its id.
    pub id: RouteId,
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
    pub input: RouteInput,
}

/// An escalation policy as a person writes it: its steps are told one after the other until
/// somebody takes the alert, or it is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PolicyInput {
    /// 1 to 100 characters.
    pub name: String,
    /// 1 to 20 steps.
    pub steps: Vec<PolicyStep>,
    /// After the last step it begins anew after so long; 60 to 604,800. Left out: it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_after_seconds: Option<u32>,
}

/// A step of an escalation policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PolicyStep {
    /// How long after the step before, the first one after the firing; up to 604,800.
    #[serde(default)]
    pub delay_seconds: u32,
    /// Who is told; not another policy.
    pub targets: Vec<Target>,
}

/// An escalation policy as the server keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Policy {
    /// Its id.
    pub id: PolicyId,
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
    pub input: PolicyInput,
}

const fn switched_on() -> bool {
    true
}
