//! The parts of the explorer; never a chart of their own.

pub mod as_promql;
pub mod asked;
pub mod chosen;
pub mod controls;
pub mod finder;
pub mod picks;
pub mod plotted;
pub mod query;
pub mod receiver_table;
pub mod rhythm;
pub mod tabs;
pub mod target_table;
