//! The receivers that get what is stored, and how far they are; never what is sent.

use leptos::prelude::*;

use crate::api::remote_write;
use crate::components::banner::{Banner, Tone};
use crate::components::explore::receiver_table::ReceiverTable;
use crate::components::explore::rhythm::every;
use crate::components::explore::tabs::{ExploreTabs, Tab};
use crate::components::load_view::load_view;
use crate::components::skeleton::Shape;
use crate::reactive::memo;
use crate::state::load::{Load, Loaded};
use crate::state::page::{Crumb, name_page};

/// Seconds between two looks.
const SECONDS: u32 = 5;

/// What stands below the tabs.
#[derive(Clone, Copy, PartialEq)]
enum Below {
    Waiting,
    Nothing,
    Receivers,
}

/// The receivers of remote writes.
#[component]
pub fn RemoteWritePage() -> impl IntoView {
    name_page(|| {
        vec![
            Crumb::to("Explore", "/explore"),
            Crumb::here("Remote write"),
        ]
    });
    let load = Load::new(remote_write::receivers);
    every(SECONDS, load);
    // The table stays where it is while its rows change.
    let below = memo(move || {
        load.state().with(|state| match state.value() {
            None => Below::Waiting,
            Some(all) if all.is_empty() => Below::Nothing,
            Some(_) => Below::Receivers,
        })
    });
    let stale = move || {
        load.state().with(|state| match state {
            Loaded::Stale(_, error) => Some(error.message()),
            Loaded::Loading | Loaded::Ready(_) | Loaded::Failed(_) => None,
        })
    };
    view! {
        <div class="page">
            <header class="page__head">
                <h1>"Remote write"</h1>
            </header>
            <ExploreTabs present=Tab::RemoteWrite />
            {move || {
                stale()
                    .map(|text| {
                        view! { <Banner tone=Tone::Warning>"Not read anew: " {text}</Banner> }
                    })
            }}
            {move || match below.get() {
                Below::Waiting => load_view(load, Shape::Rows(2), |_, _| ()).into_any(),
                Below::Nothing => view! { <HowToAdd /> }.into_any(),
                Below::Receivers => view! { <ReceiverTable load /> }.into_any(),
            }}
        </div>
    }
}

/// What to write where, so that there is a receiver.
#[component]
fn HowToAdd() -> impl IntoView {
    const RECEIVER: &str =
        "[[remote_write]]\nname = \"long-term\"\nurl = \"https://victoria.example/api/v1/write\"";
    view! {
        <section class="panel targets__none">
            <h2>"Nothing is sent on"</h2>
            <p>
                "Watchpost sends what it stores to anything that takes Prometheus's remote writes. Add a receiver to the configuration file and start Watchpost anew:"
            </p>
            <pre class="targets__example values" tabindex="0">{RECEIVER}</pre>
            <p class="muted">
                "All settings of a receiver, and how others write to Watchpost, stand in "
                <span class="values">"docs/remote-write.md"</span> "."
            </p>
        </section>
    }
}
