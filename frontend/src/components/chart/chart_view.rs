//! A chart with its legend and its table of numbers; never where its data comes from.

use std::rc::Rc;

use common::chart::{ChartSpec, Plot, summary};
use leptos::prelude::*;

use super::group::use_charts;
use super::legend::{Legend, readings};
use super::numbers::Numbers;
use super::plate::Plate;
use super::value_scale::ValueScale;
use super::zone::use_zone;
use crate::components::button::IconButton;
use crate::components::icon::Icon;
use crate::reactive::memo;

/// A chart in a panel.
#[component]
pub fn Chart(
    /// What it shows.
    title: &'static str,
    /// Its curves.
    #[prop(into)]
    spec: Signal<ChartSpec>,
    /// The figure at the right of its head.
    #[prop(into)]
    figure: ViewFn,
    /// Told where its values stand.
    #[prop(optional)]
    scale: Option<RwSignal<Option<ValueScale>>>,
    /// Lies over the curves, in their place.
    #[prop(optional, into)]
    above: ViewFn,
) -> impl IntoView {
    let group = use_charts();
    let zone = use_zone();
    let alone = RwSignal::new(None::<String>);
    let table = RwSignal::new(false);
    // Computed once for all that read it; whether it differs is not asked, it nearly always does.
    let spec: Signal<ChartSpec> = Memo::new_with_compare(move |_| spec.get(), |_, _| true).into();
    let visible_part = Signal::derive(move || {
        let mut chart = spec.get();
        if let Some(name) = alone.get()
            && chart.series.iter().any(|series| series.name == name)
        {
            chart.series.retain(|series| series.name == name);
        }
        chart
    });
    let label = move || spec.with(|spec| zone.with(|zone| summary(title, spec, zone)));
    let reading = memo(move || {
        let at = group.cursor();
        let values = spec.with(|spec| readings(spec, at));
        let values = values
            .into_iter()
            .map(|(name, value)| format!("{name} {value}"));
        let when = at.map_or_else(
            || "now".to_owned(),
            |at| zone.with(|zone| zone.day_and_time(at)),
        );
        format!("{when}: {}", values.collect::<Vec<_>>().join(", "))
    });
    let lay_out = move |size| {
        let plot = zone.with(|zone| visible_part.with(|chart| Plot::new(chart, size, zone)));
        if let Some(scale) = scale {
            scale.maybe_update(|known| known.replace((&plot).into()) != *known);
        }
        Rc::new(plot) as Rc<_>
    };
    view! {
        <section class="panel chart" aria-label=title>
            <header class="panel__head chart__head">
                <h2>{title}</h2>
                <span class="chart__figure">{move || figure.run()}</span>
                <IconButton
                    icon=Icon::Table
                    label=Signal::derive(move || {
                        let verb = if table.get() { "Hide" } else { "Show" };
                        format!("{verb} the numbers of {title}")
                    })
                    on_press=move |_| table.update(|shown| *shown = !*shown)
                />
            </header>
            <Legend spec alone />
            <div class="chart__ground">
                <Plate lay_out label=Signal::derive(label) reading />
                {move || above.run()}
            </div>
            <Show when=move || table.get()>
                <Numbers title spec />
            </Show>
        </section>
    }
}
