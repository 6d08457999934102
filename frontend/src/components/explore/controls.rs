//! Range, server and aggregation of the explorer; never which metric.

use leptos::prelude::*;

use super::asked::Asked;
use crate::components::alerts::filter_bar::Filter;
use crate::components::chart::range_buttons::RangeButtons;
use crate::components::chart::use_charts;
use crate::pages::explore::address::{AGGREGATIONS, Span, aggregation, aggregation_name};
use crate::reactive::memo;
use crate::state::fleet::use_fleet;

/// What is chosen beside the metric.
#[component]
pub fn Controls(
    /// What is shown.
    asked: Asked,
) -> impl IntoView {
    let fleet = use_fleet();
    // Statuses change each second, names hardly ever: an open menu must stay as it is.
    let by_server = memo(move || {
        let rows = fleet.rows().into_iter();
        rows.map(|row| (row.id.to_string(), row.status.with(|it| it.name.clone())))
            .collect::<Vec<_>>()
    });
    let by_agg = AGGREGATIONS.map(|it| (it.1.to_owned(), it.2.to_owned()));
    let by_agg = StoredValue::new(by_agg.to_vec());
    view! {
        <div class="explore__controls">
            <div class="filters">
                <Filter
                    label="Server"
                    all="Every server"
                    options=by_server
                    chosen=move || asked.server().map(|id| id.to_string())
                    on_choose=move |name: String| {
                        asked
                            .change(|next| {
                                next.server = name.parse().ok();
                                next.picked.clear();
                            });
                    }
                />
                <Filter
                    label="Aggregation"
                    all="Lowest and highest"
                    options=move || by_agg.get_value()
                    chosen=move || asked.agg().and_then(aggregation_name).map(str::to_owned)
                    on_choose=move |name: String| {
                        asked.change(|next| next.agg = aggregation(&name));
                    }
                />
            </div>
            <Ranges asked />
        </div>
    }
}

/// The ranges as buttons.
#[component]
fn Ranges(asked: Asked) -> impl IntoView {
    let group = use_charts();
    let choose = move |range: Span| {
        asked.change(|next| next.range = range);
        group.go_home_to(range.view());
    };
    let ranges = Span::ALL.map(|span| (span, span.label())).to_vec();
    let shown = Signal::derive(move || asked.range());
    view! { <RangeButtons ranges shown on_choose=choose /> }
}
