//! The names of the curves with their value at the cross-hair; never on the canvas.

use common::chart::{ChartSpec, SeriesColor, nearest};
use common::time::UnixMs;
use leptos::prelude::*;

use super::group::use_charts;
use crate::reactive::memo;

/// Names and values; a click shows one curve alone, another click all again.
#[component]
pub fn Legend(
    /// The chart.
    spec: Signal<ChartSpec>,
    /// The curve that is shown alone; `None`: all.
    alone: RwSignal<Option<String>>,
) -> impl IntoView {
    let group = use_charts();
    let names = memo(move || {
        spec.with(|spec| {
            let series = spec.series.iter();
            series
                .map(|series| (series.name.clone(), series.color))
                .collect::<Vec<_>>()
        })
    });
    let values = memo(move || spec.with(|spec| readings(spec, group.cursor())));
    view! {
        <ul class="legend">
            {move || {
                names
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(place, (name, color))| {
                        let value = move || values.with(|all| all.get(place).map(|it| it.1.clone()));
                        view! { <Entry name color alone value=Signal::derive(value) /> }
                    })
                    .collect_view()
            }}
        </ul>
    }
}

#[component]
fn Entry(
    name: String,
    color: SeriesColor,
    alone: RwSignal<Option<String>>,
    value: Signal<Option<String>>,
) -> impl IntoView {
    let name = StoredValue::new(name);
    let is_alone = move || alone.with(|alone| alone.as_ref() == Some(&name.get_value()));
    let is_faded = move || alone.with(Option::is_some) && !is_alone();
    let toggle = move |_| {
        let next = (!is_alone()).then(|| name.get_value());
        alone.set(next);
    };
    view! {
        <li>
            <button
                type="button"
                class="legend__entry"
                class:legend__entry--faded=is_faded
                aria-pressed=move || if is_alone() { "true" } else { "false" }
                title="Show alone"
                on:click=toggle
            >
                <span class=format!("legend__mark legend__mark--{}", color.as_str())></span>
                {name.get_value()}
                " "
                <span class="legend__value values">{move || value.get()}</span>
            </button>
        </li>
    }
}

/// Name and value of each curve at a moment; the newest value without one.
pub(super) fn readings(spec: &ChartSpec, at: Option<UnixMs>) -> Vec<(String, String)> {
    let reading = |points: &[_], gap_ms| {
        let at = at.unwrap_or(spec.window.to);
        nearest(points, at, gap_ms).map(|(_, value)| value)
    };
    spec.series
        .iter()
        .map(|series| {
            let value = reading(&series.points, series.gap_ms);
            (series.name.clone(), spec.unit.format(value))
        })
        .collect()
}
