//! The series that a rule looks at, read for its chart; never its thresholds.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use common::alert::{RuleKind, RuleScope};
use common::api::metrics::{Aggregation, AnsweredSeries, MetricQueries, MetricQuery};
use common::chart::{ChartSeries, ChartUnit, Point, SeriesColor, Shape, without_blank_end};
use common::ids::ServerId;
use common::metric::Metric;
use common::series::Labels;
use common::series::matcher::Matcher;
use common::time::UnixMs;
use leptos::prelude::*;

use super::rule_draft::RuleDraft;
use super::rule_fields::RuleFields;
use super::words::unit_of;
use crate::api::{Api, ApiError, metrics, prom};
use crate::pages::explore::query::result::curves;
use crate::reactive::{effect, memo};

/// The length of the preview.
pub const SPAN_MS: i64 = 3_600_000;
/// Its step in seconds.
const STEP: u32 = 10;
/// So many series are drawn; with more the picture says nothing.
pub const MOST: usize = 5;
/// Typing must rest this long before anything is read.
const REST: Duration = Duration::from_millis(350);

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// A metric and the labels of its series.
    Metric {
        /// Its name.
        metric: String,
        /// The labels.
        labels: Labels,
    },
    /// An expression in `PromQL`.
    Expression {
        /// The expression.
        text: String,
        /// What its values are counted in.
        unit: ChartUnit,
    },
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Plotted {
    /// Series of a metric.
    Metric(Vec<AnsweredSeries>),
    /// The answer to an expression.
    Expression(prom::Value),
}

impl Subject {
    fn of(draft: &RuleDraft) -> Option<Self> {
        let metric = draft.metric.trim().to_owned();
        let labels = super::label_text::read(&draft.matchers);
        match draft.kind {
            RuleKind::Composite => None,
            RuleKind::Promql => {
                let text = draft.expression.trim().to_owned();
                let unit = ChartUnit::Number;
                (!text.is_empty()).then_some(Self::Expression { text, unit })
            }
            _ if metric.is_empty() => None,
            RuleKind::Rate => Some(Self::Expression {
                unit: match unit_of(&metric) {
                    ChartUnit::Bytes => ChartUnit::BytesPerSecond,
                    _ => ChartUnit::Number,
                },
                text: rate(
                    &metric,
                    &labels.ok()?,
                    draft.window_seconds.trim().parse().ok()?,
                ),
            }),
            // Not a metric: any sample of the host is meant.
            RuleKind::Absence if metric == "up" => None,
            RuleKind::Threshold | RuleKind::Absence => Some(Self::Metric {
                metric,
                labels: labels.ok()?.into_iter().collect(),
            }),
        }
    }

    /// What its values are counted in.
    pub fn unit(&self) -> ChartUnit {
        match self {
            Self::Metric { metric, .. } => unit_of(metric),
            Self::Expression { unit, .. } => *unit,
        }
    }

    /// Reads the last hour of it.
    pub async fn read(self, api: Api, now: UnixMs) -> Result<Plotted, ApiError> {
        let from = now.plus_ms(-SPAN_MS);
        match self {
            Self::Metric { metric, labels } => {
                let question = MetricQuery {
                    server: None,
                    metric,
                    labels: labels.into(),
                    from,
                    to: None,
                    step: NonZeroU32::new(STEP),
                    agg: Aggregation::Avg,
                    width: None,
                    sum: false,
                };
                let queries = vec![question];
                let answers = metrics::query(api, &MetricQueries { queries }).await?;
                let series = answers.results.into_iter().flat_map(|it| it.series);
                Ok(Plotted::Metric(series.collect()))
            }
            Self::Expression { text, .. } => {
                let step_ms = i64::from(STEP) * 1_000;
                let answer = prom::over(api, &text, (from, now), step_ms).await?;
                Ok(Plotted::Expression(answer.value))
            }
        }
    }
}

/// What a counter grows a second, or how fast a gauge changes.
fn rate(metric: &str, labels: &BTreeMap<String, String>, window_seconds: u32) -> String {
    let matchers = labels
        .iter()
        .map(|(name, value)| Matcher::equal(name, value).to_string());
    let matchers = matchers.collect::<Vec<_>>().join(",");
    let function = if Metric::is_counter(metric) {
        "rate"
    } else {
        "deriv"
    };
    format!("{function}({metric}{{{matchers}}}[{window_seconds}s])")
}

impl Plotted {
    /// The curves in a rule's scope, those that rise highest first.
    pub fn curves(
        self,
        scope: &RuleScope,
        group_of: impl Fn(ServerId) -> Option<String>,
    ) -> Vec<ChartSeries> {
        match self {
            Self::Expression(value) => curves(&value, i64::from(STEP) * 1_000),
            Self::Metric(mut series) => {
                series.retain(|it| scope.covers(it.server_id, group_of(it.server_id).as_deref()));
                series.sort_by(|a, b| highest(b).total_cmp(&highest(a)));
                let alone = series.len() == 1;
                let series = series.iter().enumerate();
                series.map(|(place, it)| curve(place, it, alone)).collect()
            }
        }
    }
}

fn highest(series: &AnsweredSeries) -> f64 {
    let values = series.points.iter().filter_map(|point| point.1);
    values.fold(f64::NEG_INFINITY, f64::max)
}

fn curve(place: usize, series: &AnsweredSeries, alone: bool) -> ChartSeries {
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
}

/// The subject once typing rests; `None` while there is nothing to show.
pub fn rested(fields: &RuleFields) -> ReadSignal<Option<Subject>> {
    let fields = *fields;
    let wanted = memo(move || Subject::of(&fields.draft()));
    let (subject, set_subject) = signal(wanted.get_untracked());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    effect(move || {
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

#[cfg(test)]
mod tests {
    use super::rate;
    use std::collections::BTreeMap;

    #[test]
    fn a_rate_is_asked_for_as_what_the_metric_is() {
        let labels = BTreeMap::from([("device".to_owned(), "a\"b".to_owned())]);
        let asked = rate("errors_total", &labels, 60);
        assert_eq!(asked, r#"rate(errors_total{device="a\"b"}[60s])"#);
        let asked = rate("queue_length", &BTreeMap::new(), 300);
        assert_eq!(asked, "deriv(queue_length{}[300s])");
    }
}
