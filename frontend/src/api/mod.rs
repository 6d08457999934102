//! Typed calls to the server, one file per resource; never a signal of a page.

pub mod alert_config;
pub mod alerts;
pub mod auth;
pub mod channels;
pub mod client;
pub mod database;
pub mod deliveries;
pub mod error;
pub mod escalation;
pub mod inbox;
pub mod jobs;
pub mod keys;
mod lock;
pub mod metrics;
pub mod noise;
pub mod people;
pub mod prom;
pub mod push;
pub mod remote_write;
mod request;
pub mod root;
pub mod routing;
pub mod rules;
pub mod scrape;
pub mod servers;
pub mod settings;
pub mod status;
pub mod telling;
pub mod templates;
pub mod users;

pub use client::{Client, Ended};
pub use error::ApiError;
pub use request::{Api, ChosenFile, SavedFile, in_address, use_api};
