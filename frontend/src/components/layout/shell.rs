//! The frame of the dashboard for somebody who is logged in; never who that is.

use leptos::html;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::attention;
use super::connection::ConnectionBanner;
use super::keys::{KeyHelp, Keys};
use super::rail::Rail;
use super::top_bar::TopBar;
use crate::live::use_live;

/// Navigation, top bar and the page between them.
#[component]
pub fn Shell() -> impl IntoView {
    let main = NodeRef::<html::Main>::new();
    let path = use_location().pathname;
    // After a jump the keyboard and the reader begin at the new page, not where the link was.
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now)
            && let Some(main) = main.get_untracked()
        {
            close_float();
            drop(main.focus());
        }
        now
    });
    let link = use_live().link();
    let keys = Keys::provide();
    attention::watch();
    view! {
        <a class="skip" href="#main">
            "Skip to the content"
        </a>
        <div class="shell">
            <Rail />
            <TopBar />
            <main
                class="shell__main"
                class:shell__main--stale=move || link.get().is_lost()
                id="main"
                tabindex="-1"
                node_ref=main
            >
                <ConnectionBanner />
                <Outlet />
            </main>
        </div>
        <KeyHelp keys />
    }
}

/// Closes the panel below the top bar that a link was pressed in.
fn close_float() {
    let open = document().query_selector(":popover-open").ok().flatten();
    if let Some(open) = open.and_then(|open| open.dyn_into::<HtmlElement>().ok()) {
        drop(open.hide_popover());
    }
}
