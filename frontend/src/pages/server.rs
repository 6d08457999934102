//! One server in charts and tables; never another one.

use leptos::prelude::*;

use crate::state::page::{Crumb, name_page};

/// One server.
#[component]
pub fn ServerPage() -> impl IntoView {
    name_page(|| vec![Crumb::to("Servers", "/"), Crumb::here("Server")]);
}
