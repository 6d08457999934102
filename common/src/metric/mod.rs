//! The catalogue of built-in metrics and the way from a sample to its series; never a stored value.

mod catalogue;
mod flatten;
#[cfg(test)]
mod page;

pub use catalogue::CATALOGUE;
pub use flatten::{Value, flatten};

use crate::units::Unit;
use serde::{Deserialize, Serialize};

/// How the values of a metric behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MetricKind {
    /// It goes up and down.
    Gauge,
    /// It only grows, and starts again at 0 with what it counts.
    Counter,
}

/// What part of a host a metric describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Processors, memory, load, sensors and the score.
    System,
    /// Processes, Watchpost's own among them.
    Process,
    /// Interfaces and sockets.
    Network,
    /// Filesystems and block devices.
    Disk,
    /// Values that others push.
    Custom,
}

/// A built-in metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name; the node exporter's where that one has the metric.
    pub name: &'static str,
    /// What its values are counted in.
    pub unit: Unit,
    /// How its values behave.
    pub kind: MetricKind,
    /// One line for a person.
    pub help: &'static str,
    /// Names of its labels, sorted.
    pub labels: &'static [&'static str],
    /// What it describes.
    pub category: Category,
}

impl Metric {
    /// The built-in metric of that name; `None` for a custom one.
    pub fn find(name: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|metric| metric.name == name)
    }

    /// Whether a metric only grows: what the catalogue says, for others what the end of the name says.
    pub fn is_counter(name: &str) -> bool {
        match Self::find(name) {
            Some(known) => known.kind == MetricKind::Counter,
            None => ["_total", "_count", "_sum", "_bucket"]
                .iter()
                .any(|end| name.ends_with(end)),
        }
    }
}
