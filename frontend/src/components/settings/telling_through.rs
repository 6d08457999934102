//! The channels by which one is told of alerts of one severity, ticked and put in order; never what they are.

use common::alert::Severity;
use common::api::preferences::ChannelName;
use common::ids::ChannelId;
use leptos::prelude::*;

use super::telling_draft::{Draft, IN_ORDER};
use crate::browser::focus_soon;
use crate::components::button::IconButton;
use crate::components::icon::Icon;
use crate::reactive::memo;

/// The channels for one severity: those that are ticked come first when their order matters.
#[component]
pub fn Through(
    /// Of which alerts.
    severity: Severity,
    /// Those that one may choose from.
    channels: Vec<ChannelName>,
    /// What was entered.
    draft: Draft,
) -> impl IntoView {
    let word = match severity {
        Severity::Critical => "Critical alerts through",
        Severity::Warning => "Warnings through",
    };
    let chosen = draft.channels(severity);
    let is_ordered = memo(move || draft.order.with(|order| order == IN_ORDER));
    let none = channels.is_empty();
    let rows = memo(move || {
        let mut rows = channels.clone();
        if is_ordered.get() {
            chosen
                .with(|chosen| rows.sort_by_key(|row| place(chosen, row.id).unwrap_or(usize::MAX)));
        }
        rows
    });
    view! {
        <fieldset class="telling__part">
            <legend class="field__label">{word}</legend>
            <For each=move || rows.get() key=|row| row.id let(channel)>
                <Row severity channel chosen is_ordered />
            </For>
            {none
                .then(|| {
                    view! {
                        <p class="muted">
                            "There is no channel yet: a manager adds them under Alerts, Notifications."
                        </p>
                    }
                })}
        </fieldset>
    }
}

/// One channel: whether it tells, and as the how-manieth.
#[component]
fn Row(
    severity: Severity,
    channel: ChannelName,
    chosen: RwSignal<Vec<ChannelId>>,
    is_ordered: Memo<bool>,
) -> impl IntoView {
    let ChannelName { id, name, .. } = channel;
    let input = format!("{severity:?}-{id}").to_lowercase();
    let at = memo(move || chosen.with(|chosen| place(chosen, id)));
    let row = StoredValue::new(input.clone());
    let tick = move |event| {
        let is_ticked = event_target_checked(&event);
        chosen.update(|all| {
            all.retain(|other| *other != id);
            if is_ticked {
                all.push(id);
            }
        });
        // In order the row goes elsewhere.
        focus_soon(row.get_value());
    };
    let earlier = move |_| {
        chosen.update(|all| {
            if let Some(at) = place(all, id).filter(|at| *at > 0) {
                all.swap(at - 1, at);
            }
        });
        // The button may be gone: the keyboard stays with the row.
        focus_soon(row.get_value());
    };
    let shown = name.clone();
    let number = move || at.get().filter(|_| is_ordered.get()).map(|at| at + 1);
    let label = format!("Ask {name} earlier");
    view! {
        <div class="field field--toggle">
            <input
                class="field__tick"
                id=input.clone()
                type="checkbox"
                prop:checked=move || at.get().is_some()
                on:change=tick
            />
            <label for=input>
                {move || number().map(|number| format!("{number}. "))} {shown}
            </label>
            {move || {
                let label = label.clone();
                number()
                    .filter(|number| *number > 1)
                    .map(|_| view! { <IconButton icon=Icon::ChevronUp label on_press=earlier /> })
            }}
        </div>
    }
}

/// The place of a channel among those that are ticked, from 0.
fn place(chosen: &[ChannelId], id: ChannelId) -> Option<usize> {
    chosen.iter().position(|other| *other == id)
}
