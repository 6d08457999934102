//! Any metric on a chart: the list of metrics beside the chosen one; never one server as a whole.

pub mod address;
pub mod query;
pub mod remote_write;
pub mod search;
pub mod series;
pub mod targets;

pub use query::QueryPage;
pub use remote_write::RemoteWritePage;
pub use targets::TargetsPage;

use leptos::prelude::*;

use crate::api::metrics;
use crate::components::chart::ChartGroup;
use crate::components::explore::asked::Asked;
use crate::components::explore::chosen::Chosen;
use crate::components::explore::finder::Finder;
use crate::components::explore::tabs::{ExploreTabs, Tab};
use crate::components::load_view::Empty;
use crate::pages::explore::search::{Known, custom, join};
use crate::reactive::{effect, memo};
use crate::state::load::Load;
use crate::state::page::{Crumb, name_page};

/// The metrics explorer.
#[component]
pub fn ExplorePage() -> impl IntoView {
    let asked = Asked::from_address();
    name_page(move || match asked.metric() {
        Some(metric) => vec![Crumb::to("Explore", "/explore"), Crumb::here(&metric)],
        None => vec![Crumb::here("Explore")],
    });
    let group = ChartGroup::provide(untrack(|| asked.range()).view());
    let range = memo(move || asked.range());
    effect(move || group.go_home_to(range.get().view()));

    let load = Load::new(|api| async move {
        let catalogue = metrics::catalogue(api).await?;
        Ok(join(catalogue, metrics::names(api).await?))
    });
    let known = memo(move || {
        let state = load.state();
        state.with(|state| state.value().cloned().unwrap_or_default())
    });
    let subject = memo(move || {
        let metric = asked.metric()?;
        let found = known.with(|all: &Vec<Known>| {
            let found = all.iter().find(|it| it.info.name == metric);
            found.map(|it| it.info.clone())
        });
        // Who knows the name sees the metric, listed or not.
        let is_read = load.state().with(|state| state.value().is_some());
        found.or_else(|| is_read.then(|| custom(&metric)))
    });
    view! {
        <div class="page">
            <h1 class="unseen">"Explore"</h1>
            <ExploreTabs present=Tab::Metrics />
            <div class="explore">
                <Finder load known asked />
                <div class="explore__chosen">
                    {move || match subject.get() {
                        Some(info) => view! { <Chosen info asked /> }.into_any(),
                        None if asked.metric().is_some() => ().into_any(),
                        None => {
                            view! {
                                <section class="panel">
                                    <Empty
                                        title="No metric chosen"
                                        text="Choose one from the list: its series are drawn here, of one server or of all."
                                    />
                                </section>
                            }
                                .into_any()
                        }
                    }}
                </div>
            </div>
        </div>
    }
}
