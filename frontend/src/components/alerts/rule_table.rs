//! All rules as a table; never their form.

use common::access::Permission;
use common::alert::Rule;
use common::api::rules::EvaluatedRule;
use common::ids::RuleId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

use super::words::{condition, rule_path, trouble};
use crate::api::{rules, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{FormError, Submission};
use crate::components::icon::Icon;
use crate::components::load_view::Empty;
use crate::components::toast::use_toasts;
use crate::state::load::Load;
use crate::state::session::use_session;

/// Every rule, by name.
#[component]
pub fn RuleTable(
    /// The rules.
    rules: Vec<EvaluatedRule>,
    /// Where they were read.
    load: Load<Vec<EvaluatedRule>>,
) -> impl IntoView {
    let removed = RwSignal::new(None::<Rule>);
    if rules.is_empty() {
        return view! {
            <div class="panel panel--flush">
                <Empty title="No rules" text="Nothing fires until there is one." />
            </div>
        }
        .into_any();
    }
    view! {
        <div class="panel panel--flush">
            <table class="table table--cards rule-table">
                <caption class="unseen">"Alert rules"</caption>
                <thead>
                    <tr>
                        <th>"Rule"</th>
                        <th>"Fires when"</th>
                        <th class="rule-table__state">"State"</th>
                        <th class="rule-table__acts">
                            <span class="unseen">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {rules
                        .into_iter()
                        .map(|rule| view! { <RuleRow rule load removed /> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
        {move || removed.get().map(|rule| view! { <RemoveDialog rule removed load /> })}
    }
    .into_any()
}

#[component]
fn RuleRow(
    rule: EvaluatedRule,
    load: Load<Vec<EvaluatedRule>>,
    removed: RwSignal<Option<Rule>>,
) -> impl IntoView {
    let trouble = trouble(&rule.evaluation);
    let rule = rule.rule;
    let session = use_session();
    let may = move || session.may(Permission::RulesWrite);
    let path = rule_path(rule.id);
    let name = StoredValue::new(rule.input.name.clone());
    let (metric, when, is_off) = (
        rule.input.metric.clone(),
        condition(&rule.input),
        !rule.input.enabled,
    );
    let rule_id = rule.id;
    let kept = StoredValue::new(rule.clone());
    view! {
        <tr class:rule-row--off=is_off>
            <td class="rule-row__name">
                <A href=path>{name.get_value()}</A>
                <p class="values muted">{metric}</p>
            </td>
            <td class="rule-row__when">
                {when}
                {trouble
                    .map(|text| {
                        view! {
                            <p class="rule-row__trouble">{Icon::Alert.small()} <span>{text}</span></p>
                        }
                    })}
            </td>
            <td data-label="State">
                <Switch rule load />
            </td>
            <td class="table__actions">
                <Show when=may>
                    <Duplicate id=rule_id name load />
                    <Button
                        kind=ButtonKind::Quiet
                        on_press=move |_| removed.set(Some(kept.get_value()))
                    >
                        "Remove"
                        <span class="unseen">" " {name.get_value()}</span>
                    </Button>
                </Show>
            </td>
        </tr>
    }
}

/// Makes a copy, which is off until somebody has changed it.
#[component]
fn Duplicate(
    id: RuleId,
    name: StoredValue<String>,
    load: Load<Vec<EvaluatedRule>>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let busy = RwSignal::new(false);
    let press = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = rules::duplicate(api, id).await;
            busy.try_set(false);
            match answer {
                Ok(copy) => {
                    toasts.done(format!("{} was added, switched off.", copy.rule.input.name));
                    load.again();
                }
                Err(error) => toasts.failed("There is no copy.", &error),
            }
        });
    };
    view! {
        <Button kind=ButtonKind::Quiet busy on_press=press>
            "Duplicate"
            <span class="unseen">" " {name.get_value()}</span>
        </Button>
    }
}

/// On or off: a switch for those who may turn it, a word for the others.
#[component]
fn Switch(rule: Rule, load: Load<Vec<EvaluatedRule>>) -> impl IntoView {
    let (api, session, toasts) = (use_api(), use_session(), use_toasts());
    let busy = RwSignal::new(false);
    let (id, is_on) = (rule.id, rule.input.enabled);
    let name = StoredValue::new(rule.input.name);
    let turn = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = rules::enable(api, id, !is_on).await;
            busy.try_set(false);
            match answer {
                Ok(changed) => {
                    let state = if changed.input.enabled { "on" } else { "off" };
                    toasts.done(format!("{} is {state}.", changed.input.name));
                    load.again();
                }
                Err(error) => toasts.failed("The rule stays as it was.", &error),
            }
        });
    };
    let word = move || {
        if is_on {
            view! { <span class="status status--ok">{Icon::Healthy.small()} "On"</span> }
        } else {
            view! { <span class="status status--paused">{Icon::Pause.small()} "Off"</span> }
        }
    };
    view! {
        <Show when=move || session.may(Permission::RulesWrite) fallback=word>
            <button
                type="button"
                role="switch"
                class="switch"
                aria-checked=if is_on { "true" } else { "false" }
                aria-label=name.with_value(|name| format!("Evaluate {name}"))
                disabled=busy
                on:click=turn
            >
                <span class="switch__knob"></span>
                <span class="switch__word">{if is_on { "On" } else { "Off" }}</span>
            </button>
        </Show>
    }
}

#[component]
fn RemoveDialog(
    rule: Rule,
    removed: RwSignal<Option<Rule>>,
    load: Load<Vec<EvaluatedRule>>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let form = Submission::new();
    let (id, name) = (rule.id, rule.input.name.clone());
    let remove = move |_| {
        let name = name.clone();
        form.send(rules::remove(api, id), move |()| {
            toasts.done(format!("{name} was removed."));
            removed.try_set(None);
            load.again();
        });
    };
    view! {
        <Dialog
            title=format!("Remove {}?", rule.input.name)
            on_close=move |()| removed.set(None)
        >
            <p>
                "What fires by this rule ends at once; its history stays. "
                "To keep the rule for later, switch it off instead."
            </p>
            <FormError of=form />
            <Actions>
                <Button on_press=move |_| removed.set(None)>"Cancel"</Button>
                <Button kind=ButtonKind::Danger busy=form.busy() on_press=remove>
                    "Remove the rule"
                </Button>
            </Actions>
        </Dialog>
    }
}
