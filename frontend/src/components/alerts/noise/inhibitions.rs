//! Inhibitions: alerts that hold others back; never their form.

use common::access::Permission;
use common::alert::Inhibition;
use leptos::prelude::*;

use super::conditions;
use super::inhibition_form::InhibitionDialog;
use crate::api::{noise, use_api};
use crate::components::alerts::noted::{Leave, Open, Opened, removal};
use crate::components::load_view::{Empty, load_view};
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::state::load::Load;

/// The inhibitions, and how to add one.
#[component]
pub fn Inhibitions(
    /// Grows when the whole configuration was replaced.
    #[prop(into)]
    taken: Signal<u32>,
) -> impl IntoView {
    let opened = Opened::new();
    let load = Load::new(move |api| {
        taken.track();
        noise::inhibitions(api)
    });
    let add = opened.add_button(Permission::RulesWrite, "Add an inhibition");
    view! {
        <Panel title="Inhibitions" aside=add>
            {load_view(load, Shape::Rows(2), move |all, _| list(all, opened))}
            <p class="field__hint">
                "Built in: while a server does not report, the alert that says so holds back all others of that server."
            </p>
        </Panel>
        {opened.view(load, dialog)}
    }
}

fn list(all: Vec<Inhibition>, opened: Opened<Inhibition>) -> AnyView {
    if all.is_empty() {
        let text = "While one alert fires, others that follow from it need not be told.";
        return view! { <Empty title="No inhibitions" text /> }.into_any();
    }
    let entries: Vec<_> = all.into_iter().map(|it| entry(it, opened)).collect();
    view! { <ul class="noted">{entries}</ul> }.into_any()
}

fn entry(one: Inhibition, opened: Opened<Inhibition>) -> AnyView {
    let source = conditions::in_words(&one.input.source_matchers);
    let target = conditions::in_words(&one.input.target_matchers);
    let equal = match &*one.input.equal {
        [] => String::new(),
        labels => format!(" with the same {}", labels.join(", ")),
    };
    let is_off = !one.input.enabled;
    let name = one.input.name.clone();
    let acts = opened.acts(Permission::RulesWrite, &name, one);
    view! {
        <li class="noted__one">
            <div class="noted__what">
                <h3>
                    {name}
                    {is_off.then(|| view! { " " <span class="tag">"off"</span> })}
                </h3>
                <p>
                    "While an alert with " <span class="values">{source}</span>
                    " fires, nobody is told of those with " <span class="values">{target}</span>
                    {equal} "."
                </p>
            </div>
            {acts}
        </li>
    }
    .into_any()
}

fn dialog(open: Open<Inhibition>, leave: Leave) -> AnyView {
    match open {
        Open::Form(one) => {
            view! { <InhibitionDialog one on_close=leave.close on_done=leave.done /> }.into_any()
        }
        Open::Removal(one) => {
            let (api, id) = (use_api(), one.id);
            let words = (
                "Remove the inhibition",
                "What it holds back and still fires is told at once.",
            );
            removal(
                one.input.name,
                words,
                move || noise::remove_inhibition(api, id),
                leave,
            )
        }
    }
}
