//! The kinds of rules; never how one is evaluated.

use serde::{Deserialize, Serialize};

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// The value of each series against a warning and a critical threshold.
    #[default]
    Threshold,
    /// No sample from a server for `for_seconds`, at least 3 intervals and 15 s; always critical.
    Absence,
    /// How much each series changes a second over `window_seconds`, against the thresholds.
    Rate,
    /// Each series of what a PromQL expression is worth.
    Promql,
    /// Several conditions on values of the same server.
    Composite,
}

impl RuleKind {
    /// Every kind, the plainest first.
    pub const ALL: [Self; 5] = [
        Self::Threshold,
        Self::Absence,
        Self::Rate,
        Self::Promql,
        Self::Composite,
    ];

    /// The word in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Threshold => "threshold",
            Self::Absence => "absence",
            Self::Rate => "rate",
            Self::Promql => "promql",
            Self::Composite => "composite",
        }
    }

    /// Whether it is evaluated on its interval; the others follow each sample.
    pub const fn is_timed(self) -> bool {
        matches!(self, Self::Rate | Self::Promql | Self::Composite)
    }
}
