//! The escalation policies, each step by step; never their form.

use common::access::Permission;
use common::alert::{Policy, PolicyStep};
use leptos::prelude::*;

use super::policy_form::PolicyDialog;
use crate::api::{escalation, use_api};
use crate::components::alerts::targets::Names;
use crate::components::button::{Button, ButtonKind};
use crate::components::confirm::Confirm;
use crate::components::icon::Icon;
use crate::components::load_view::{Empty, load_view};
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::format::duration;
use crate::state::load::Load;
use crate::state::session::use_session;

/// What is open above the list.
#[derive(Clone, PartialEq)]
enum Open {
    Form(Option<Policy>),
    Removal(Policy),
}

/// The policies, and how to add one.
#[component]
pub fn Policies(
    /// The names of all that can be told, the policies among them.
    load: Load<Names>,
) -> impl IntoView {
    let session = use_session();
    let may = move || session.may(Permission::RulesWrite);
    let opened = RwSignal::new(None::<Open>);
    let add = move || {
        may().then(|| {
            view! {
                <Button icon=Icon::Plus on_press=move |_| opened.set(Some(Open::Form(None)))>
                    "Add a policy"
                </Button>
            }
        })
    };
    view! {
        <Panel title="Escalation policies" aside=add.into_any()>
            {load_view(load, Shape::Rows(2), move |names, _| list(&names, opened))}
        </Panel>
        {move || opened.get().map(|open| above(open, opened, load))}
    }
}

fn list(names: &Names, opened: RwSignal<Option<Open>>) -> AnyView {
    if names.policies.is_empty() {
        let text = "A policy tells one after the other until somebody takes the alert. Routes send alerts to it.";
        return view! { <Empty title="No escalation policies" text /> }.into_any();
    }
    let entries = names.policies.iter();
    let entries: Vec<_> = entries.map(|policy| entry(policy, names, opened)).collect();
    view! { <ul class="noted">{entries}</ul> }.into_any()
}

fn entry(policy: &Policy, names: &Names, opened: RwSignal<Option<Open>>) -> AnyView {
    let session = use_session();
    let steps = policy.input.steps.iter().enumerate();
    let mut steps: Vec<String> = steps
        .map(|(place, step)| in_words(place, step, names))
        .collect();
    if let Some(seconds) = policy.input.repeat_after_seconds {
        steps.push(format!("{} later it begins anew", duration(seconds.into())));
    }
    let steps = steps
        .into_iter()
        .map(|step| view! { <li>{step}</li> })
        .collect_view();
    let kept = StoredValue::new(policy.clone());
    let name = StoredValue::new(policy.input.name.clone());
    view! {
        <li class="noted__one">
            <div class="noted__what">
                <h3>{name.get_value()}</h3>
                <ol class="noted__steps">{steps}</ol>
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

/// When, and who is told.
fn in_words(place: usize, step: &PolicyStep, names: &Names) -> String {
    let when = match (place, step.delay_seconds) {
        (0, 0) => "At once".to_owned(),
        (_, 0) => "At the same time".to_owned(),
        (0, seconds) => format!("After {}", duration(seconds.into())),
        (_, seconds) => format!("{} later", duration(seconds.into())),
    };
    let who: Vec<String> = step.targets.iter().map(|it| names.of(*it)).collect();
    if who.is_empty() {
        return format!("{when}: nobody");
    }
    format!("{when}: {}", who.join(", "))
}

fn above(open: Open, opened: RwSignal<Option<Open>>, load: Load<Names>) -> AnyView {
    let close = move |()| {
        opened.try_set(None);
    };
    let done = move |()| {
        opened.try_set(None);
        load.again();
    };
    match open {
        Open::Form(policy) => {
            let names = load.state().get_untracked();
            let names = names.value().cloned().unwrap_or_default();
            view! { <PolicyDialog policy names on_close=close on_done=done /> }.into_any()
        }
        Open::Removal(policy) => {
            let (api, toasts) = (use_api(), use_toasts());
            let (id, name) = (policy.id, policy.input.name);
            let said = name.clone();
            let remove = move || escalation::remove_policy(api, id);
            let removed = move |()| {
                toasts.done(format!("{said} was removed."));
                done(());
            };
            view! {
                <Confirm
                    title=format!("Remove {name}?")
                    text="Alerts that are on their way through it are told no further. Routes that send to it tell nobody by it."
                    act="Remove the policy"
                    request=remove
                    on_close=close
                    on_done=removed
                />
            }
            .into_any()
        }
    }
}
