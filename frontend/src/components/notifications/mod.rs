//! The pieces of the page about notifications: channels, their log, templates, browsers; never an alert.

use common::api::channels::Channel;

pub mod browsers;
pub mod channel_dialog;
pub mod channel_draft;
pub mod channel_fields;
pub mod channel_table;
pub mod delivery_dialog;
pub mod fared;
pub mod kinds;
pub mod log;
pub mod log_filter;
pub mod log_row;
pub mod push;
pub mod remove_dialog;
pub mod template_editor;
pub mod template_entered;
pub mod template_languages;
pub mod template_list;
pub mod template_preview;
pub mod template_versions;
pub mod test_dialog;
pub mod views;
pub mod words;

/// Which dialog about channels is open.
#[derive(Debug, Clone, PartialEq)]
pub enum Opened {
    /// A new channel.
    Add,
    /// A channel to be changed.
    Change(Box<Channel>),
    /// A channel to be tried.
    Test(Box<Channel>),
    /// A channel to be removed.
    Remove(Box<Channel>),
}
