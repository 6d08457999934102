//! What fires now; never what is over.

use leptos::prelude::*;

use crate::components::alerts::active_list::ActiveList;
use crate::components::alerts::download::Downloads;
use crate::components::alerts::sound::SoundSwitch;
use crate::components::alerts::tabs::{AlertTabs, Tab};
use crate::state::page::{Crumb, name_page};

/// What fires now.
#[component]
pub fn ActiveAlertsPage() -> impl IntoView {
    name_page(|| vec![Crumb::here("Alerts")]);
    view! {
        <div class="page">
            <h1 class="unseen">"Alerts"</h1>
            <AlertTabs present=Tab::Active aside=|| {
                view! {
                    <SoundSwitch />
                    <Downloads />
                }
            } />
            <ActiveList />
        </div>
    }
}
