//! Settings.

use leptos::prelude::*;

use crate::state::page::{Crumb, name_page};

/// Settings.
#[component]
pub fn SettingsPage() -> impl IntoView {
    name_page(|| vec![Crumb::here("Settings")]);
}
