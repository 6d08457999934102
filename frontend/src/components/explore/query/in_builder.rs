//! The way from a plain expression to the explorer that shows the same; never other expressions.

use leptos::prelude::*;

use super::asked::Question;
use crate::api::metrics;
use crate::pages::explore::address::Address;
use crate::pages::explore::query::builder::{Plain, marks, read};
use crate::reactive::memo;
use crate::state::fleet::use_fleet;
use crate::state::load::Load;

/// A link where the expression that is asked has a like in the explorer; else nothing.
#[component]
pub fn InBuilder(
    /// What the page asks.
    asked: Question,
) -> impl IntoView {
    let plain = memo(move || read(&asked.text()));
    move || {
        plain
            .get()
            .map(|plain| view! { <Link plain asked /> }.into_any())
    }
}

#[component]
fn Link(plain: Plain, asked: Question) -> impl IntoView {
    let fleet = use_fleet();
    let wanted = plain.server.clone();
    let is_of_one = wanted.is_some();
    let server = memo(move || {
        let wanted = wanted.as_ref()?;
        let mut rows = fleet.rows().into_iter();
        rows.find_map(|row| row.status.with(|it| it.name == *wanted).then_some(row.id))
    });
    let metric = plain.metric.clone();
    let load = Load::new(move |api| {
        let (metric, server) = (metric.clone(), server.get());
        async move {
            // The explorer would show all servers where a name means none.
            if is_of_one && server.is_none() {
                return Ok(Vec::new());
            }
            metrics::series(api, &metric, server).await
        }
    });
    let address = move || {
        let loaded = load.state();
        let picked = loaded.with(|loaded| marks(&plain, loaded.value()?))?;
        let address = Address {
            metric: Some(plain.metric.clone()),
            range: asked.range(),
            server: server.get(),
            agg: plain.agg,
            picked,
        };
        Some(address.write())
    };
    move || address().map(|href| view! { <a class="query__builder" href=href>"In the builder"</a> })
}
