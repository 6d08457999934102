//! The parts of the pages around the databases.

pub mod job_row;
pub mod job_table;
pub mod kinds;
pub mod outlook;
pub mod plan_dialog;
pub mod retention;
pub mod tabs;
