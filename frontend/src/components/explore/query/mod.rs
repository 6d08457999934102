//! The parts of the query page; never what an expression means.

pub mod asked;
pub mod chart;
pub mod earlier;
pub mod editor;
pub mod in_builder;
pub mod list;
pub mod names;
pub mod outcome;
pub mod problem;
pub mod table;
