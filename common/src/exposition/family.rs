//! How the values of a family of metrics behave, as the formats name it; never a value.

use serde::{Deserialize, Serialize};

/// How the values of a family behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum FamilyKind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Counts by upper bound.
    Histogram,
    /// The same of what goes up and down.
    GaugeHistogram,
    /// Quantiles.
    Summary,
    /// Labels that say something, always 1.
    Info,
    /// Which of several states holds.
    StateSet,
    /// Nobody says.
    Unknown,
}

/// Each with its word in OpenMetrics, and whether the text format has it as well.
const WORDS: [(FamilyKind, &str, bool); 8] = [
    (FamilyKind::Counter, "counter", true),
    (FamilyKind::Gauge, "gauge", true),
    (FamilyKind::Histogram, "histogram", true),
    (FamilyKind::GaugeHistogram, "gaugehistogram", false),
    (FamilyKind::Summary, "summary", true),
    (FamilyKind::Info, "info", false),
    (FamilyKind::StateSet, "stateset", false),
    (FamilyKind::Unknown, "unknown", false),
];

impl FamilyKind {
    /// The word in OpenMetrics, and in Prometheus's API.
    pub fn word(self) -> &'static str {
        let own = WORDS.iter().find(|(kind, ..)| *kind == self);
        own.map_or("unknown", |(_, word, _)| word)
    }

    /// The kind that OpenMetrics calls so.
    pub fn in_openmetrics(word: &str) -> Option<Self> {
        let own = WORDS.iter().find(|(_, known, _)| *known == word);
        own.map(|(kind, ..)| *kind)
    }

    /// The kind that the text format calls so.
    pub fn in_text(word: &str) -> Option<Self> {
        if word == "untyped" {
            return Some(Self::Unknown);
        }
        let mut own = WORDS.iter().filter(|(.., in_text)| *in_text);
        own.find(|(_, known, _)| *known == word)
            .map(|(kind, ..)| *kind)
    }

    /// Its number in the metadata of remote write.
    pub fn number(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Counter => 1,
            Self::Gauge => 2,
            Self::Histogram => 3,
            Self::GaugeHistogram => 4,
            Self::Summary => 5,
            Self::Info => 6,
            Self::StateSet => 7,
        }
    }

    /// The kind of that number in the metadata of remote write; one that nobody knows is unknown.
    pub fn of_number(number: u64) -> Self {
        let mut all = WORDS.iter().map(|(kind, ..)| *kind);
        all.find(|kind| u64::from(kind.number()) == number)
            .unwrap_or(Self::Unknown)
    }

    /// Whether OpenMetrics may say since when it counts, as a sample `…_created`.
    pub(super) fn has_creation(self) -> bool {
        matches!(self, Self::Counter | Self::Histogram | Self::Summary)
    }
}
