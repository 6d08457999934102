//! The pieces of one's own settings; never another page's.

pub mod preferences_form;
pub mod sessions;
