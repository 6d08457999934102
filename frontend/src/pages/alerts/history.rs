//! What fired before; never what may fire.

use leptos::prelude::*;

use crate::components::alerts::download::Downloads;
use crate::components::alerts::history_list::HistoryList;
use crate::components::alerts::tabs::{AlertTabs, Tab};
use crate::state::page::{Crumb, name_page};

/// What fired before.
#[component]
pub fn AlertHistoryPage() -> impl IntoView {
    name_page(|| vec![Crumb::to("Alerts", "/alerts"), Crumb::here("History")]);
    view! {
        <div class="page">
            <h1 class="unseen">"Alerts that fired"</h1>
            <AlertTabs present=Tab::History aside=|| view! { <Downloads /> } />
            <HistoryList />
        </div>
    }
}
