//! What the explorer shows as an expression, and the way to the query page; never its answer.

use common::api::metrics::StoredSeries;
use leptos::prelude::*;

use super::asked::Asked;
use crate::pages::explore::query::address::QueryAddress;
use crate::pages::explore::query::builder::{Chosen, expression};
use crate::pages::explore::series::Mark;
use crate::reactive::memo;

/// The expression and the link.
#[component]
pub fn AsPromql(
    /// The metric.
    metric: String,
    /// Whether it only grows.
    is_counter: bool,
    /// Every series of the chosen servers.
    series: Memo<Vec<StoredSeries>>,
    /// What is shown.
    asked: Asked,
) -> impl IntoView {
    let text = memo(move || {
        let marks = asked.picked();
        series.with(|all| {
            let is_picked = |it: &&StoredSeries| marks.contains(&Mark::of(it));
            let picked: Vec<_> = all.iter().filter(is_picked).cloned().collect();
            let first = all.first().map(|it| it.server.as_str());
            expression(Chosen {
                metric: &metric,
                is_counter,
                server: first.filter(|_| asked.server().is_some()),
                picked: &picked,
                agg: asked.agg(),
                range: asked.range(),
            })
        })
    });
    let address = move || {
        let address = QueryAddress {
            text: text.get(),
            range: asked.range(),
        };
        address.write()
    };
    view! {
        <p class="explore__promql">
            <a href=address>"As PromQL"</a>
            <code class="explore__expression values">{move || text.get()}</code>
        </p>
    }
}
