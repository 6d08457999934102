//! An answer over time as a chart; never its values at one moment.

use common::api::settings::ByteUnits;
use common::chart::ChartSpec;
use common::units::Unit;
use leptos::prelude::*;

use super::outcome::Outcome;
use crate::api::prom::{Answer, MOST_SERIES};
use crate::components::chart::chart_view::Chart;
use crate::components::chart::use_charts;
use crate::components::load_view::Empty;
use crate::format::duration;
use crate::pages::explore::query::result::{curves, series};
use crate::pages::explore::series::{MOST, bounds, chart_unit};
use crate::reactive::memo;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;

/// The first curves of the answer.
#[component]
pub fn QueryChart(
    /// What was read.
    load: Load<Outcome>,
    /// What its values are counted in.
    unit: Memo<Unit>,
) -> impl IntoView {
    let (group, preferences) = (use_charts(), use_preferences());
    let drawn = memo(move || {
        load.state().with(|state| {
            let outcome = state.value()?;
            let over = over(outcome)?;
            Some((curves(&over.value, outcome.step_ms), outcome.step_ms))
        })
    });
    let has_points = memo(move || {
        drawn.with(|drawn| {
            let curves = drawn.iter().flat_map(|it| &it.0);
            curves.into_iter().any(|curve| !curve.points.is_empty())
        })
    });
    let spec = move || {
        let curves = drawn.with(|it| it.as_ref().map(|it| it.0.clone()).unwrap_or_default());
        let unit = chart_unit(unit.get(), None, preferences.units() == ByteUnits::Decimal);
        ChartSpec {
            window: group.window().get(),
            unit,
            bounds: bounds(unit, &curves),
            series: curves,
            thresholds: Vec::new(),
            bands: Vec::new(),
        }
    };
    let figure = move || {
        let outcome = load.state();
        let found = outcome.with(|state| {
            let over = state.value().and_then(over);
            over.map_or(0, |it| series(&it.value))
        });
        let step = drawn.with(|it| it.as_ref().map_or(0, |it| it.1)) / 1_000;
        let step = duration(u64::try_from(step).unwrap_or_default());
        let more = match found.saturating_sub(MOST) {
            0 => String::new(),
            _ if found >= MOST_SERIES => format!(" · {MOST} of {found} or more series drawn"),
            _ => format!(" · {MOST} of {found} series drawn"),
        };
        format!("each {step}{more}")
    };
    move || {
        if has_points.get() {
            view! {
                <div class="explore__plot">
                    <Chart title="Over time" spec=Signal::derive(spec) figure />
                </div>
            }
            .into_any()
        } else {
            view! {
                <section class="panel">
                    <Empty
                        title="No values in this range"
                        text="Nothing that is stored fits the expression in this stretch of time. Try a longer range."
                    />
                </section>
            }
            .into_any()
        }
    }
}

fn over(outcome: &Outcome) -> Option<&Answer> {
    outcome.over.as_ref()?.as_ref().ok()
}
