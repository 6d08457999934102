//! Requests and answers of the HTTP API, one file per resource; never a database row.

pub mod alerts;
pub mod auth;
pub mod catalogue;
pub mod channels;
pub mod custom;
pub mod database;
pub mod deliveries;
pub mod inbox;
pub mod infrastructure;
pub mod jobs;
pub mod keys;
pub mod list;
pub mod metrics;
pub mod patch;
pub mod people;
pub mod remote_write;
pub mod root;
pub mod rules;
pub mod scrape;
pub mod series_match;
pub mod servers;
pub mod settings;
pub mod status;
pub mod templates;
pub mod users;
pub mod webhook;
