//! The whole configuration of alerting as one file; never a secret of it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::channels::ChannelInput;
use super::rules::LeftOut;
use super::templates::TemplateInput;
use crate::alert::{
    InhibitionInput, PolicyInput, RouteInput, RuleInput, ScheduleInput, SilenceInput, WindowInput,
};
use crate::ids::UserId;

/// The version of the file that is written and read.
pub const ALERT_CONFIG_VERSION: u32 = 1;

/// The file. Its parts mean each other by the ids that stand in it; where it is read, what has the same
/// name as something of its kind is that.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertConfig {
    /// 1.
    pub version: u32,
    /// The people whom other parts mean; read by their user names and never made.
    pub people: Vec<ConfigPerson>,
    /// Templates of messages.
    pub templates: Vec<ConfigEntry<TemplateInput>>,
    /// Channels without their secrets. A secret that is written into the file is taken; one that is left
    /// out stays as it is.
    pub channels: Vec<ConfigEntry<ChannelInput>>,
    /// On-call schedules.
    pub schedules: Vec<ConfigEntry<ScheduleInput>>,
    /// Escalation policies.
    pub policies: Vec<ConfigEntry<PolicyInput>>,
    /// Routes.
    pub routes: Vec<ConfigEntry<RouteInput>>,
    /// Inhibitions.
    pub inhibitions: Vec<ConfigEntry<InhibitionInput>>,
    /// Maintenance windows that are not over.
    pub maintenance_windows: Vec<ConfigEntry<WindowInput>>,
    /// Silences that are not over.
    pub silences: Vec<ConfigEntry<SilenceInput>>,
    /// Rules.
    pub rules: Vec<RuleInput>,
}

/// A person whom the file means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfigPerson {
    /// How the file means the person.
    pub id: UserId,
    /// The user name.
    pub username: String,
}

/// An entry of the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfigEntry<T> {
    /// How other parts of the file mean it; may be left out.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Uuid,
    /// What a person wrote.
    #[serde(flatten)]
    pub input: T,
}

/// A part of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConfigPart {
    /// Templates of messages.
    Templates,
    /// Channels.
    Channels,
    /// On-call schedules.
    Schedules,
    /// Escalation policies.
    Policies,
    /// Routes.
    Routes,
    /// Inhibitions.
    Inhibitions,
    /// Maintenance windows.
    MaintenanceWindows,
    /// Silences.
    Silences,
    /// Rules.
    Rules,
}

impl ConfigPart {
    /// All, each after those that it may mean.
    pub const ALL: [Self; 9] = [
        Self::Templates,
        Self::Channels,
        Self::Schedules,
        Self::Policies,
        Self::Routes,
        Self::Inhibitions,
        Self::MaintenanceWindows,
        Self::Silences,
        Self::Rules,
    ];

    /// Its name in the file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Templates => "templates",
            Self::Channels => "channels",
            Self::Schedules => "schedules",
            Self::Policies => "policies",
            Self::Routes => "routes",
            Self::Inhibitions => "inhibitions",
            Self::MaintenanceWindows => "maintenance_windows",
            Self::Silences => "silences",
            Self::Rules => "rules",
        }
    }
}

/// An entry, told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfigItem {
    /// Where it belongs.
    pub part: ConfigPart,
    /// Its name; of a silence its place in the file.
    pub name: String,
}

/// What `POST /alerts/config` did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfigImported {
    /// Nothing was changed.
    pub dry_run: bool,
    /// What is new.
    pub added: Vec<ConfigItem>,
    /// What was replaced.
    pub replaced: Vec<ConfigItem>,
    /// What stays as it is.
    pub unchanged: Vec<ConfigItem>,
    /// What is over, and so was not taken.
    pub left_out: Vec<LeftOut>,
}
