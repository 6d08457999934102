//! The pure engine over series; never a clock, never I/O.
//!
//! Data comes in through [`Source`]; charts, API, exports and rules all ask here.

mod aggregate;
mod chunks;
mod engine;
mod error;
mod last;
mod limits;
mod list;
mod periods;
mod points;
pub mod promql;
mod reader;
mod request;
mod rollup;
mod sketch;
mod slabs;
mod source;
mod thin;

pub use chunks::{Chunk, Chunks};
pub use engine::Engine;
pub use error::QueryError;
pub use last::Last;
pub use limits::{Activity, Limits};
pub use periods::{Ask, DAY_MS, HOUR_MS, Period};
pub use reader::Reader;
pub use request::{Answer, Request, Resolution};
pub use rollup::Rollup;
pub use sketch::Sketch;
pub use source::{Budget, Cancel, Rollups, Selector, Source};

pub use aggregate::aggregate;
pub use points::points;
