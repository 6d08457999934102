//! The Watchpost server: collect → ingest → store → query → rules → alerts → notify, beside them `live`.

pub mod alerts;
pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod collect;
pub mod config;
pub mod egress;
pub mod exposition;
pub mod fleet;
pub mod forward;
pub mod http;
pub mod ingest;
pub mod jobs;
pub mod live;
pub mod notify;
pub mod protobuf;
pub mod query;
pub mod rules;
pub mod sealed;
pub mod store;
pub mod tasks;
pub mod telemetry;
