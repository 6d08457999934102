//! One row a server, the worst on top; never a row that moves under the pointer.

use common::ids::ServerId;
use leptos::prelude::*;

use super::order::{Placed, settled, sorted};
use super::row::FleetTableRow;
use super::view_state::OverviewView;
use crate::reactive::memo;
use crate::state::fleet::use_fleet;

/// All servers that the address asks for.
#[component]
pub fn FleetTable(
    /// What the address asks for.
    asked: OverviewView,
) -> impl IntoView {
    let fleet = use_fleet();
    let held = RwSignal::new(false);
    let wanted = memo(move || {
        let group = asked.group();
        let placed = fleet
            .rows()
            .into_iter()
            .filter(|row| group.is_none() || row.status.with(|status| status.group == group))
            .map(|row| Placed {
                id: row.id,
                name: row.status.with(|status| status.name.clone()),
                condition: row.condition(),
            })
            .collect();
        sorted(placed, asked.sort())
    });
    let shown = Memo::new(move |before: Option<&Vec<ServerId>>| {
        settled(before.map_or(&[], Vec::as_slice), wanted.get(), held.get())
    });
    let rows = move || {
        let ids = shown.get();
        ids.into_iter()
            .filter_map(|id| fleet.row(id))
            .collect::<Vec<_>>()
    };
    view! {
        <div
            class="panel panel--flush live-data"
            on:pointerenter=move |_| held.set(true)
            on:pointerleave=move |_| held.set(false)
        >
            <table class="table fleet">
                <caption class="unseen">"All servers with their newest readings"</caption>
                <thead>
                    <tr>
                        <th class="fleet__status">"Status"</th>
                        <th class="fleet__name">"Server"</th>
                        <th class="fleet__health">"Health"</th>
                        <th class="fleet__cpu">"CPU"</th>
                        <th class="fleet__share">"Memory"</th>
                        <th class="fleet__share">"Fullest disk"</th>
                        <th class="fleet__network">"Network"</th>
                        <th class="fleet__load table__number">"Load"</th>
                        <th class="fleet__alerts">"Alerts"</th>
                        <th class="fleet__seen table__number">"Seen"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=rows key=|row| row.id let:row>
                        <FleetTableRow row />
                    </For>
                </tbody>
            </table>
        </div>
    }
}
