//! What holds alerts back, and who is told one after the other; never what fires.

use leptos::prelude::*;

use crate::components::alerts::config_file::ConfigFile;
use crate::components::alerts::on_call::policies::Policies;
use crate::components::alerts::on_call::schedules::Schedules;
use crate::components::alerts::tabs::{AlertTabs, Tab};
use crate::components::alerts::targets::Names;
use crate::state::load::Load;
use crate::state::page::{Crumb, name_page};

/// What holds alerts back, and who is told one after the other.
#[component]
pub fn AlertSettingsPage() -> impl IntoView {
    name_page(|| vec![Crumb::to("Alerts", "/alerts"), Crumb::here("Settings")]);
    let names = Load::new(Names::read);
    view! {
        <div class="page">
            <h1 class="unseen">"Settings of alerts"</h1>
            <AlertTabs present=Tab::Settings />
            <Policies load=names />
            <Schedules load=names />
            <ConfigFile on_taken=move |()| names.again() />
        </div>
    }
}
