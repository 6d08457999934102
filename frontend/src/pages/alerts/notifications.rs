//! How people are told of alerts: channels, log, templates, browsers; never an alert.

use common::access::Permission;
use leptos::prelude::*;

use crate::api::channels;
use crate::components::alerts::tabs::{AlertTabs, Tab};
use crate::components::button::{Button, ButtonKind};
use crate::components::icon::Icon;
use crate::components::load_view::load_view;
use crate::components::notifications::Opened;
use crate::components::notifications::browsers::BrowsersPart;
use crate::components::notifications::channel_dialog::ChannelDialog;
use crate::components::notifications::channel_table::ChannelTable;
use crate::components::notifications::log::Log;
use crate::components::notifications::remove_dialog::RemoveDialog;
use crate::components::notifications::template_list::Templates;
use crate::components::notifications::test_dialog::TestDialog;
use crate::components::notifications::views::{PATH, Part, Parts, use_part};
use crate::components::skeleton::Shape;
use crate::state::load::Load;
use crate::state::page::{Crumb, name_page};
use crate::state::session::use_session;

/// How people are told of alerts.
#[component]
pub fn NotificationsPage() -> impl IntoView {
    let part = use_part();
    name_page(move || {
        let alerts = Crumb::to("Alerts", "/alerts");
        match part.get() {
            Part::Channels => vec![alerts, Crumb::here("Notifications")],
            other => vec![
                alerts,
                Crumb::to("Notifications", PATH),
                Crumb::here(other.label()),
            ],
        }
    });
    let content = move || match part.get() {
        Part::Channels => view! { <Channels /> }.into_any(),
        Part::Log => view! { <Log /> }.into_any(),
        Part::Templates => view! { <Templates /> }.into_any(),
        Part::Browsers => view! { <BrowsersPart /> }.into_any(),
    };
    view! {
        <div class="page">
            <h1 class="unseen">{move || part.get().label()}</h1>
            <AlertTabs present=Tab::Notifications />
            {content}
        </div>
    }
}

/// Where messages go.
#[component]
fn Channels() -> impl IntoView {
    let session = use_session();
    let load = Load::new(channels::list_told);
    let opened = RwSignal::new(None::<Opened>);
    let dialog = move || match opened.get() {
        None => ().into_any(),
        Some(Opened::Add) => view! { <ChannelDialog channel=None opened load /> }.into_any(),
        Some(Opened::Change(it)) => {
            view! { <ChannelDialog channel=Some(*it) opened load /> }.into_any()
        }
        Some(Opened::Test(it)) => view! { <TestDialog channel=*it opened /> }.into_any(),
        Some(Opened::Remove(it)) => view! { <RemoveDialog channel=*it opened load /> }.into_any(),
    };
    let add = move || {
        session.may(Permission::ChannelsWrite).then(|| {
            view! {
                <Button
                    kind=ButtonKind::Main
                    icon=Icon::Plus
                    on_press=move |_| opened.set(Some(Opened::Add))
                >
                    "Add a channel"
                </Button>
            }
        })
    };
    view! {
        <div class="views-row">
            <Parts />
            {add}
        </div>
        {load_view(
            load,
            Shape::Rows(4),
            move |told, load| view! { <ChannelTable told load opened /> },
        )}
        {dialog}
    }
}
