//! The pieces of the overview; never another page's.

pub mod controls;
pub mod order;
pub mod row;
pub mod summary;
pub mod table;
pub mod view_state;
