//! Routes, policies, handlers, problems; never SQL, never a rule of a domain.

mod cookie;
pub mod extract;
mod guard;
mod handlers;
mod headers;
pub mod openapi;
pub mod problem;
mod prom;
mod request_id;
mod route_table;
pub mod routes;
mod serve;
mod shape;
mod traffic;
pub mod ui;

pub use request_id::RequestId;
pub use serve::{Connection, application, server};
pub use traffic::Traffic;

#[cfg(test)]
mod tests;
