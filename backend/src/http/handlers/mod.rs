//! One file per resource; each handler: allow, extract, call one domain function, map, return.

pub(super) mod alerts;
pub(super) mod auth;
pub(super) mod catalogue;
pub(super) mod custom;
pub(super) mod database;
pub(super) mod docs;
pub(super) mod exposition;
pub(super) mod health;
pub(super) mod inbox;
pub(super) mod infrastructure;
pub(super) mod jobs;
pub(super) mod keys;
pub(super) mod live;
pub(super) mod metrics;
mod no_such_server;
pub(super) mod people;
pub(super) mod prom;
pub(super) mod prom_about;
pub(super) mod prom_series;
pub(super) mod root;
pub(super) mod rules;
pub(super) mod scrape;
pub(super) mod servers;
pub(super) mod sessions;
pub(super) mod settings;
pub(super) mod status;
pub(super) mod users;
