//! All servers at a glance; never one of them in depth.

use leptos::prelude::*;

use crate::components::load_view::{Empty, Failed};
use crate::components::overview::controls::Controls;
use crate::components::overview::summary::Summary;
use crate::components::overview::table::FleetTable;
use crate::components::overview::view_state::OverviewView;
use crate::components::skeleton::{Shape, Skeleton};
use crate::state::fleet::use_fleet;
use crate::state::load::Loaded;
use crate::state::page::{Crumb, name_page};

/// All servers.
#[component]
pub fn OverviewPage() -> impl IntoView {
    name_page(|| vec![Crumb::here("Overview")]);
    let fleet = use_fleet();
    let asked = OverviewView::from_address();
    let content = move || {
        match fleet.state().get() {
        Loaded::Loading => view! { <Skeleton shape=Shape::Rows(8) /> }.into_any(),
        Loaded::Failed(error) => view! {
            <Failed text=error.message() on_retry=move |()| fleet.read_again() />
        }
        .into_any(),
        Loaded::Ready(()) | Loaded::Stale((), _) if fleet.order().with(Vec::is_empty) => view! {
            <Empty title="No servers yet" text="The first one shows itself as soon as it reports." />
        }
        .into_any(),
        Loaded::Ready(()) | Loaded::Stale((), _) => view! {
            <Controls asked />
            <FleetTable asked />
        }
        .into_any(),
    }
    };
    view! {
        <div class="page">
            <h1 class="unseen">"Overview"</h1>
            <Summary />
            {content}
        </div>
    }
}
