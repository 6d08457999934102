//! Readings of this host, typed; never knows who uses them.

pub mod local;
