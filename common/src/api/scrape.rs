//! Exporters that are scraped, and how that goes; never what they say.

use serde::{Deserialize, Serialize};

use crate::ids::ServerId;
use crate::series::Labels;
use crate::time::UnixMs;

/// How the last scrape of a target went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TargetState {
    /// What it said is stored.
    Up,
    /// Nothing of it is.
    Down,
    /// It was not scraped yet.
    Unknown,
}

/// An exporter that is scraped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScrapeTarget {
    /// Name of its job.
    pub job: String,
    /// Where it is asked; what looks like a secret is left out.
    pub url: String,
    /// The server that its series belong to; `None` when there is none of that name.
    pub server: Option<ServerId>,
    /// That server's name.
    pub server_name: String,
    /// The labels that its series get.
    pub labels: Labels,
    /// How the last scrape went.
    pub state: TargetState,
    /// Seconds between two scrapes.
    pub interval_seconds: u64,
    /// Seconds after which a scrape is given up.
    pub timeout_seconds: u64,
    /// When the last scrape began; `None` before the first.
    pub last_scrape_at: Option<UnixMs>,
    /// How long it took, in seconds; `None` before the first.
    pub duration_seconds: Option<f64>,
    /// Values that it brought; `None` before the first.
    pub samples: Option<usize>,
    /// Why nothing of it was taken; `None` when something was.
    pub last_error: Option<String>,
    /// Scrapes that failed since Watchpost was started or the target was found.
    pub failures: u64,
    /// When the next scrape begins.
    pub next_scrape_at: UnixMs,
}
