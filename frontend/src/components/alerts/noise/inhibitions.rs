//! Inhibitions: alerts that hold others back; never their form.

use common::access::Permission;
use common::alert::Inhibition;
use leptos::prelude::*;

use super::conditions;
use super::inhibition_form::InhibitionDialog;
use crate::api::{noise, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::confirm::Confirm;
use crate::components::icon::Icon;
use crate::components::load_view::{Empty, load_view};
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::state::load::Load;
use crate::state::session::use_session;

/// What is open above the list.
#[derive(Clone, PartialEq)]
enum Open {
    Form(Option<Inhibition>),
    Removal(Inhibition),
}

/// The inhibitions, and how to add one.
#[component]
pub fn Inhibitions(
    /// Grows when the whole configuration was replaced.
    #[prop(into)]
    taken: Signal<u32>,
) -> impl IntoView {
    let session = use_session();
    let opened = RwSignal::new(None::<Open>);
    let load = Load::new(move |api| {
        taken.track();
        noise::inhibitions(api)
    });
    let add = move || {
        session.may(Permission::RulesWrite).then(|| {
            view! {
                <Button icon=Icon::Plus on_press=move |_| opened.set(Some(Open::Form(None)))>
                    "Add an inhibition"
                </Button>
            }
        })
    };
    view! {
        <Panel title="Inhibitions" aside=add.into_any()>
            {load_view(load, Shape::Rows(2), move |all, _| list(all, opened))}
            <p class="field__hint">
                "Built in: while a server does not report, the alert that says so holds back all others of that server."
            </p>
        </Panel>
        {move || opened.get().map(|open| above(open, opened, load))}
    }
}

fn list(all: Vec<Inhibition>, opened: RwSignal<Option<Open>>) -> AnyView {
    if all.is_empty() {
        let text = "While one alert fires, others that follow from it need not be told.";
        return view! { <Empty title="No inhibitions" text /> }.into_any();
    }
    let entries: Vec<_> = all.into_iter().map(|it| entry(it, opened)).collect();
    view! { <ul class="noted">{entries}</ul> }.into_any()
}

fn entry(one: Inhibition, opened: RwSignal<Option<Open>>) -> AnyView {
    let session = use_session();
    let source = conditions::in_words(&one.input.source_matchers);
    let target = conditions::in_words(&one.input.target_matchers);
    let equal = match &*one.input.equal {
        [] => String::new(),
        labels => format!(" with the same {}", labels.join(", ")),
    };
    let is_off = !one.input.enabled;
    let name = StoredValue::new(one.input.name.clone());
    let kept = StoredValue::new(one);
    view! {
        <li class="noted__one">
            <div class="noted__what">
                <h3>
                    {name.get_value()}
                    {is_off.then(|| view! { " " <span class="tag">"off"</span> })}
                </h3>
                <p>
                    "While an alert with " <span class="values">{source}</span>
                    " fires, nobody is told of those with " <span class="values">{target}</span>
                    {equal} "."
                </p>
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

fn above(open: Open, opened: RwSignal<Option<Open>>, load: Load<Vec<Inhibition>>) -> AnyView {
    let close = move |()| {
        opened.try_set(None);
    };
    let done = move |()| {
        opened.try_set(None);
        load.again();
    };
    match open {
        Open::Form(one) => {
            view! { <InhibitionDialog one on_close=close on_done=done /> }.into_any()
        }
        Open::Removal(one) => {
            let (api, toasts) = (use_api(), use_toasts());
            let (id, name) = (one.id, one.input.name);
            let said = name.clone();
            let remove = move || noise::remove_inhibition(api, id);
            let removed = move |()| {
                toasts.done(format!("{said} was removed."));
                done(());
            };
            view! {
                <Confirm
                    title=format!("Remove {name}?")
                    text="What it holds back and still fires is told at once."
                    act="Remove the inhibition"
                    request=remove
                    on_close=close
                    on_done=removed
                />
            }
            .into_any()
        }
    }
}
