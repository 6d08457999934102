//! A heat map with its scale; never where its data comes from.

use std::rc::Rc;

use common::chart::{ChartUnit, HeatPlot, HeatSpec, nearest};
use leptos::prelude::*;

use super::group::use_charts;
use super::plate::Plate;
use super::zone::use_zone;
use crate::reactive::memo;

/// How far from the cross-hair a reading may lie, as a part of the window.
const REACH: i64 = 100;

/// A heat map in a panel.
#[component]
pub fn HeatMap(
    /// What it shows.
    title: &'static str,
    /// Its rows.
    #[prop(into)]
    spec: Signal<HeatSpec>,
    /// The unit of its values.
    unit: ChartUnit,
    /// The figure at the right of its head.
    #[prop(into)]
    figure: ViewFn,
) -> impl IntoView {
    let group = use_charts();
    let zone = use_zone();
    let label = move || {
        let rows = spec.with(|spec| spec.rows.len());
        format!("{title}, {rows} rows over time")
    };
    let reading = memo(move || {
        spec.with(|spec| {
            let at = group.cursor().unwrap_or(spec.window.to);
            let reach = (spec.window.span_ms() / REACH).max(3_000);
            let values = spec.rows.iter().map(|row| {
                let value = nearest(&row.points, at, reach).map(|(_, value)| value);
                format!("{} {}", row.name, unit.format(value))
            });
            let when = zone.with(|zone| zone.day_and_time(at));
            format!("{when}: {}", values.collect::<Vec<_>>().join(", "))
        })
    });
    let lay_out = move |size| {
        let plot = zone.with(|zone| spec.with(|spec| HeatPlot::new(spec, size, zone)));
        Rc::new(plot) as Rc<_>
    };
    view! {
        <section class="panel chart" aria-label=title>
            <header class="panel__head chart__head">
                <h2>{title}</h2>
                <span class="chart__figure">{move || figure.run()}</span>
            </header>
            <div class="heat-scale" aria-hidden="true">
                <span>"0"</span>
                <span class="heat-scale__bar"></span>
                <span>{move || unit.format(Some(spec.with(|spec| spec.high)))}</span>
            </div>
            <Plate lay_out label=Signal::derive(label) reading />
        </section>
    }
}
