//! One route a file: load, arrange; never details of markup or a path of the API.

pub mod alerts;
pub mod database;
pub mod explore;
pub mod first_password;
pub mod lazy;
pub mod login;
pub mod not_found;
pub mod overview;
pub mod server;
pub mod settings;
pub mod starting;
pub mod users;
