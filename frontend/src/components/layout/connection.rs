//! The one quiet line that says that the connection is lost; it goes by itself.

use leptos::prelude::*;

use crate::components::banner::{Banner, Tone};
use crate::live::{Link, use_live};

/// Says that what is shown is old, while it is.
#[component]
pub fn ConnectionBanner() -> impl IntoView {
    let link = use_live().link();
    move || match link.get() {
        Link::Connecting | Link::Live { .. } => None,
        Link::Reconnecting => Some(view! {
            <Banner tone=Tone::Warning>
                "The connection was lost and is being made again. What you see stays as it was."
            </Banner>
        }),
        Link::Offline => Some(view! {
            <Banner tone=Tone::Critical>
                "The server does not answer. It is tried again every few seconds; the page goes on by itself."
            </Banner>
        }),
    }
}
