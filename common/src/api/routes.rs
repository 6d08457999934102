//! The dry run of routes: where an alert with these labels would go; routes themselves stand in `common::alert`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::alert::Target;
use crate::ids::{ChannelId, RouteId, UserId};
use crate::time::UnixMs;

/// Body of `POST /notifications/routes/dry-run`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RouteDryRunInput {
    /// Labels of the alert that is thought of, such as `alertname`, `server`, `group`, `severity`.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// When; left out: now.
    #[serde(default)]
    pub at: Option<UnixMs>,
}

/// Where it would go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RouteDryRun {
    /// The routes that take it.
    pub taken: Vec<TakenRoute>,
    /// Every route in the order in which they are asked, and why it does or does not take it.
    pub asked: Vec<AskedRoute>,
}

/// A route that takes the alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TakenRoute {
    /// The outermost route; `None`: the default one.
    pub route: Option<RouteId>,
    /// Names from the outermost to the one that takes it; empty: the default one.
    pub path: Vec<String>,
    /// Who is told.
    pub targets: Vec<TargetReached>,
    /// Labels whose values make a group; `None`: each alert for itself.
    pub group_by: Option<Vec<String>>,
    /// How long the first message of a group waits.
    pub group_wait_seconds: u32,
    /// How long each next one waits.
    pub group_interval_seconds: u32,
    /// After how long what still fires is told again; 0: never.
    pub repeat_interval_seconds: u32,
}

/// Where a target leads at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TargetReached {
    /// The target.
    pub target: Target,
    /// Channels that are told; empty for a policy, and when nobody is.
    pub channels: Vec<ChannelId>,
    /// The person who is told, by the person's own channels.
    pub person: Option<UserId>,
    /// Why nobody is told, or later; `None` when there is nothing to say.
    pub note: Option<String>,
}

/// How a route was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskedRoute {
    /// The outermost route.
    pub route: RouteId,
    /// Names from the outermost to this one.
    pub path: Vec<String>,
    /// It takes the alert, itself or by one inside it.
    pub takes: bool,
    /// Why, or why not.
    pub reason: String,
}
