//! What crosses a wire, and the formulas that both sides show; never I/O, a clock, or a database.

pub mod alert;
pub mod api;
pub mod ids;
pub mod time;
