//! Accepts samples and pushed values, stamps and flattens them, hands them on; never waits for a reader.

mod board;
mod error;
mod firing;
mod keep;
mod losses;
mod metadata;
pub mod otlp;
mod pipeline;
pub mod push;
pub mod remote_write;
mod scraped;

pub use board::{Latest, Seen};
pub use error::IngestError;
pub use firing::FiringCounts;
pub use losses::{Losses, Lost};
pub use metadata::{Metadata, MetadataBook};
pub use pipeline::{Ingest, Keep, Kept, Outlets, Publish, SeriesCount};

use common::host::HostSample;
use common::ids::ServerId;
use common::series::SeriesKey;
use common::time::UnixMs;
use std::sync::Arc;

/// Values of series, each series once. What exporters say may be infinite or no number.
pub type Values = Arc<[(SeriesKey, f64)]>;

/// Stored values on their way to the rules. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Whose.
    pub server: ServerId,
    /// When they were so.
    pub at: UnixMs,
    /// The values.
    pub values: Values,
    /// Where they come from.
    pub origin: Origin,
}

/// Where values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A sample of the host: it lives.
    Host,
    /// Somebody pushed them: that says nothing about the host.
    Pushed,
}

/// A sample that was accepted. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ingested {
    /// Whose.
    pub server: ServerId,
    /// When it was taken.
    pub at: UnixMs,
    /// The readings.
    pub sample: Arc<HostSample>,
    /// The values of its series, the health score included.
    pub values: Values,
}

#[cfg(test)]
mod tests;
