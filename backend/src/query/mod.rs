//! The pure engine over series; never a clock, never I/O.
//!
//! Data comes in through [`Source`]; charts, API, exports and rules all ask here.

mod aggregate;
mod chunks;
mod engine;
mod error;
mod hours;
mod points;
mod rollup;
mod sketch;
mod source;

pub use chunks::{Chunk, Chunks};
pub use engine::{Answer, Engine, Request, Resolution};
pub use error::QueryError;
pub use hours::HOUR_MS;
pub use rollup::Rollup;
pub use sketch::Sketch;
pub use source::{Budget, Cancel, Hours, Selector, Source};

pub use aggregate::aggregate;
pub use points::points;
