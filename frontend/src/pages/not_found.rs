//! An address that leads nowhere, or to what one may not see; never an error of the server.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::icon::Icon;
use crate::state::page::{Crumb, name_page};

/// Nothing is here.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    name_page(|| vec![Crumb::here("Not found")]);
    view! {
        <div class="blank">
            {Icon::Unknown.view()} <h1 class="blank__title">"There is no such page"</h1>
            <p class="blank__text">"The address may be mistyped, or what it showed is gone."</p>
            <A href="/" attr:class="button">
                "To the overview"
            </A>
        </div>
    }
}

/// Something is here, for others.
#[component]
pub fn NotAllowedPage() -> impl IntoView {
    name_page(|| vec![Crumb::here("Not allowed")]);
    view! {
        <div class="blank">
            {Icon::Key.view()} <h1 class="blank__title">"Your role does not include this page"</h1>
            <p class="blank__text">"An administrator can change your role."</p>
            <A href="/" attr:class="button">
                "To the overview"
            </A>
        </div>
    }
}
