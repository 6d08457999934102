//! What crosses a wire, and the formulas that both sides show; never I/O, a clock, or a database.

pub mod access;
pub mod alert;
pub mod api;
pub mod calendar;
pub mod chart;
pub mod csv;
pub mod exposition;
pub mod health;
pub mod host;
pub mod ids;
pub mod json_fault;
pub mod language;
pub mod live;
pub mod metric;
pub mod problem;
pub mod schedule;
pub mod series;
pub mod time;
pub mod units;
pub mod version;
