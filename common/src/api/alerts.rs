//! Requests and answers around alerts; the alert itself stands in `common::alert`.

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, AlertEvent, AlertState, Severity};
use crate::ids::ServerId;

/// Body of `POST /alerts/{id}/acknowledge` and `/resolve`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AlertAction {
    /// What the person says to it, up to 2,000 characters.
    #[serde(default)]
    pub comment: Option<String>,
}

/// Filter of the lists of alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AlertFilter {
    /// Only this state.
    #[serde(default)]
    pub state: Option<AlertState>,
    /// Only this severity.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Only this server.
    #[serde(default)]
    pub server: Option<ServerId>,
}

/// `GET /alerts/{id}`: the alert and what happened to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertDetail {
    /// The alert.
    #[serde(flatten)]
    pub alert: Alert,
    /// Its steps, oldest first.
    pub history: Vec<AlertEvent>,
}

/// `GET /alerts/engine`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EngineStatus {
    /// Whether rules are being evaluated.
    pub status: EngineState,
    /// Enabled rules.
    pub active_rules: u32,
    /// Alerts that are pending.
    pub pending: u32,
    /// Alerts that fire, acknowledged included.
    pub firing: u32,
}

/// Whether rules are being evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EngineState {
    /// Samples are evaluated as they come.
    Running,
    /// The last evaluation could not be written down.
    Failing,
}
