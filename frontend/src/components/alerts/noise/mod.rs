//! What holds alerts back, listed and edited: silences, maintenance windows, inhibitions; never who is told.

pub mod conditions;
pub mod hits;
pub mod inhibition_form;
pub mod inhibitions;
pub mod moment_field;
pub mod quick_silence;
pub mod silence_button;
pub mod silence_form;
pub mod silence_list;
pub mod window_form;
pub mod windows;
