//! The escalation policies, each step by step; never their form.

use common::access::Permission;
use common::alert::{Policy, PolicyStep};
use leptos::prelude::*;

use super::policy_form::PolicyDialog;
use crate::api::{escalation, use_api};
use crate::components::alerts::noted::{Leave, Open, Opened, removal};
use crate::components::alerts::targets::Names;
use crate::components::load_view::{Empty, load_view};
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::format::duration;
use crate::state::load::Load;

/// The policies, and how to add one.
#[component]
pub fn Policies(
    /// The names of all that can be told, the policies among them.
    load: Load<Names>,
) -> impl IntoView {
    let opened = Opened::new();
    let add = opened.add_button(Permission::RulesWrite, "Add a policy");
    view! {
        <Panel title="Escalation policies" aside=add>
            {load_view(load, Shape::Rows(2), move |names, _| list(&names, opened))}
        </Panel>
        {opened.view(load, move |open, leave| dialog(open, leave, load))}
    }
}

fn list(names: &Names, opened: Opened<Policy>) -> AnyView {
    if names.policies.is_empty() {
        let text = "A policy tells one after the other until somebody takes the alert. Routes send alerts to it.";
        return view! { <Empty title="No escalation policies" text /> }.into_any();
    }
    let entries = names.policies.iter();
    let entries: Vec<_> = entries.map(|policy| entry(policy, names, opened)).collect();
    view! { <ul class="noted">{entries}</ul> }.into_any()
}

fn entry(policy: &Policy, names: &Names, opened: Opened<Policy>) -> AnyView {
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
    let name = policy.input.name.clone();
    let acts = opened.acts(Permission::RulesWrite, &name, policy.clone());
    view! {
        <li class="noted__one">
            <div class="noted__what">
                <h3>{name}</h3>
                <ol class="noted__steps">{steps}</ol>
            </div>
            {acts}
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

fn dialog(open: Open<Policy>, leave: Leave, names: Load<Names>) -> AnyView {
    match open {
        Open::Form(policy) => {
            let names = names.state().get_untracked();
            let names = names.value().cloned().unwrap_or_default();
            view! { <PolicyDialog policy names on_close=leave.close on_done=leave.done /> }
                .into_any()
        }
        Open::Removal(policy) => {
            let (api, id) = (use_api(), policy.id);
            let words = (
                "Remove the policy",
                "Alerts that are on their way through it are told no further. Routes that send to it tell nobody by it.",
            );
            removal(
                policy.input.name,
                words,
                move || escalation::remove_policy(api, id),
                leave,
            )
        }
    }
}
