//! What the server says about itself: name, weights of the score, roles, health; never about what it watches.

use serde::{Deserialize, Serialize};

use crate::access::{Permission, Role};
use crate::health::HealthWeights;

/// `GET /api/v1`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiRoot {
    /// Always `watchpost`.
    pub name: String,
    /// The server's version.
    pub version: String,
    /// Where the documentation of the API is, for people.
    pub docs: String,
    /// Where it is for programs.
    pub openapi: String,
    /// What readings and alerts cost in the health score, as the settings say.
    pub health: HealthWeights,
}

/// `GET /roles`: a row of the table of roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleRow {
    /// The role.
    pub role: Role,
    /// Everything it may do.
    pub permissions: Vec<Permission>,
}

/// `GET /health`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// The worst of the checks.
    pub status: HealthStatus,
    /// The server's version; `None` unless logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Seconds since the start; `None` unless logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uptime_seconds: Option<u64>,
    /// The parts; `None` unless logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks: Option<HealthChecks>,
    /// Questions about stored metrics; `None` unless logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queries: Option<QueryCounts>,
}

/// Questions about stored metrics since the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueryCounts {
    /// Those that are being answered.
    pub running: u64,
    /// Those that were ended because their client had gone.
    pub abandoned: u64,
    /// Those that took too long.
    pub timed_out: u64,
}

/// How the server's parts are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthChecks {
    /// Reads and commits.
    pub database: HealthStatus,
    /// Samples arrive and are stored.
    pub ingest: HealthStatus,
    /// Rules are evaluated.
    pub rules: HealthStatus,
    /// Messages are delivered.
    pub notifications: HealthStatus,
}

impl HealthChecks {
    /// The worst of the parts.
    pub fn worst(&self) -> HealthStatus {
        self.database
            .max(self.ingest)
            .max(self.rules)
            .max(self.notifications)
    }
}

/// How a part is, the best first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// Works.
    #[default]
    Ok,
    /// Works with losses.
    Degraded,
    /// Does not work.
    Failing,
}
