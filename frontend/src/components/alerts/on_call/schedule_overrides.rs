//! The exceptions of an on-call schedule: somebody is on call instead; never the turns of its layers.

use leptos::prelude::*;

use super::schedule_draft::{Draft, OverrideRow};
use crate::browser;
use crate::components::alerts::targets::Names;
use crate::components::button::{Button, IconButton};
use crate::components::icon::Icon;
use crate::local_time;

const DAY_MS: i64 = 86_400_000;

/// The exceptions, a line each.
#[component]
pub fn Overrides(
    /// The whole form.
    draft: Draft,
    /// The names of everybody.
    names: StoredValue<Names>,
) -> impl IntoView {
    let add = move |_| {
        let zone = draft.zone.get_untracked();
        let field = |ms| local_time::to_field(browser::now().plus_ms(ms), Some(&zone));
        draft.overrides.update(|all| {
            let key = all.iter().map(|it| it.key + 1).max().unwrap_or_default();
            all.push(OverrideRow {
                key,
                person: String::new(),
                from: field(0),
                to: field(DAY_MS),
            });
        });
    };
    view! {
        <fieldset class="parts">
            <legend class="field__label">"Overrides: somebody is on call instead"</legend>
            <For each=move || draft.overrides.get() key=|it| it.key let:row>
                <OverrideFields draft row names />
            </For>
            <p>
                <Button icon=Icon::Plus on_press=add>
                    "Add an override"
                </Button>
            </p>
        </fieldset>
    }
}

#[component]
fn OverrideFields(draft: Draft, row: OverrideRow, names: StoredValue<Names>) -> impl IntoView {
    let key = row.key;
    let change = move |set: fn(&mut OverrideRow, String), value: String| {
        draft.overrides.update(|all| {
            if let Some(row) = all.iter_mut().find(|it| it.key == key) {
                set(row, value);
            }
        });
    };
    let remove = move |_| draft.overrides.update(|all| all.retain(|it| it.key != key));
    let people = names
        .with_value(|names| names.people.clone())
        .into_iter()
        .flatten();
    let chosen = row.person;
    let people = people.map(|person| {
        let id = person.id.to_string();
        let selected = id == chosen;
        view! {
            <option value=id selected=selected>
                {person.display_name}
            </option>
        }
    });
    let moment = |label: &'static str, value: String, set: fn(&mut OverrideRow, String)| {
        view! {
            <input
                class="field__input intervals__days"
                type="datetime-local"
                aria-label=label
                required
                value=value
                on:input=move |event| change(set, event_target_value(&event))
            />
        }
    };
    view! {
        <div class="parts__line">
            <select
                class="field__input field__input--select intervals__days"
                aria-label="Who is on call instead"
                on:change=move |event| {
                    change(|row, value| row.person = value, event_target_value(&event));
                }
            >
                <option value="">"Choose somebody"</option>
                {people.collect_view()}
            </select>
            <span>"from"</span>
            {moment("From", row.from, |row, value| row.from = value)}
            <span>"to"</span>
            {moment("To", row.to, |row, value| row.to = value)}
            <span class="parts__end">
                <IconButton icon=Icon::Close label="Remove this override" on_press=remove />
            </span>
        </div>
    }
}
