//! The one table of routes: method, path, who may come in, handler; never what a handler does.

use actix_web::web;

use super::handlers;
pub use super::route_table::Row;
use super::route_table::{Entry, register, routes};

routes! {
    GET     "/health"                               Public          health::health;
    GET     "/health/live"                          Public          health::live;
    GET     "/health/ready"                         Public          health::ready;
    GET     "/api/v1"                               Public          root::root;
    GET     "/api/v1/openapi.json"                  Public          root::openapi;
    GET     "/api/v1/roles"                         SelfService     root::roles;
}

/// Registers every route.
pub fn configure(server: &mut web::ServiceConfig) {
    register(entries(), server);
}
