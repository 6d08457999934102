//! What fires now, changing as it happens; never what is over.

use std::collections::BTreeSet;

use common::alert::{Alert, AlertState};
use common::ids::AlertId;
use leptos::prelude::*;

use super::bulk::{BulkBar, Chosen};
use super::filter::passes;
use super::filter_bar::{FilterBar, use_filter};
use super::row::{AlertHeads, AlertRow};
use crate::components::load_view::Empty;
use crate::components::skeleton::{Shape, Skeleton};
use crate::state::alerts::use_alerts;

/// The states that an alert in this list can have.
const STATES: &[AlertState] = &[AlertState::Firing, AlertState::Acknowledged];

/// The list with its filter.
#[component]
pub fn ActiveList() -> impl IntoView {
    let alerts = use_alerts();
    let filter = use_filter();
    let shown = Memo::new(move |_| {
        let filter = filter.get();
        alerts.items().with(|items| {
            let passing = items.iter().filter(|alert| passes(&filter, alert));
            passing.cloned().collect::<Vec<Alert>>()
        })
    });
    let kept = Chosen::default();
    let all = Signal::derive(move || {
        shown.with(|shown| shown.iter().map(|alert| alert.id).collect::<BTreeSet<_>>())
    });
    // One that has ended or is filtered out is not acted on unseen.
    let chosen = Signal::derive(move || {
        all.with(|all| kept.with(|kept| kept.intersection(all).copied().collect::<BTreeSet<_>>()))
    });
    let is_filtered = move || filter.get() != common::api::alerts::AlertFilter::default();
    let blank = move || {
        if is_filtered() {
            view! { <Empty title="Nothing like that fires" text="Other alerts may: change the filter." /> }
        } else {
            view! { <Empty title="Nothing fires" text="All rules are content. What fires appears here by itself." /> }
        }
    };
    view! {
        <FilterBar path="/alerts" states=STATES />
        <Show
            when=move || alerts.known().get()
            fallback=|| view! { <Skeleton shape=Shape::Rows(3) /> }
        >
            <BulkBar chosen all keep=kept />
            <div class="panel panel--flush live-data">
                <Show when=move || !shown.with(Vec::is_empty) fallback=blank>
                    <table class="table table--cards alert-table">
                        <caption class="unseen">"Alerts that fire"</caption>
                        <AlertHeads />
                        <tbody>
                            // A changed alert is a new row: it stands elsewhere and offers other acts.
                            <For each=move || shown.get() key=row_key let:alert>
                                <AlertRow alert chosen=kept />
                            </For>
                        </tbody>
                    </table>
                </Show>
            </div>
        </Show>
    }
}

fn row_key(alert: &Alert) -> (AlertId, [&'static str; 2], String, [usize; 3]) {
    let held = [
        alert.silenced_by.len(),
        alert.muted_by.len(),
        alert.inhibited_by.len(),
    ];
    (
        alert.id,
        [alert.state.as_str(), alert.severity.as_str()],
        alert.message.clone(),
        held,
    )
}
