//! The pieces that pages are arranged from, one a file; never a request.

pub mod alerts;
pub mod banner;
pub mod button;
pub mod chart;
pub mod confirm;
pub mod database;
pub mod dialog;
pub mod explore;
pub mod form;
pub mod health_ring;
pub mod icon;
pub mod intervals;
pub mod layout;
pub mod load_view;
pub mod meter;
pub mod overview;
pub mod page;
pub mod password_form;
pub mod server;
pub mod settings;
pub mod skeleton;
pub mod sort_head;
pub mod sparkline;
pub mod status;
pub mod toast;
pub mod users;
