//! The bar on top: where one is, how alive it is, messages, oneself; never navigation.

use leptos::prelude::*;
use leptos_router::components::A;

use super::bell::Bell;
use super::user_menu::UserMenu;
use crate::format::decimals;
use crate::live::{Link, use_live};
use crate::state::page::use_page_title;

/// The bar on top.
#[component]
pub fn TopBar() -> impl IntoView {
    view! {
        <header class="top">
            <Breadcrumb />
            <LiveIndicator />
            <Bell />
            <UserMenu />
        </header>
    }
}

#[component]
fn Breadcrumb() -> impl IntoView {
    let title = use_page_title();
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol class="crumbs__list">
                {move || {
                    title
                        .crumbs()
                        .into_iter()
                        .map(|crumb| match crumb.path {
                            Some(path) => {
                                view! {
                                    <li class="crumbs__step">
                                        <A href=path>{crumb.label}</A>
                                    </li>
                                }
                                    .into_any()
                            }
                            None => {
                                view! {
                                    <li class="crumbs__here" aria-current="page">
                                        {crumb.label}
                                    </li>
                                }
                                    .into_any()
                            }
                        })
                        .collect_view()
                }}
            </ol>
        </nav>
    }
}

/// A dot and a word for the live connection, with the measured delay.
#[component]
fn LiveIndicator() -> impl IntoView {
    let link = use_live().link();
    let state = move || match link.get() {
        Link::Connecting => ("waiting", "Connecting"),
        Link::Live { .. } => ("live", "Live"),
        Link::Reconnecting => ("waiting", "Reconnecting"),
        Link::Offline => ("offline", "Offline"),
    };
    let delay = move || match link.get() {
        Link::Live {
            delay_ms: Some(delay),
        } => Some(format!("{} ms", decimals(Some(delay.max(1.0)), 0))),
        _ => None,
    };
    // The delay changes every few seconds: read aloud it would be noise.
    view! {
        <div
            class=move || format!("live live--{}", state().0)
            title="How the live connection stands, and how long a message takes there and back"
        >
            <span class="live__dot" aria-hidden="true"></span>
            <span class="live__word" role="status">
                {move || state().1}
            </span>
            <span class="live__delay">{delay}</span>
        </div>
    }
}
