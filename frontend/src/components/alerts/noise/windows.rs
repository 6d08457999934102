//! Maintenance windows with when they open next; never their form.

use common::access::Permission;
use common::alert::{MaintenanceWindow, WindowSchedule};
use leptos::prelude::*;

use super::conditions;
use super::window_form::WindowDialog;
use crate::api::{noise, use_api};
use crate::components::alerts::noted::{Leave, Open, Opened, removal};
use crate::components::icon::Icon;
use crate::components::intervals::in_words;
use crate::components::load_view::{Empty, load_view};
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::moments::Style;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;

/// The windows, and how to add one.
#[component]
pub fn Windows(
    /// Grows when the whole configuration was replaced.
    #[prop(into)]
    taken: Signal<u32>,
) -> impl IntoView {
    let opened = Opened::new();
    let load = Load::new(move |api| {
        taken.track();
        noise::windows(api)
    });
    let add = opened.add_button(Permission::RulesWrite, "Add a window");
    view! {
        <Panel title="Maintenance windows" aside=add>
            {load_view(load, Shape::Rows(2), move |all, _| list(all, opened))}
        </Panel>
        {opened.view(load, dialog)}
    }
}

fn list(all: Vec<MaintenanceWindow>, opened: Opened<MaintenanceWindow>) -> AnyView {
    if all.is_empty() {
        let text = "While a window is open nobody is told of the alerts that it means: once, or again and again.";
        return view! { <Empty title="No maintenance windows" text /> }.into_any();
    }
    let entries: Vec<_> = all.into_iter().map(|it| entry(it, opened)).collect();
    view! { <ul class="noted">{entries}</ul> }.into_any()
}

fn entry(window: MaintenanceWindow, opened: Opened<MaintenanceWindow>) -> AnyView {
    let meant = if window.input.matchers.is_empty() {
        "every alert".to_owned()
    } else {
        conditions::in_words(&window.input.matchers)
    };
    let again = match &window.input.schedule {
        WindowSchedule::Once { .. } => None,
        WindowSchedule::Recurring { intervals } => {
            let lines = intervals.iter().map(|it| match &it.time_zone {
                Some(zone) => format!("{} in {zone}", in_words(it)),
                None => format!("{} UTC", in_words(it)),
            });
            Some(lines.collect::<Vec<_>>().join("; "))
        }
    };
    let comment = window.input.comment.clone();
    let name = window.input.name.clone();
    let next = next(&window);
    let acts = opened.acts(Permission::RulesWrite, &name, window);
    view! {
        <li class="noted__one">
            <div class="noted__what">
                <h3>{name}</h3>
                <p>{next}</p>
                {again.map(|again| view! { <p class="muted">{again}</p> })}
                <p class="muted">
                    "Holds back " <span class="values">{meant}</span>
                </p>
                {(!comment.is_empty()).then(|| view! { <p>{comment}</p> })}
            </div>
            {acts}
        </li>
    }
    .into_any()
}

/// Whether it is open, and when it opens and closes next.
fn next(window: &MaintenanceWindow) -> AnyView {
    let preferences = use_preferences();
    let (class, icon, word) = if !window.input.enabled {
        ("pill", Icon::Pause, "Off")
    } else if window.active {
        ("pill pill--warning", Icon::Pause, "Open")
    } else if window.starts_at.is_some() {
        ("pill", Icon::Clock, "To come")
    } else {
        ("pill", Icon::Check, "Over")
    };
    let (is_active, span) = (window.active, window.starts_at.zip(window.ends_at));
    let said = move || {
        let moment = |at| preferences.moment(at, Style::DayAndTime);
        match span {
            Some((_, to)) if is_active => format!("until {}", moment(to)),
            Some((from, to)) => format!("next from {} to {}", moment(from), moment(to)),
            None => "does not open again".to_owned(),
        }
    };
    view! {
        <span class=class>{icon.view()} {word}</span>
        " "
        <span class="muted">{said}</span>
    }
    .into_any()
}

fn dialog(open: Open<MaintenanceWindow>, leave: Leave) -> AnyView {
    match open {
        Open::Form(window) => {
            view! { <WindowDialog window on_close=leave.close on_done=leave.done /> }.into_any()
        }
        Open::Removal(window) => {
            let (api, id) = (use_api(), window.id);
            let words = (
                "Remove the window",
                "If it is open, what it holds back and still fires is told at once.",
            );
            removal(
                window.input.name,
                words,
                move || noise::remove_window(api, id),
                leave,
            )
        }
    }
}
