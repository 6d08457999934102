//! The last hour of what a rule looks at, with its thresholds as they are typed or dragged; never a prediction.

use common::alert::Severity;
use common::chart::{AlertBand, ChartSeries, ChartSpec, ChartUnit, ThresholdLine, ValueBounds};
use leptos::prelude::*;

use super::rule_draft::scope;
use super::rule_fields::RuleFields;
use super::rule_lines::{Axis, RuleLines};
use super::rule_series::{MOST, rested};
use crate::browser;
use crate::components::chart::chart_view::Chart;
use crate::components::chart::use_charts;
use crate::components::explore::rhythm::every;
use crate::components::load_view::{Empty, Failed};
use crate::components::skeleton::{Shape as Outline, Skeleton};
use crate::reactive::memo;
use crate::state::fleet::use_fleet;
use crate::state::load::{Load, Loaded};

/// It is read anew so often, in seconds.
const OFTEN: u32 = 10;

/// What stands in the place of the chart.
#[derive(Clone, PartialEq)]
enum Shown {
    Waiting,
    Failed(String),
    /// The rule has no value of its own.
    Nothing,
    Blank,
    Curves(ChartUnit),
}

/// The chart beside the form; nothing for a rule that has no value of its own.
#[component]
pub fn RulePreview(
    /// The fields of the form.
    fields: RuleFields,
    /// When the rule would have fired.
    fired: RwSignal<Vec<AlertBand>>,
) -> impl IntoView {
    let group = use_charts();
    let fleet = use_fleet();
    let subject = rested(&fields);
    let load = Load::new(move |api| {
        let subject = subject.get();
        let now = browser::now();
        async move {
            let Some(subject) = subject else {
                return Ok(None);
            };
            let unit = subject.unit();
            let plotted = subject.read(api, now).await?;
            group.advance(now);
            Ok(Some((unit, plotted)))
        }
    });
    every(OFTEN, load);
    let curves = memo(move || {
        let plotted = load.state().with(|it| it.value().cloned().flatten());
        let scope = fields
            .servers
            .with(|servers| fields.groups.with(|groups| scope(servers, groups)));
        let group_of = |id| {
            let row = fleet.row(id)?;
            row.status.with_untracked(|it| it.group.clone())
        };
        plotted
            .map(|(_, it)| it.curves(&scope, group_of))
            .unwrap_or_default()
    });
    let is_blank = memo(move || curves.with(Vec::is_empty));
    let shown = memo(move || {
        load.state().with(|state| match (state, state.value()) {
            (Loaded::Failed(error), _) => Shown::Failed(error.message()),
            (_, None) => Shown::Waiting,
            (_, Some(None)) => Shown::Nothing,
            (_, Some(Some(_))) if is_blank.get() => Shown::Blank,
            (_, Some(Some((unit, _)))) => Shown::Curves(*unit),
        })
    });
    move || match shown.get() {
        Shown::Waiting => view! { <Skeleton shape=Outline::Panel /> }.into_any(),
        Shown::Nothing => ().into_any(),
        Shown::Failed(text) => {
            let again = move |()| load.again();
            framed(view! { <Failed text on_retry=again /> }.into_any())
        }
        Shown::Blank => {
            let title = "No data in the last hour";
            let text = "The rule can be saved all the same: it waits for the metric to appear.";
            framed(view! { <Empty title text /> }.into_any())
        }
        Shown::Curves(unit) => view! { <Curves curves fields fired unit /> }.into_any(),
    }
}

fn framed(what: AnyView) -> AnyView {
    view! { <section class="panel rule-preview">{what}</section> }.into_any()
}

#[component]
fn Curves(
    curves: Memo<Vec<ChartSeries>>,
    fields: RuleFields,
    fired: RwSignal<Vec<AlertBand>>,
    unit: ChartUnit,
) -> impl IntoView {
    let group = use_charts();
    let axis = Axis::new();
    let spec = move || ChartSpec {
        window: group.window().get(),
        unit,
        bounds: axis.bounds().unwrap_or_else(|| bounds(unit)),
        series: curves.with(|all| all.iter().take(MOST).cloned().collect()),
        thresholds: lines(&fields, unit),
        bands: fired.get(),
    };
    let figure = move || {
        let found = curves.with(Vec::len);
        let more = (found > MOST).then(|| format!("the {MOST} highest of {found} series"));
        let has_line = Severity::ALL
            .iter()
            .any(|it| fields.threshold_at(*it).is_some());
        let drag = has_line.then(|| "drag a line to try it".to_owned());
        let parts: Vec<String> = [more, drag].into_iter().flatten().collect();
        parts.join(" · ")
    };
    view! {
        <div class="rule-preview">
            <Chart
                title="Last hour"
                spec=Signal::derive(spec)
                figure
                scale=axis.scale
                above=move || view! { <RuleLines fields unit axis /> }
            />
        </div>
    }
}

fn bounds(unit: ChartUnit) -> ValueBounds {
    if unit == ChartUnit::Percent {
        ValueBounds::up_to(100.0)
    } else {
        ValueBounds::default()
    }
}

fn lines(fields: &RuleFields, unit: ChartUnit) -> Vec<ThresholdLine> {
    let line = |severity| {
        let value = fields.threshold_at(severity)?;
        Some(ThresholdLine {
            value,
            severity,
            label: Some(unit.format(Some(value))),
        })
    };
    Severity::ALL.into_iter().filter_map(line).collect()
}
