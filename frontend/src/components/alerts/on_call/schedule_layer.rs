//! The fields of a layer: people who take turns; never who it is now.

use common::ids::UserId;
use leptos::prelude::*;

use super::schedule_draft::{Draft, LayerRow};
use crate::components::alerts::targets::Names;
use crate::components::button::IconButton;
use crate::components::icon::Icon;
use crate::components::intervals::{Intervals, Words};
use crate::reactive::effect;

/// The words of the times at which a layer is on call.
const ACTIVE: Words = Words {
    legend: "On call only at these times; without one: always",
    add: "Add a time",
    from: "18:00",
    to: "08:00",
};

/// How long turns are, as the server writes it, and in words.
const ROTATIONS: [(&str, &str); 4] = [
    ("daily", "a day"),
    ("weekly", "a week"),
    ("days", "so many days"),
    ("hours", "so many hours"),
];

/// The fields of one layer.
#[component]
pub fn LayerFields(
    /// The whole form.
    draft: Draft,
    /// The layer as it was when it appeared.
    layer: LayerRow,
    /// The names of everybody.
    names: StoredValue<Names>,
) -> impl IntoView {
    let key = layer.key;
    let active = RwSignal::new(layer.active.clone());
    effect(move || {
        let active = active.get();
        draft.change(key, |layer| layer.active = active);
    });
    let place = move || {
        let place = draft
            .layers
            .with(|layers| layers.iter().position(|it| it.key == key));
        format!("Layer {}", place.unwrap_or_default() + 1)
    };
    let remove = move |_| {
        draft
            .layers
            .update(|layers| layers.retain(|it| it.key != key));
    };
    view! {
        <div class="parts__one" role="group" aria-label=place>
            <div class="parts__line">
                <strong>{place}</strong>
                <span class="parts__end">
                    <IconButton icon=Icon::Close label="Remove this layer" on_press=remove />
                </span>
            </div>
            <People draft key names />
            <Turns draft layer />
            <Intervals rows=active words=ACTIVE zone=None />
        </div>
    }
}

/// The people of a layer, in the order of their turns.
#[component]
fn People(draft: Draft, key: u32, names: StoredValue<Names>) -> impl IntoView {
    let chosen = move || {
        draft.layers.with(|layers| {
            let layer = layers.iter().find(|it| it.key == key);
            layer.map(|it| it.people.clone()).unwrap_or_default()
        })
    };
    let tag = move |id: UserId| {
        let name = names.with_value(|names| names.person(Some(id)));
        let remove = move |_| draft.change(key, |layer| layer.people.retain(|it| *it != id));
        view! {
            <li class="picked__one">
                {name.clone()}
                <IconButton
                    icon=Icon::Close
                    label=format!("{name} takes no turns")
                    on_press=remove
                />
            </li>
        }
    };
    let add = move |event| {
        if let Ok(id) = event_target_value(&event).parse::<UserId>() {
            draft.change(key, |layer| layer.people.push(id));
        }
    };
    let menu = move || {
        let taken = chosen();
        let left = names.with_value(|names| {
            let left = names
                .people
                .iter()
                .flatten()
                .filter(|it| !taken.contains(&it.id));
            let left = left.map(|it| (it.id.to_string(), it.display_name.clone()));
            left.collect::<Vec<_>>()
        });
        let options = left.into_iter();
        let options = options.map(|(id, name)| view! { <option value=id>{name}</option> });
        view! {
            <select
                class="field__input field__input--select picked__menu"
                aria-label="Add somebody who takes turns"
                on:change=add
            >
                <option value="" selected>
                    "Add somebody…"
                </option>
                {options.collect_view()}
            </select>
        }
    };
    view! {
        <div class="picked">
            <ol class="picked__list">
                {move || chosen().into_iter().map(tag).collect_view()}
            </ol>
            {menu}
        </div>
    }
}

/// How long a turn is, from when on, and when turns change.
#[component]
fn Turns(draft: Draft, layer: LayerRow) -> impl IntoView {
    let key = layer.key;
    let counts = move || {
        draft.layers.with(|layers| {
            let layer = layers.iter().find(|it| it.key == key);
            layer.is_some_and(|it| matches!(&*it.rotation, "days" | "hours"))
        })
    };
    let count = layer.count.clone();
    let number = move || {
        let count = count.clone();
        let enter = move |event| {
            draft.change(key, |layer| layer.count = event_target_value(&event));
        };
        counts().then(|| {
            view! {
                <input
                    class="field__input parts__number"
                    aria-label="How many days or hours"
                    inputmode="numeric"
                    value=count
                    on:input=enter
                />
            }
        })
    };
    let rotations = ROTATIONS.map(|(name, word)| {
        let selected = name == layer.rotation;
        view! {
            <option value=name selected=selected>
                {word}
            </option>
        }
    });
    view! {
        <div class="parts__line">
            <span>"A turn is"</span>
            <select
                class="field__input field__input--select intervals__days"
                aria-label="How long a turn is"
                on:change=move |event| {
                    draft.change(key, |layer| layer.rotation = event_target_value(&event));
                }
            >
                {rotations}
            </select>
            {number}
            <span>"long, from"</span>
            <input
                class="field__input intervals__days"
                type="date"
                aria-label="The first turn begins on"
                required
                value=layer.starts_on
                on:input=move |event| {
                    draft.change(key, |layer| layer.starts_on = event_target_value(&event));
                }
            />
            <span>"on; turns change at"</span>
            <input
                class="field__input intervals__time"
                type="time"
                aria-label="Turns change at"
                required
                value=layer.hand_over
                on:input=move |event| {
                    draft.change(key, |layer| layer.hand_over = event_target_value(&event));
                }
            />
        </div>
    }
}
