//! The routes in the order in which they are asked; never their form.

use common::access::Permission;
use common::alert::{Route, RouteInput};
use leptos::prelude::*;

use super::dry_run::DryRun;
use super::route_form::RouteDialog;
use crate::api::{routing, use_api};
use crate::components::alerts::noise::conditions;
use crate::components::alerts::noted::{Leave, Open, Opened, removal};
use crate::components::alerts::targets::Names;
use crate::components::intervals::in_words;
use crate::components::load_view::{Empty, load_view};
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::format::duration;
use crate::state::load::Load;

/// The routes, how to add one, and where an alert would go by them.
#[component]
pub fn Routes(
    /// The names of all that can be told.
    names: Load<Names>,
    /// Grows when the whole configuration was replaced.
    #[prop(into)]
    taken: Signal<u32>,
) -> impl IntoView {
    let opened = Opened::new();
    let load = Load::new(move |api| {
        taken.track();
        routing::list(api)
    });
    let add = opened.add_button(Permission::ChannelsWrite, "Add a route");
    let show = move |routes: Vec<Route>, _| {
        let routes = StoredValue::new(routes);
        load_view(names, Shape::Rows(2), move |names, _| {
            routes.with_value(|routes| list(routes, &names, opened))
        })
    };
    view! {
        <Panel title="Routes" aside=add>
            {load_view(load, Shape::Rows(2), show)}
            <p class="field__hint">
                "The first route that matches takes the alert. What none of them takes goes to all enabled channels; a rule that names channels tells those."
            </p>
            <DryRun names />
        </Panel>
        {opened.view(load, move |open, leave| dialog(open, leave, names))}
    }
}

fn list(routes: &[Route], names: &Names, opened: Opened<Route>) -> AnyView {
    if routes.is_empty() {
        let text =
            "Every alert goes to all enabled channels until a route sends some of them elsewhere.";
        return view! { <Empty title="No routes" text /> }.into_any();
    }
    let entries = routes.iter().map(|route| entry(route, names, opened));
    let entries: Vec<_> = entries.collect();
    view! { <ol class="noted">{entries}</ol> }.into_any()
}

fn entry(route: &Route, names: &Names, opened: Opened<Route>) -> AnyView {
    let name = route.input.name.clone();
    let acts = opened.acts(Permission::ChannelsWrite, &name, route.clone());
    let is_off = !route.input.enabled;
    view! {
        <li class="noted__one">
            <div class="noted__what">
                <h3>
                    {name}
                    {is_off.then(|| view! { " " <span class="tag">"off"</span> })}
                </h3>
                {lines(&route.input, names)}
                {inner(&route.input, names)}
            </div>
            {acts}
        </li>
    }
    .into_any()
}

/// Which alerts, whom they go to, and when.
fn lines(route: &RouteInput, names: &Names) -> AnyView {
    let meant = if route.matchers.is_empty() {
        "every alert".to_owned()
    } else {
        conditions::in_words(&route.matchers)
    };
    let told: Vec<String> = route.targets.iter().map(|it| names.of(*it)).collect();
    let told = if told.is_empty() {
        "as the route around it says".to_owned()
    } else {
        told.join(", ")
    };
    view! {
        <p>
            <span class="values">{meant}</span>
            " → "
            {told}
        </p>
        {how(route).map(|how| view! { <p class="muted">{how}</p> })}
    }
    .into_any()
}

/// When and in which messages; `None` when nothing is said of it.
fn how(route: &RouteInput) -> Option<String> {
    let mut parts = Vec::new();
    if !route.active_times.is_empty() {
        let times: Vec<String> = route.active_times.iter().map(in_words).collect();
        parts.push(format!("only {}", times.join("; ")));
    }
    match route.group_by.as_deref() {
        None => {}
        Some([]) => parts.push("all in one message".to_owned()),
        Some(labels) => parts.push(format!("one message for each {}", labels.join(", "))),
    }
    let mut add = |seconds: Option<u32>, word: fn(String) -> String| {
        if let Some(seconds) = seconds.filter(|it| *it > 0) {
            parts.push(word(duration(seconds.into())));
        }
    };
    add(route.group_wait_seconds, |it| {
        format!("waits {it} for others")
    });
    add(route.group_interval_seconds, |it| {
        format!("{it} between messages")
    });
    add(route.repeat_interval_seconds, |it| {
        format!("again after {it} while nobody takes it")
    });
    if route.goes_on {
        parts.push("the routes behind it are asked as well".to_owned());
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// The routes inside, which are asked first.
fn inner(route: &RouteInput, names: &Names) -> Option<AnyView> {
    if route.routes.is_empty() {
        return None;
    }
    let routes = route.routes.iter().map(|inside| {
        view! {
            <li>
                <strong>{inside.name.clone()}</strong>
                {lines(inside, names)}
                {inner(inside, names)}
            </li>
        }
        .into_any()
    });
    let routes: Vec<_> = routes.collect();
    Some(view! { <ol class="noted__steps">{routes}</ol> }.into_any())
}

fn dialog(open: Open<Route>, leave: Leave, names: Load<Names>) -> AnyView {
    match open {
        Open::Form(route) => {
            let names = names.state().get_untracked();
            let names = names.value().cloned().unwrap_or_default();
            view! { <RouteDialog route names on_close=leave.close on_done=leave.done /> }.into_any()
        }
        Open::Removal(route) => {
            let (api, id) = (use_api(), route.id);
            let words = (
                "Remove the route",
                "The alerts that it takes go to the routes behind it, or else to all enabled channels. The routes inside it go with it.",
            );
            removal(
                route.input.name,
                words,
                move || routing::remove(api, id),
                leave,
            )
        }
    }
}
