//! The pieces of one's own settings; never another page's.

pub mod api_keys;
pub mod key_dialog;
pub mod own_data;
pub mod preferences_form;
pub mod sessions;
pub mod telling;
pub mod telling_draft;
pub mod telling_through;
