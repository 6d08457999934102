//! The pure engine over series; never a clock, never I/O.
//!
//! Data comes in through [`Source`]; charts, API, exports and rules all ask here.

mod aggregate;
mod chunks;
mod engine;
mod error;
mod points;
mod source;

pub use chunks::{Chunk, Chunks};
pub use engine::{Answer, Engine, Request};
pub use error::QueryError;
pub use source::{Budget, Cancel, Selector, Source};

pub use aggregate::aggregate;
pub use points::points;
