//! The drawn series on a chart, read anew while they are looked at; never which ones.

use std::time::Duration;

use common::api::metrics::StoredSeries;
use common::api::settings::ByteUnits;
use common::chart::{ChartSeries, ChartSpec};
use common::time::UnixMs;
use common::units::Unit;
use leptos::prelude::*;

use super::asked::Asked;
use super::rhythm::{pixels, rested, turns, wanted};
use crate::api::metrics;
use crate::browser;
use crate::components::banner::{Banner, Tone};
use crate::components::button::Button;
use crate::components::chart::chart_view::Chart;
use crate::components::chart::{ChartGroup, use_charts};
use crate::components::load_view::{Empty, Failed};
use crate::components::skeleton::{Shape, Skeleton};
use crate::format::duration;
use crate::pages::explore::address::AGGREGATIONS;
use crate::pages::explore::series::{bounds, chart_unit, curves, grain_ms, is_whole, questions};
use crate::reactive::{effect, memo};
use crate::state::load::{Load, Loaded};
use crate::state::preferences::use_preferences;

/// A short range is read anew so often.
const OFTEN: Duration = Duration::from_secs(5);

/// What was read.
#[derive(Debug, Clone, PartialEq)]
struct Drawn {
    curves: Vec<ChartSeries>,
    /// Milliseconds that a point, or a column of pixels, stands for.
    grain_ms: i64,

    /// When it was asked for.
    at: UnixMs,
}

/// What stands in the place of the chart.
#[derive(Clone, PartialEq)]
enum Shown {
    Waiting,
    Failed(String),
    Nothing,
    Curves,
}

/// The chart of a metric.
#[component]
pub fn Plotted(
    /// Every series.
    series: Memo<Vec<StoredSeries>>,
    /// Those that are drawn.
    shown: Memo<Vec<StoredSeries>>,
    /// What its values are counted in.
    unit: Unit,
    /// Whether it only grows.
    is_counter: bool,
    /// What is shown.
    asked: Asked,
) -> impl IntoView {
    let group = use_charts();
    let load = read(group, shown, is_counter, asked);
    let is_blank = move |drawn: &Drawn| {
        let window = group.window().get();
        let mut points = drawn.curves.iter().flat_map(|curve| curve.points.iter());
        !points.any(|point| window.holds(point.at))
    };
    let state = memo(move || {
        load.state().with(|state| match state {
            Loaded::Loading => Shown::Waiting,
            Loaded::Failed(error) => Shown::Failed(error.message()),
            Loaded::Ready(drawn) | Loaded::Stale(drawn, _) if is_blank(drawn) => Shown::Nothing,
            Loaded::Ready(_) | Loaded::Stale(..) => Shown::Curves,
        })
    });
    let problem = memo(move || {
        load.state().with(|state| match state {
            Loaded::Stale(_, error) => Some(error.message()),
            _ => None,
        })
    });
    view! {
        {move || {
            problem
                .get()
                .map(|text| {
                    view! {
                        <Banner tone=Tone::Warning>
                            "Not read anew: " {text} " "
                            <Button on_press=move |_| load.again()>"Try again"</Button>
                        </Banner>
                    }
                })
        }}
        <div class="explore__plot live-data" class:stale=move || problem.with(Option::is_some)>
            {move || match state.get() {
                Shown::Waiting => view! { <Skeleton shape=Shape::Panel /> }.into_any(),
                Shown::Failed(text) => {
                    view! {
                        <section class="panel">
                            <Failed text on_retry=move |()| load.again() />
                        </section>
                    }
                        .into_any()
                }
                Shown::Nothing => {
                    view! {
                        <section class="panel">
                            <Empty
                                title="No samples in this range"
                                text="The series are there, but have no value in this stretch of time. Try a longer range."
                            />
                        </section>
                    }
                        .into_any()
                }
                Shown::Curves => view! { <Curves load series unit asked /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Curves(
    load: Load<Drawn>,
    series: Memo<Vec<StoredSeries>>,
    unit: Unit,
    asked: Asked,
) -> impl IntoView {
    let (group, preferences) = (use_charts(), use_preferences());
    let spec = move || {
        let curves = load.state().with(|state| {
            let drawn = state.value();
            drawn.map(|drawn| drawn.curves.clone()).unwrap_or_default()
        });
        let is_decimal = preferences.units() == ByteUnits::Decimal;
        let unit = chart_unit(unit, asked.agg(), is_decimal);
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
        let state = load.state();
        let (grain_ms, drawn) = state.with(|state| {
            let drawn = state.value();
            drawn.map_or((0, 0), |drawn| (drawn.grain_ms, drawn.curves.len()))
        });
        let agg = asked.agg();
        let word = AGGREGATIONS.into_iter().find(|it| Some(it.0) == agg);
        let word = word.map_or("Lowest and highest", |it| it.2);
        let seconds = u64::try_from((grain_ms + 500) / 1_000).unwrap_or_default();
        let what = if is_whole(grain_ms) {
            "Every sample".to_owned()
        } else {
            format!("{word} of each {}", duration(seconds))
        };
        match series.with(Vec::len).saturating_sub(drawn) {
            0 => what,
            more => format!("{what} · {more} more series not drawn"),
        }
    };
    view! { <Chart title="Values" spec=Signal::derive(spec) figure /> }
}

/// Reads what the view needs: now, when something else is asked for, and in turns while it is live.
fn read(
    group: ChartGroup,
    shown: Memo<Vec<StoredSeries>>,
    is_counter: bool,
    asked: Asked,
) -> Load<Drawn> {
    let busy = StoredValue::new(false);
    let turn = turns(group, busy, OFTEN, move || asked.range());
    let view = rested(group);
    let agg = memo(move || asked.agg());
    let load = Load::new(move |api| {
        turn.track();
        let (series, agg, view) = (shown.get(), agg.get(), view.get());
        let at = browser::now();
        let grain_ms = grain_ms(view.window(at), pixels(), agg);
        let asked = questions(&series, wanted(view, at), grain_ms, agg);
        busy.set_value(true);
        async move {
            let answer = metrics::query(api, &asked).await;
            busy.try_set_value(false);
            let curves = curves(&series, &answer?, grain_ms, is_counter.then_some("counter"));
            Ok(Drawn {
                curves,
                grain_ms,
                at,
            })
        }
    });
    // The window slides when what it then shows is there.
    effect(move || {
        let at = load
            .state()
            .with(|state| state.value().map(|drawn| drawn.at));
        if let Some(at) = at {
            group.advance(at);
        }
    });
    load
}
