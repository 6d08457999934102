//! Overview.

use leptos::prelude::*;

use crate::state::page::{Crumb, name_page};

/// Overview.
#[component]
pub fn OverviewPage() -> impl IntoView {
    name_page(|| vec![Crumb::here("Overview")]);
}
