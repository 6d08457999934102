//! The last hour of a rule's metric with its thresholds as they are typed; never a prediction.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use common::alert::{RuleKind, Severity};
use common::api::metrics::{Aggregation, AnsweredSeries, MetricQueries, MetricQuery};
use common::chart::{
    ChartSeries, ChartSpec, ChartUnit, Point, SeriesColor, Shape, ThresholdLine, ValueBounds,
    without_blank_end,
};
use common::series::Labels;
use common::time::UnixMs;
use leptos::prelude::*;

use super::rule_form::RuleFields;
use super::words::unit_of;
use crate::api::{ApiError, metrics};
use crate::browser;
use crate::components::chart::chart_view::Chart;
use crate::components::chart::use_charts;
use crate::components::load_view::{Empty, load_view};
use crate::components::skeleton::Shape as Outline;
use crate::state::load::Load;

/// The length of the preview.
pub const SPAN_MS: i64 = 3_600_000;
/// Its step in seconds.
const STEP: u32 = 10;
/// So many series are drawn; with more the picture says nothing.
const MOST: usize = 5;
/// Typing must rest this long before the metric is read.
const REST: Duration = Duration::from_millis(350);

/// What is asked for: a metric and the labels of its series.
#[derive(Debug, Clone, PartialEq)]
struct Subject {
    metric: String,
    labels: Labels,
}

/// The chart beside the form.
#[component]
pub fn RulePreview(
    /// The fields of the form.
    fields: RuleFields,
) -> impl IntoView {
    let group = use_charts();
    let subject = rested(fields);
    let load = Load::new(move |api| {
        let subject = subject.get();
        let now = browser::now();
        group.advance(now);
        async move {
            match subject {
                Some(subject) => read(api, subject, now).await,
                None => Ok(Vec::new()),
            }
        }
    });
    load_view(load, Outline::Panel, move |series, _| {
        view! { <Drawn series fields subject /> }
    })
}

#[component]
fn Drawn(
    series: Vec<AnsweredSeries>,
    fields: RuleFields,
    subject: ReadSignal<Option<Subject>>,
) -> impl IntoView {
    let group = use_charts();
    let found = series.len();
    let metric = subject
        .get_untracked()
        .map(|subject| subject.metric)
        .unwrap_or_default();
    let unit = unit_of(&metric);
    let curves = StoredValue::new(curves(series));
    if found == 0 {
        return view! {
            <section class="panel rule-preview">
                <Empty
                    title="No data in the last hour"
                    text="The rule can be saved all the same: it waits for the metric to appear."
                />
            </section>
        }
        .into_any();
    }
    let spec = move || ChartSpec {
        window: group.window().get(),
        unit,
        bounds: bounds(unit),
        series: curves.get_value(),
        thresholds: lines(fields, unit),
        bands: Vec::new(),
    };
    let figure = move || {
        let more = found.saturating_sub(MOST);
        (more > 0).then(|| format!("the {MOST} highest of {found} series"))
    };
    view! {
        <div class="rule-preview">
            <Chart title="Last hour" spec=Signal::derive(spec) figure />
        </div>
    }
    .into_any()
}

/// The subject once typing rests; `None` while there is nothing to show.
fn rested(fields: RuleFields) -> ReadSignal<Option<Subject>> {
    let wanted = Memo::new(move |_| {
        let draft = fields.draft();
        let labels = draft.matchers().ok()?;
        let is_shown = draft.kind == RuleKind::Threshold && !draft.metric.trim().is_empty();
        is_shown.then(|| Subject {
            metric: draft.metric.trim().to_owned(),
            labels: labels.into_iter().collect(),
        })
    });
    let (subject, set_subject) = signal(wanted.get_untracked());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let next = wanted.get();
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        if subject.get_untracked() == next {
            return;
        }
        let take = move || {
            set_subject.try_set(next.clone());
        };
        timer.set_value(set_timeout_with_handle(take, REST).ok());
    });
    subject
}

async fn read(
    api: crate::api::Api,
    subject: Subject,
    now: UnixMs,
) -> Result<Vec<AnsweredSeries>, ApiError> {
    let question = MetricQuery {
        server: None,
        metric: subject.metric,
        labels: subject.labels.into(),
        from: now.plus_ms(-SPAN_MS),
        to: None,
        step: NonZeroU32::new(STEP),
        agg: Aggregation::Avg,
        width: None,
        sum: false,
    };
    let questions = MetricQueries {
        queries: vec![question],
    };
    let answers = metrics::query(api, &questions).await?;
    Ok(answers
        .results
        .into_iter()
        .flat_map(|it| it.series)
        .collect())
}

/// The curves, those that rise highest first.
fn curves(mut series: Vec<AnsweredSeries>) -> Vec<ChartSeries> {
    let highest = |series: &AnsweredSeries| {
        let values = series.points.iter().filter_map(|point| point.1);
        values.fold(f64::NEG_INFINITY, f64::max)
    };
    series.sort_by(|a, b| highest(b).total_cmp(&highest(a)));
    let alone = series.len() == 1;
    let curve = |(place, series): (usize, AnsweredSeries)| {
        let labels: Vec<&str> = series.labels.iter().map(|(_, value)| value).collect();
        let points = series.points.iter().map(|(at, value)| Point {
            at: UnixMs(*at),
            value: *value,
        });
        ChartSeries {
            name: [&[series.server.as_str()], &labels[..]].concat().join(" "),
            color: SeriesColor::nth(place),
            shape: if alone { Shape::Area } else { Shape::Line },
            points: Arc::new(without_blank_end(points.collect())),
            gap_ms: i64::from(STEP) * 3_000,
        }
    };
    series
        .into_iter()
        .take(MOST)
        .enumerate()
        .map(curve)
        .collect()
}

fn bounds(unit: ChartUnit) -> ValueBounds {
    if unit == ChartUnit::Percent {
        ValueBounds::up_to(100.0)
    } else {
        ValueBounds::default()
    }
}

fn lines(fields: RuleFields, unit: ChartUnit) -> Vec<ThresholdLine> {
    let (warning, critical) = fields.draft().thresholds();
    let line = |value: Option<f64>, severity| {
        value.map(|value| ThresholdLine {
            value,
            severity,
            label: Some(unit.format(Some(value))),
        })
    };
    let both = [
        line(warning, Severity::Warning),
        line(critical, Severity::Critical),
    ];
    both.into_iter().flatten().collect()
}
