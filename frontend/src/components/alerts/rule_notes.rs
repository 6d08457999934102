//! The texts for the reader of an alert, in the form of its rule; never where they are shown.

use leptos::prelude::*;

use super::rule_parts::NoteRow;
use crate::components::button::{Button, IconButton};
use crate::components::icon::Icon;

/// Names that texts mostly have.
const NAMES: &str = "note-names";

/// The texts, a line each.
#[component]
pub fn Notes(
    /// What was entered.
    rows: RwSignal<Vec<NoteRow>>,
    /// What is wrong with them.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let add = move |_| rows.update(|all| all.push(NoteRow::after(all)));
    view! {
        <fieldset class="parts">
            <legend class="field__label">"Texts for the reader"</legend>
            <datalist id=NAMES>
                <option value="summary"></option>
                <option value="description"></option>
            </datalist>
            <For each=move || rows.get() key=|it| it.key let:row>
                <Line rows row />
            </For>
            {move || error.get().map(|error| view! { <p class="field__error">{error}</p> })}
            <p>
                <Button icon=Icon::Plus on_press=add>
                    "Add a text"
                </Button>
            </p>
        </fieldset>
    }
}

#[component]
fn Line(rows: RwSignal<Vec<NoteRow>>, row: NoteRow) -> impl IntoView {
    let key = row.key;
    let change = move |set: fn(&mut NoteRow, String), value: String| {
        rows.update(|all| {
            if let Some(row) = all.iter_mut().find(|it| it.key == key) {
                set(row, value);
            }
        });
    };
    let lines = row.text.split('\n').count().clamp(1, 8).to_string();
    let remove = move |_| rows.update(|all| all.retain(|it| it.key != key));
    view! {
        <div class="note">
            <input
                class="field__input"
                aria-label="Name of the text"
                autocomplete="off"
                list=NAMES
                value=row.name
                on:input=move |event| change(|row, it| row.name = it, event_target_value(&event))
            />
            <textarea
                class="field__input"
                aria-label="Text"
                rows=lines
                prop:value=row.text
                on:input=move |event| change(|row, it| row.text = it, event_target_value(&event))
            ></textarea>
            <IconButton icon=Icon::Close label="Remove this text" on_press=remove />
        </div>
    }
}
