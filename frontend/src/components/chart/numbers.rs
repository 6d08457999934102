//! A chart as a table of numbers; never every reading of it.

use common::chart::{ChartSpec, nearest};
use leptos::prelude::*;

use super::zone::use_zone;

/// So many moments of the window are listed.
const ROWS: i64 = 20;

/// Equally spaced moments of the chart, newest first.
#[component]
pub fn Numbers(
    /// What the chart shows.
    title: &'static str,
    /// The chart.
    spec: Signal<ChartSpec>,
) -> impl IntoView {
    let zone = use_zone();
    let head = move || {
        spec.with(|spec| {
            let cell = |name: String| view! { <th scope="col">{name}</th> };
            let names = spec.series.iter().map(|series| series.name.clone());
            names.map(cell).collect_view()
        })
    };
    let body = move || {
        spec.with(|spec| {
            rows(spec)
                .into_iter()
                .map(|(at, values)| {
                    let cells = values.into_iter().map(|value| view! { <td>{value}</td> });
                    view! {
                        <tr>
                            <th scope="row">{zone.with(|zone| zone.day_and_time(at))}</th>
                            {cells.collect_view()}
                        </tr>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <div class="numbers" tabindex="0" role="region" aria-label=format!("Numbers of {title}")>
            <table class="numbers__table values">
                <thead>
                    <tr>
                        <th scope="col">"Time"</th>
                        {head}
                    </tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

fn rows(spec: &ChartSpec) -> Vec<(common::time::UnixMs, Vec<String>)> {
    let step = spec.window.span_ms() / ROWS;
    (0..ROWS)
        .map(|index| {
            let at = spec.window.to.plus_ms(-index * step);
            let values = spec
                .series
                .iter()
                .map(|series| nearest(&series.points, at, series.gap_ms))
                .map(|reading| spec.unit.format(reading.map(|(_, value)| value)));
            (at, values.collect())
        })
        .collect()
}
