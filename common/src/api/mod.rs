//! Requests and answers of the HTTP API, one file per resource; never a database row.

pub mod alerts;
pub mod inbox;
pub mod list;
pub mod servers;
pub mod status;
