//! Users.

use leptos::prelude::*;

use crate::state::page::{Crumb, name_page};

/// Users.
#[component]
pub fn UsersPage() -> impl IntoView {
    name_page(|| vec![Crumb::here("Users")]);
}
