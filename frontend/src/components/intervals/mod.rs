//! Lines for times that come again, added, changed and removed; never what happens in those times.

mod row;

use leptos::prelude::*;

pub use row::{IntervalRow, in_words};

use crate::components::button::{Button, IconButton};
use crate::components::icon::Icon;

/// Days of the week that intervals mostly have, as the server writes them, and in words.
const DAYS: [(&str, &str); 10] = [
    ("", "Every day"),
    ("monday:friday", "Monday to Friday"),
    ("saturday:sunday", "Saturday and Sunday"),
    ("monday", "Mondays"),
    ("tuesday", "Tuesdays"),
    ("wednesday", "Wednesdays"),
    ("thursday", "Thursdays"),
    ("friday", "Fridays"),
    ("saturday", "Saturdays"),
    ("sunday", "Sundays"),
];

/// The words of such a list.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// What the times are.
    pub legend: &'static str,
    /// The button that adds one.
    pub add: &'static str,
    /// A new one lasts from,
    pub from: &'static str,
    /// to.
    pub to: &'static str,
}

/// The intervals, a line each.
#[component]
pub fn Intervals(
    /// What was entered.
    rows: RwSignal<Vec<IntervalRow>>,
    /// The words.
    words: Words,
    /// The time zone that a new one gets; `None`: the one that holds around it.
    zone: Option<String>,
    /// What is wrong with them.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let add = move |_| {
        rows.update(|all| {
            let key = all.iter().map(|it| it.key + 1).max().unwrap_or_default();
            all.push(IntervalRow {
                key,
                from: words.from.to_owned(),
                to: words.to.to_owned(),
                days: String::new(),
                time_zone: zone.clone(),
                kept: None,
            });
        });
    };
    view! {
        <fieldset class="intervals">
            <legend class="field__label">{words.legend}</legend>
            <For each=move || rows.get() key=|it| it.key let:row>
                <Line rows row />
            </For>
            {move || error.get().map(|error| view! { <p class="field__error">{error}</p> })}
            <p>
                <Button icon=Icon::Plus on_press=add>
                    {words.add}
                </Button>
            </p>
        </fieldset>
    }
}

#[component]
fn Line(rows: RwSignal<Vec<IntervalRow>>, row: IntervalRow) -> impl IntoView {
    let key = row.key;
    let remove = move |_| rows.update(|all| all.retain(|it| it.key != key));
    let zone = row.time_zone.as_ref().map(|zone| format!("in {zone}"));
    let fields = match &row.kept {
        Some(interval) => view! { <span>{in_words(interval)}</span> }.into_any(),
        None => fields(rows, &row),
    };
    view! {
        <div class="intervals__line">
            {fields} <span class="muted">{zone}</span>
            <IconButton icon=Icon::Close label="Remove this time" on_press=remove />
        </div>
    }
}

fn fields(rows: RwSignal<Vec<IntervalRow>>, row: &IntervalRow) -> AnyView {
    let key = row.key;
    let change = move |set: fn(&mut IntervalRow, String), value: String| {
        rows.update(|all| {
            if let Some(row) = all.iter_mut().find(|it| it.key == key) {
                set(row, value);
            }
        });
    };
    let time = |label: &'static str, value: &str, set: fn(&mut IntervalRow, String)| {
        view! {
            <input
                class="field__input intervals__time"
                type="time"
                aria-label=label
                required
                value=value.to_owned()
                on:input=move |event| change(set, event_target_value(&event))
            />
        }
    };
    let chosen = row.days.clone();
    // Days that the list does not have stay choosable.
    let other = (!DAYS.iter().any(|(days, _)| *days == chosen)).then(|| chosen.clone());
    let days = DAYS.map(|(days, word)| (days.to_owned(), word.to_owned()));
    let days = days
        .into_iter()
        .chain(other.map(|days| (days.clone(), days)));
    let options = days.map(|(days, word)| {
        let selected = days == chosen;
        view! {
            <option value=days selected=selected>
                {word}
            </option>
        }
    });
    view! {
        {time("From", &row.from, |row, value| row.from = value)}
        <span>"to"</span>
        {time("To", &row.to, |row, value| row.to = value)}
        <select
            class="field__input field__input--select intervals__days"
            aria-label="On these days"
            on:change=move |event| {
                change(|row, value| row.days = value, event_target_value(&event));
            }
        >
            {options.collect_view()}
        </select>
    }
    .into_any()
}
