//! Who is on call, as it is asked for and answered; schedules themselves stand in `common::alert`.

use serde::{Deserialize, Serialize};

use crate::ids::UserId;
use crate::time::UnixMs;

/// Query of `GET /alerts/schedules/{id}/on-call`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct OnCallQuery {
    /// When; left out: now.
    #[serde(default)]
    pub at: Option<UnixMs>,
}

/// Query of `GET /alerts/schedules/{id}/final`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct FinalQuery {
    /// From when on; left out: now.
    #[serde(default)]
    pub from: Option<UnixMs>,
    /// Up to when, at most 400 days later; left out: four weeks later.
    #[serde(default)]
    pub to: Option<UnixMs>,
}

/// Who is on call at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OnCallNow {
    /// The moment.
    pub at: UnixMs,
    /// Who; `None`: nobody.
    pub person: Option<UserId>,
}
