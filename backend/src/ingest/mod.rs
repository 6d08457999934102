//! Accepts samples, stamps and flattens them, hands them on; never waits for a reader.

mod board;
mod error;
mod firing;
mod losses;
mod pipeline;

pub use board::{Latest, Seen};
pub use error::IngestError;
pub use firing::FiringCounts;
pub use losses::{Losses, Lost};
pub use pipeline::{Ingest, Keep, Kept, Outlets, Publish};

use common::host::HostSample;
use common::ids::ServerId;
use common::metric::Value;
use common::time::UnixMs;
use std::sync::Arc;

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
    pub values: Arc<[Value]>,
}

#[cfg(test)]
mod tests;
