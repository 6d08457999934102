//! Readings of this host, typed; never knows who uses them.

mod exec;
pub mod local;
pub mod scrape;
