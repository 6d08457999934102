//! Watched servers as the API gives them; never their credentials.

use super::patch::Patch;
use crate::host::{HostFacts, HostSample, Process};
use crate::ids::ServerId;
use crate::time::UnixMs;
use serde::{Deserialize, Serialize};

/// How samples of a server reach Watchpost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServerKind {
    /// It is the machine that Watchpost runs on.
    Local,
    /// An agent on it connects and sends.
    Agent,
    /// Watchpost logs in to it.
    Ssh,
    /// Others push its values.
    Push,
}

/// Whether samples of a server are taken, as a person chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Monitoring {
    /// Samples are taken and stored.
    Running,
    /// No sample is stored until it is started again.
    Stopped,
}

/// Whether a server reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServerStatus {
    /// It reported within three intervals (15 s at least).
    Up,
    /// It has been silent for longer.
    Down,
    /// It never reported since monitoring began.
    Unknown,
    /// It is disabled, or its monitoring is stopped.
    Paused,
}

/// A watched server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Server {
    /// Its id, the same for ever.
    pub id: ServerId,
    /// Its name, unique.
    pub name: String,
    /// How its samples come.
    pub kind: ServerKind,
    /// Where it is reached; `None` for kinds that connect by themselves.
    pub address: Option<String>,
    /// The group that it belongs to; `None` when it is in none.
    pub group: Option<String>,
    /// Free tags, sorted.
    pub tags: Vec<String>,
    /// Seconds between its samples.
    pub interval_seconds: u32,
    /// Watched at all.
    pub enabled: bool,
    /// Whether samples are taken.
    pub monitoring: Monitoring,
    /// Whether it reports.
    pub status: ServerStatus,
    /// Health, 0 to 100; `None` when processor and memory are both unknown, or it does not report.
    pub health_score: Option<f64>,
    /// Time of its last sample; `None` when it never reported.
    pub last_seen_at: Option<UnixMs>,
    /// What it is made of; `None` when it never reported.
    pub host: Option<HostFacts>,
    /// When it was added.
    pub created_at: UnixMs,
    /// When its settings were last changed.
    pub updated_at: UnixMs,
}

/// `PATCH /servers/{id}`: what is absent stays, `null` clears.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ServerPatch {
    /// Another group, 1 to 100 characters without a comma; `null`: none.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub group: Patch<String>,
}

/// The newest sample of a server: its fields, beside them whose and from when. JSON only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LatestSample {
    /// The server.
    pub server_id: ServerId,
    /// When the sample was taken; `None` when there is none yet.
    pub at: Option<UnixMs>,
    /// The sample with the processes read last; all its readings are absent when there is none yet.
    #[serde(flatten)]
    pub sample: HostSample,
}

/// The busiest processes of a server at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProcessList {
    /// When they were read; `None` when there is no reading at or before the wanted moment.
    pub at: Option<UnixMs>,
    /// The processes, most processor time first.
    pub items: Vec<Process>,
}
