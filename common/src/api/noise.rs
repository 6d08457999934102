//! Requests and answers around what holds alerts back; silences themselves stand in `common::alert`.

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, LabelMatch};
#[cfg(feature = "openapi")]
use crate::series::matcher::Matcher;

/// Body of `POST /alerts/silences/preview`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SilencePreviewInput {
    /// Which alerts.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Matcher>))]
    pub matchers: LabelMatch,
}

/// What a silence would hold back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SilencePreview {
    /// Up to 200 of the alerts that fire now and match, the oldest first.
    pub alerts: Vec<Alert>,
    /// How many fire now and match.
    pub total: u64,
}
