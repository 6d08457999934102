//! The chosen metric: what it is, its controls, its series; never the list of metrics.

use common::api::catalogue::MetricInfo;
use common::api::metrics::StoredSeries;
use common::metric::MetricKind;
use leptos::prelude::*;

use super::as_promql::AsPromql;
use super::asked::Asked;
use super::controls::Controls;
use super::picks::Picks;
use super::plotted::Plotted;
use crate::api::metrics;
use crate::components::load_view::{Empty, Failed};
use crate::components::skeleton::{Shape, Skeleton};
use crate::pages::explore::search::unit_word;
use crate::pages::explore::series::drawn;
use crate::reactive::memo;
use crate::state::load::{Load, Loaded};

/// What stands below the controls.
#[derive(Clone, PartialEq)]
enum Below {
    Waiting,
    Failed(String),
    Nothing,
    Series,
}

/// One metric.
#[component]
pub fn Chosen(
    /// What it is.
    info: MetricInfo,
    /// What is shown.
    asked: Asked,
) -> impl IntoView {
    let is_counter = info.kind == MetricKind::Counter;
    let facts = facts(&info);
    let unit = info.unit;
    let metric = StoredValue::new(info.name.clone());
    let server = memo(move || asked.server());
    view! {
        <section class="panel explore__head" aria-label="Chosen metric">
            <h2 class="explore__name values">{info.name}</h2>
            <p>{info.help}</p>
            <p class="muted explore__facts">{facts}</p>
            <Controls asked />
        </section>
        // Another server is another list of series: nothing of the one before may stand there meanwhile.
        {move || {
            server.track();
            view! { <OfServers metric=metric.get_value() unit is_counter asked /> }
        }}
    }
}

/// The series of the metric on the chosen servers.
#[component]
fn OfServers(
    metric: String,
    unit: common::units::Unit,
    is_counter: bool,
    asked: Asked,
) -> impl IntoView {
    let server = untrack(|| asked.server());
    let named = StoredValue::new(metric.clone());
    let load = Load::new(move |api| {
        let metric = metric.clone();
        async move { metrics::series(api, &metric, server).await }
    });
    let series = memo(move || {
        let state = load.state();
        state.with(|state| state.value().cloned().unwrap_or_default())
    });
    let shown = memo(move || {
        let picked = asked.picked();
        series.with(|all: &Vec<StoredSeries>| drawn(all, &picked))
    });
    let below = memo(move || {
        load.state().with(|state| match state {
            Loaded::Loading => Below::Waiting,
            Loaded::Failed(error) => Below::Failed(error.message()),
            _ if series.with(Vec::is_empty) => Below::Nothing,
            _ => Below::Series,
        })
    });
    move || match below.get() {
        Below::Waiting => view! { <Skeleton shape=Shape::Panel /> }.into_any(),
        Below::Failed(text) => view! {
            <section class="panel">
                <Failed text on_retry=move |()| load.again() />
            </section>
        }
        .into_any(),
        Below::Nothing => view! {
            <section class="panel">
                <Empty title="No series" text="This metric has no data here, now or in the past." />
            </section>
        }
        .into_any(),
        Below::Series => view! {
            <Plotted series shown unit is_counter asked />
            <AsPromql metric=named.get_value() is_counter series asked />
            <Picks series shown asked />
        }
        .into_any(),
    }
}

/// Kind, unit and labels in a line.
fn facts(info: &MetricInfo) -> String {
    let kind = match info.kind {
        MetricKind::Gauge => "Gauge",
        MetricKind::Counter => "Counter, drawn as it counts",
    };
    let unit = Some(unit_word(info.unit)).filter(|unit| !unit.is_empty());
    let labels = (!info.labels.is_empty()).then(|| format!("by {}", info.labels.join(", ")));
    let parts = Some(kind.to_owned()).into_iter();
    let parts = parts.chain(unit.map(|unit| format!("in {unit}")));
    parts.chain(labels).collect::<Vec<_>>().join(" · ")
}
