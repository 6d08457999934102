//! The conditions of a composite rule in its form; never their evaluation.

use common::alert::Comparison;
use leptos::prelude::*;

use super::rule_fields::{RuleFields, comparison_of};
use super::rule_parts::ConditionRow;
use super::words::sign;
use crate::components::button::{Button, IconButton};
use crate::components::form::{Choice, Submission};
use crate::components::icon::Icon;

/// Paths of the fields of a condition, as far as something can be wrong with them.
const PLACES: [&str; 4] = ["metric", "matchers", "warning", "critical"];

/// The conditions and how they are joined.
#[component]
pub fn Conditions(
    /// The form's fields.
    fields: RuleFields,
    /// The form.
    form: Submission,
) -> impl IntoView {
    let rows = fields.conditions;
    let add = move || rows.update(|all| all.push(ConditionRow::after(all)));
    if rows.with_untracked(Vec::is_empty) {
        add();
    }
    let joins = vec![
        ("all".to_owned(), "all of these hold".to_owned()),
        ("any".to_owned(), "one of these holds".to_owned()),
    ];
    view! {
        <Choice id="rule-combine" label="On the same server" options=joins value=fields.combine />
        <fieldset class="parts">
            <legend class="field__label">"Conditions"</legend>
            <For each=move || rows.get() key=|it| it.key let:row>
                <OneCondition rows row form />
            </For>
            {move || {
                form.said_of("conditions").map(|it| view! { <p class="field__error">{it}</p> })
            }}
            <p>
                <Button icon=Icon::Plus on_press=move |_| add()>
                    "Add a condition"
                </Button>
            </p>
        </fieldset>
    }
}

#[component]
fn OneCondition(
    rows: RwSignal<Vec<ConditionRow>>,
    row: ConditionRow,
    form: Submission,
) -> impl IntoView {
    let key = row.key;
    let place = move || {
        let place = rows.with(|rows| rows.iter().position(|it| it.key == key));
        place.unwrap_or_default()
    };
    let change = move |change: &dyn Fn(&mut ConditionRow)| {
        rows.update(|all| {
            if let Some(row) = all.iter_mut().find(|it| it.key == key) {
                change(row);
            }
        });
    };
    let remove = move |_| rows.update(|all| all.retain(|it| it.key != key));
    let wrong = move || {
        let said = |name: &&str| form.said_of(&format!("conditions[{}].{name}", place()));
        let said: Vec<String> = PLACES.iter().filter_map(said).collect();
        (!said.is_empty()).then(|| view! { <p class="field__error">{said.join(" ")}</p> })
    };
    let text = move |label: &'static str, value: String, set: fn(&mut ConditionRow, String)| {
        view! {
            <input
                class="field__input"
                placeholder=label
                aria-label=label
                autocomplete="off"
                spellcheck="false"
                list=(label == "Metric").then_some("rule-metrics")
                value=value
                on:input=move |event| {
                    let text = event_target_value(&event);
                    change(&|row| set(row, text.clone()));
                }
            />
        }
    };
    let signs = Comparison::ALL.map(|it| {
        let chosen = it == row.comparison;
        view! {
            <option value=it.as_str() selected=chosen>
                {sign(it)}
            </option>
        }
    });
    view! {
        <div class="parts__one" role="group" aria-label=move || format!("Condition {}", place() + 1)>
            <div class="parts__line">
                <select
                    class="field__input field__input--select picked__menu"
                    aria-label="It"
                    on:change=move |event| {
                        let not = event_target_value(&event) == "not";
                        change(&|row| row.not = not);
                    }
                >
                    <option value="is" selected=!row.not>"a value is"</option>
                    <option value="not" selected=row.not>"no value is"</option>
                </select>
                <span class="parts__end">
                    <IconButton icon=Icon::Close label="Remove this condition" on_press=remove />
                </span>
            </div>
            {text("Metric", row.metric, |row, it| row.metric = it)}
            {text("Only series with", row.matchers, |row, it| row.matchers = it)}
            <div class="condition__line">
                <select
                    class="field__input field__input--select"
                    aria-label="Comparison"
                    on:change=move |event| {
                        let comparison = comparison_of(&event_target_value(&event));
                        change(&|row| row.comparison = comparison);
                    }
                >
                    {signs.collect_view()}
                </select>
                {text("Warning", row.warning, |row, it| row.warning = it)}
                {text("Critical", row.critical, |row, it| row.critical = it)}
            </div>
            {wrong}
        </div>
    }
}
