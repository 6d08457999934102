//! Which servers are shown and in which order; never a button for what does not exist.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::order::Sort;
use super::view_state::OverviewView;
use crate::reactive::memo;
use crate::state::fleet::use_fleet;

/// Groups, where there are any, and the order.
#[component]
pub fn Controls(
    /// What the address asks for.
    asked: OverviewView,
) -> impl IntoView {
    let fleet = use_fleet();
    let groups = memo(move || {
        let mut sizes = BTreeMap::<String, usize>::new();
        for row in fleet.rows() {
            if let Some(group) = row.status.with(|status| status.group.clone()) {
                *sizes.entry(group).or_default() += 1;
            }
        }
        sizes.into_iter().collect::<Vec<_>>()
    });
    let all = move || fleet.order().with(Vec::len);
    view! {
        <div class="controls">
            <Show when=move || groups.with(|groups| !groups.is_empty())>
                <div class="controls__groups" role="group" aria-label="Group">
                    <GroupChip asked group=None label="All servers" size=all() />
                    <For each=move || groups.get() key=Clone::clone let((name, size))>
                        <GroupChip asked group=Some(name.clone()) label=name size=size />
                    </For>
                </div>
            </Show>
            <label class="controls__sort">
                <span class="unseen">"Order"</span>
                <select
                    class="field__input field__input--select"
                    name="sort"
                    on:change=move |event| {
                        asked.ask_sort(Sort::from_name(Some(&event_target_value(&event))));
                    }
                >
                    {Sort::ALL
                        .map(|sort| {
                            view! {
                                <option value=sort.name() selected=move || asked.sort() == sort>
                                    {sort.label()}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
        </div>
    }
}

#[component]
fn GroupChip(
    asked: OverviewView,
    group: Option<String>,
    #[prop(into)] label: String,
    size: usize,
) -> impl IntoView {
    let chosen = group.clone();
    let is_chosen = move || asked.group() == chosen;
    view! {
        <button
            type="button"
            class="chip"
            aria-pressed=move || is_chosen().to_string()
            on:click=move |_| asked.ask_group(group.clone())
        >
            {label}
            " "
            <span class="chip__size">{size}</span>
        </button>
    }
}
