//! The pieces of the pages around alerts, one a file; never the evaluation of a rule.

pub mod active_list;
pub mod acts;
pub mod bulk;
pub mod config_file;
pub mod conversation;
pub mod detail;
pub mod download;
pub mod filter;
pub mod filter_bar;
pub mod history_list;
pub mod on_call;
pub mod past;
pub mod picture;
pub mod row;
pub mod rule_draft;
pub mod rule_form;
pub mod rule_preview;
pub mod rule_table;
pub mod rule_trial;
pub mod snapshot;
pub mod sound;
pub mod tabs;
pub mod targets;
pub mod why;
pub mod words;
