//! The pieces of the users page; never another page's.

pub mod delete_dialog;
pub mod table;
pub mod user_dialog;
