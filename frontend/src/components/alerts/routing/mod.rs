//! Routes of messages, listed, edited, tried; never whom an alert went to.

pub mod dry_run;
pub mod route_draft;
pub mod route_form;
pub mod routes;
