//! One server in charts and tables; never another one.

pub mod address;
pub mod book;
pub mod charts;
pub mod history;
pub mod reading;

use std::str::FromStr;
use std::time::Duration;

use common::alert::Alert;
use common::api::alerts::AlertFilter;
use common::api::servers::Server;
use common::ids::ServerId;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use self::address::{Address, Range};
use self::book::Book;
use crate::api::{alerts, rules, servers};
use crate::browser;
use crate::components::chart::{ChartGroup, View};
use crate::components::load_view::load_view;
use crate::components::server::alerts_panel::AlertsPanel;
use crate::components::server::charts::{Marked, OtherCharts, ProcessorCharts};
use crate::components::server::disks::Disks;
use crate::components::server::head::ServerHead;
use crate::components::server::processes::Processes;
use crate::components::server::temperatures::Temperatures;
use crate::components::skeleton::Shape;
use crate::pages::not_found::NotFoundPage;
use crate::places::server_path;
use crate::reactive::memo;
use crate::state::alerts::use_alerts;
use crate::state::load::Load;
use crate::state::page::{Crumb, name_page};
use crate::state::samples::watch_samples;
use crate::state::ticker::use_now;

/// A zoom must rest this long before it is written into the address.
const REST: Duration = Duration::from_millis(400);

/// One server.
#[component]
pub fn ServerPage() -> impl IntoView {
    let params = use_params_map();
    let id = memo(move || {
        params.with(|params| params.get("id").and_then(|id| ServerId::from_str(&id).ok()))
    });
    move || match id.get() {
        Some(id) => view! { <OneServer id /> }.into_any(),
        None => view! { <NotFoundPage /> }.into_any(),
    }
}

#[component]
fn OneServer(id: ServerId) -> impl IntoView {
    let query = use_query_map();
    let address = query.with_untracked(|query| Address::read(|name| query.get(name)));
    let group = ChartGroup::provide(address.range.view());
    group.show(address.view(browser::now()));
    group.pin(address.at);
    let range = RwSignal::new(address.range);
    provide_context(range);
    follow_address(id, group, range);

    let load = Load::new(move |api| servers::read(api, id));
    name_page(move || {
        let name = load
            .state()
            .with(|state| state.value().map(|it| it.name.clone()));
        vec![
            Crumb::to("Servers", "/"),
            Crumb::here(name.as_deref().unwrap_or("Server")),
        ]
    });
    let live = watch_samples(id);
    let book = Book::open(id, group, live);
    let marked = marked(id);
    let now = use_now();
    let is_stale =
        move || live.with(|live| live.as_ref().is_some_and(|live| live.is_stale(now.get())));
    let show = move |server: Server, load| view! { <ServerHead server load live /> };
    view! {
        <div class="page">
            {load_view(load, Shape::Rows(2), show)}
            <div class="server-grid live-data" class:stale=is_stale>
                <ProcessorCharts book marked />
                <OtherCharts book marked />
                <div class="server-grid__third">
                    <Disks live />
                </div>
                <div class="server-grid__third server-grid__stack">
                    <AlertsPanel server=id />
                    <Temperatures live />
                </div>
                <div class="server-grid__full">
                    <Processes server=id live />
                </div>
            </div>
        </div>
    }
}

/// The rules, and the server's alerts: those that fire and those of the past.
fn marked(id: ServerId) -> Marked {
    let active = use_alerts();
    let rules = Load::new(rules::list);
    let past = Load::new(move |api| {
        active.changes().track();
        let filter = AlertFilter {
            server: Some(id),
            ..AlertFilter::default()
        };
        async move {
            alerts::history(api, &filter, None)
                .await
                .map(|page| page.items)
        }
    });
    let alerts = memo(move || {
        let mut all: Vec<Alert> = past
            .state()
            .with(|state| state.value().cloned().unwrap_or_default());
        active.items().with(|items| {
            all.retain(|alert| !items.iter().any(|firing| firing.id == alert.id));
            all.extend(items.iter().filter(|alert| alert.server_id == id).cloned());
        });
        all
    });
    let rules = memo(move || {
        rules
            .state()
            .with(|state| state.value().cloned().unwrap_or_default())
    });
    Marked { rules, alerts }
}

/// The address says what is shown, and what is shown is written into the address.
fn follow_address(id: ServerId, group: ChartGroup, range: RwSignal<Range>) {
    let query = use_query_map();
    let navigate = use_navigate();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let written = StoredValue::new(None::<Address>);
    let shown = memo(move || Address {
        range: range.get(),
        zoom: match group.view().get() {
            View::Fixed(window) => Some(window),
            View::Live { .. } => None,
        },
        at: group.pinned().get(),
    });
    // Back and forward, and links to another moment of the same server.
    Effect::new(move |before: Option<Address>| {
        let asked = query.with(|query| Address::read(|name| query.get(name)));
        // What was written here is where one is already, or was a moment ago.
        let is_own = written.get_value() == Some(asked);
        if before.is_some() && !is_own && asked != shown.get_untracked() {
            range.set(asked.range);
            group.go_home_to(asked.range.view());
            group.show(asked.view(browser::now()));
            group.pin(asked.at);
        }
        written.set_value(None);
        asked
    });
    Effect::new(move |before: Option<Address>| {
        let now = shown.get();
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        if before.is_none() {
            return now;
        }
        let navigate = navigate.clone();
        let is_new_range = before.is_some_and(|before| before.range != now.range);
        let write = move || {
            let asked = query.with_untracked(|query| Address::read(|name| query.get(name)));
            if asked != now {
                let path = format!("{}{}", server_path(id), now.write());
                // A range is a step that "back" undoes; a zoom and a moment are not.
                let options = NavigateOptions {
                    replace: !is_new_range,
                    scroll: false,
                    ..NavigateOptions::default()
                };
                written.set_value(Some(now));
                navigate(&path, options);
            }
        };
        timer.set_value(set_timeout_with_handle(write, REST).ok());
        now
    });
    on_cleanup(move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    });
}
