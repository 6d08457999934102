//! What holds alerts back, and who is told; never what fires.

use common::access::Permission;
use leptos::prelude::*;

use crate::components::alerts::config_file::ConfigFile;
use crate::components::alerts::noise::inhibitions::Inhibitions;
use crate::components::alerts::noise::silence_list::Silences;
use crate::components::alerts::noise::windows::Windows;
use crate::components::alerts::on_call::policies::Policies;
use crate::components::alerts::on_call::schedules::Schedules;
use crate::components::alerts::routing::routes::Routes;
use crate::components::alerts::tabs::{AlertTabs, Tab};
use crate::components::alerts::targets::Names;
use crate::state::load::Load;
use crate::state::page::{Crumb, name_page};
use crate::state::session::use_session;

/// What holds alerts back, and who is told.
#[component]
pub fn AlertSettingsPage() -> impl IntoView {
    name_page(|| vec![Crumb::to("Alerts", "/alerts"), Crumb::here("Settings")]);
    let session = use_session();
    let may_know_people = session.may(Permission::PeopleRead);
    let names = Load::new(move |api| Names::read(api, may_know_people));
    let taken = RwSignal::new(0_u32);
    let on_taken = move |()| {
        names.again();
        taken.update(|times| *times += 1);
    };
    view! {
        <div class="page">
            <h1 class="unseen">"Settings of alerts"</h1>
            <AlertTabs present=Tab::Settings />
            <Silences names taken />
            <Show when=move || session.may(Permission::NotificationsRead)>
                <Routes names taken />
            </Show>
            <Policies load=names />
            <Schedules load=names />
            <Windows taken />
            <Inhibitions taken />
            <ConfigFile on_taken />
        </div>
    }
}
