//! Maintenance windows with when they open next; never their form.

use common::access::Permission;
use common::alert::{MaintenanceWindow, WindowSchedule};
use leptos::prelude::*;

use super::conditions;
use super::window_form::WindowDialog;
use crate::api::{noise, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::confirm::Confirm;
use crate::components::icon::Icon;
use crate::components::intervals::in_words;
use crate::components::load_view::{Empty, load_view};
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::moments::Style;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::session::use_session;

/// What is open above the list.
#[derive(Clone, PartialEq)]
enum Open {
    Form(Option<MaintenanceWindow>),
    Removal(MaintenanceWindow),
}

/// The windows, and how to add one.
#[component]
pub fn Windows(
    /// Grows when the whole configuration was replaced.
    #[prop(into)]
    taken: Signal<u32>,
) -> impl IntoView {
    let session = use_session();
    let opened = RwSignal::new(None::<Open>);
    let load = Load::new(move |api| {
        taken.track();
        noise::windows(api)
    });
    let add = move || {
        session.may(Permission::RulesWrite).then(|| {
            view! {
                <Button icon=Icon::Plus on_press=move |_| opened.set(Some(Open::Form(None)))>
                    "Add a window"
                </Button>
            }
        })
    };
    view! {
        <Panel title="Maintenance windows" aside=add.into_any()>
            {load_view(load, Shape::Rows(2), move |all, _| list(all, opened))}
        </Panel>
        {move || opened.get().map(|open| above(open, opened, load))}
    }
}

fn list(all: Vec<MaintenanceWindow>, opened: RwSignal<Option<Open>>) -> AnyView {
    if all.is_empty() {
        let text = "While a window is open nobody is told of the alerts that it means: once, or again and again.";
        return view! { <Empty title="No maintenance windows" text /> }.into_any();
    }
    let entries: Vec<_> = all.into_iter().map(|it| entry(it, opened)).collect();
    view! { <ul class="noted">{entries}</ul> }.into_any()
}

fn entry(window: MaintenanceWindow, opened: RwSignal<Option<Open>>) -> AnyView {
    let session = use_session();
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
    let name = StoredValue::new(window.input.name.clone());
    let next = next(&window);
    let kept = StoredValue::new(window);
    view! {
        <li class="noted__one">
            <div class="noted__what">
                <h3>{name.get_value()}</h3>
                <p>{next}</p>
                {again.map(|again| view! { <p class="muted">{again}</p> })}
                <p class="muted">
                    "Holds back " <span class="values">{meant}</span>
                </p>
                {(!comment.is_empty()).then(|| view! { <p>{comment}</p> })}
            </div>
            <Show when=move || session.may(Permission::RulesWrite)>
                <div class="noted__acts">
                    <Button on_press=move |_| opened.set(Some(Open::Form(Some(kept.get_value()))))>
                        "Edit" <span class="unseen">" " {name.get_value()}</span>
                    </Button>
                    <Button
                        kind=ButtonKind::Quiet
                        on_press=move |_| opened.set(Some(Open::Removal(kept.get_value())))
                    >
                        "Remove" <span class="unseen">" " {name.get_value()}</span>
                    </Button>
                </div>
            </Show>
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

fn above(
    open: Open,
    opened: RwSignal<Option<Open>>,
    load: Load<Vec<MaintenanceWindow>>,
) -> AnyView {
    let close = move |()| {
        opened.try_set(None);
    };
    let done = move |()| {
        opened.try_set(None);
        load.again();
    };
    match open {
        Open::Form(window) => {
            view! { <WindowDialog window on_close=close on_done=done /> }.into_any()
        }
        Open::Removal(window) => {
            let (api, toasts) = (use_api(), use_toasts());
            let (id, name) = (window.id, window.input.name);
            let said = name.clone();
            let remove = move || noise::remove_window(api, id);
            let removed = move |()| {
                toasts.done(format!("{said} was removed."));
                done(());
            };
            view! {
                <Confirm
                    title=format!("Remove {name}?")
                    text="If it is open, what it holds back and still fires is told at once."
                    act="Remove the window"
                    request=remove
                    on_close=close
                    on_done=removed
                />
            }
            .into_any()
        }
    }
}
