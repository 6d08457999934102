//! Scheduled jobs: each runs by its plan or when a person asks; never two runs of one at a time.

mod error;
mod plan;
mod scheduler;
mod work;

pub use error::JobError;
pub use plan::Jobs;
pub use work::Work;
