//! How much of the past a server's page shows; never what is shown of it.

use leptos::prelude::*;

use crate::components::chart::range_buttons::RangeButtons;
use crate::components::chart::use_charts;
use crate::pages::server::address::Range;

/// The ranges as buttons.
#[component]
pub fn RangePicker() -> impl IntoView {
    let group = use_charts();
    let range = expect_context::<RwSignal<Range>>();
    let choose = move |chosen: Range| {
        range.set(chosen);
        group.go_home_to(chosen.view());
    };
    let ranges = Range::ALL.map(|range| (range, range.label())).to_vec();
    view! { <RangeButtons ranges shown=range on_choose=choose /> }
}
