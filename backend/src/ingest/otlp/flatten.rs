//! Points of OpenTelemetry as samples of Prometheus's series; pure but for what deltas came down to so far.

use std::collections::BTreeMap;

use common::exposition::FamilyKind;
use common::series::STALE;

use super::model::{
    Double, HistogramPoint, Integer, KeyValue, Metric, NumberPoint, Points, Request,
    ResourceMetrics, Scope, SummaryPoint,
};
use super::names::{self, Behaviour};
use super::sums::{Pending, Sums};
use crate::ingest::metadata::Metadata;
use crate::ingest::remote_write::labels::{self, Name};

/// The flag of a point without a value.
const NO_VALUE: u32 = 1;
const DELTA: Integer = Integer(1);
const CUMULATIVE: Integer = Integer(2);
/// Samples of one request at most.
const MOST_SAMPLES: usize = 500_000;

type LabelMap = BTreeMap<String, String>;

/// What a point comes down to: metric, a label beside its own, value.
type Part<'a> = (String, Option<(&'a str, String)>, f64);

/// What a request comes down to.
#[derive(Debug, Default)]
pub(super) struct Flat {
    /// Series, time in milliseconds, value.
    pub(super) samples: Vec<(Name, i64, f64)>,
    /// Points that were not taken.
    pub(super) rejected: usize,
    /// Why the first of them was not.
    pub(super) why: Option<String>,
    /// What metrics are that something was taken of.
    pub(super) described: Vec<(String, Metadata)>,
}

/// What decides whether a sample is taken.
pub(super) struct Rules<'a> {
    /// Whether a time may be taken; the words when not.
    pub(super) time: &'a dyn Fn(i64) -> Result<(), String>,
    pub(super) is_sampled: bool,
}

/// Flattens a request; what is a delta is added to `sums`.
pub(super) fn flatten(
    request: &Request,
    rules: &Rules<'_>,
    sums: &Sums,
    pending: &mut Pending,
) -> Flat {
    let mut flat = Flat::default();
    for resource in &request.resource_metrics {
        let mut flattening = Flattening {
            flat: &mut flat,
            rules,
            sums,
            pending,
            base: LabelMap::new(),
            newest: None,
        };
        flattening.resource(resource);
    }
    flat
}

struct Flattening<'a> {
    flat: &'a mut Flat,
    rules: &'a Rules<'a>,
    sums: &'a Sums,
    pending: &'a mut Pending,
    /// Labels of all series of the scope.
    base: LabelMap,
    newest: Option<i64>,
}

impl Flattening<'_> {
    fn resource(&mut self, resource: &ResourceMetrics) {
        let attributes = &resource.resource.attributes;
        let (own, others) = of_resource(attributes);
        for scope in &resource.scope_metrics {
            self.base.clone_from(&own);
            self.base.extend(of_scope(&scope.scope));
            for metric in &scope.metrics {
                self.metric(metric);
            }
        }
        if let Some(newest) = self.newest
            && !own.is_empty()
            && !others.is_empty()
        {
            let mut labels = others;
            labels.extend(own);
            // About the resource: no point is lost without it.
            if let Ok(name) = self.named("target_info", &labels) {
                self.flat.samples.push((name, newest, 1.0));
            }
        }
    }

    fn metric(&mut self, metric: &Metric) {
        let (behaviour, kind) = behaviour(metric);
        let name = names::metric(&metric.name, &metric.unit, behaviour);
        let before = self.flat.samples.len();
        if let Some(gauge) = &metric.gauge {
            for point in &gauge.data_points {
                self.number(&name, point, false);
            }
        }
        if let Some(sum) = &metric.sum {
            self.each(sum, &metric.name, |this, point, is_delta| {
                this.number(&name, point, is_delta);
            });
        }
        if let Some(histogram) = &metric.histogram {
            self.each(histogram, &metric.name, |this, point, is_delta| {
                this.histogram(&name, point, is_delta);
            });
        }
        if let Some(summary) = &metric.summary {
            for point in &summary.data_points {
                self.summary(&name, point);
            }
        }
        if let Some(histogram) = &metric.exponential_histogram {
            let words = format!(
                "{}: exponential histograms are not taken, send histograms with explicit buckets",
                metric.name
            );
            self.reject(histogram.data_points.len(), words);
        }
        if self.flat.samples.len() > before {
            let said = Metadata {
                kind,
                help: metric.description.clone(),
                unit: names::unit(&metric.unit, behaviour),
            };
            self.flat.described.push((name, said));
        }
    }

    /// Calls `one` with each point and whether it is a delta; refuses all when nobody says.
    fn each<T>(
        &mut self,
        points: &Points<T>,
        metric: &str,
        mut one: impl FnMut(&mut Self, &T, bool),
    ) {
        if ![DELTA, CUMULATIVE].contains(&points.aggregation_temporality) {
            let words = format!("{metric}: the aggregation temporality is not known");
            return self.reject(points.data_points.len(), words);
        }
        let is_delta = points.aggregation_temporality == DELTA;
        for point in &points.data_points {
            one(self, point, is_delta);
        }
    }

    fn number(&mut self, name: &str, point: &NumberPoint, is_delta: bool) {
        let given = point.as_double.map(|Double(value)| value);
        let given = given.or_else(|| point.as_int.map(float));
        let value = if point.flags & NO_VALUE == 0 {
            given
        } else {
            Some(STALE)
        };
        let Some(value) = value else {
            return self.reject(1, format!("{name}: a point without a value"));
        };
        let parts = [(name.to_owned(), None, value)];
        self.point(&parts, &point.attributes, point.time_unix_nano, is_delta);
    }

    fn histogram(&mut self, name: &str, point: &HistogramPoint, is_delta: bool) {
        let (counts, bounds) = (&point.bucket_counts, &point.explicit_bounds);
        if !counts.is_empty() && counts.len() != bounds.len() + 1 {
            return self.reject(1, format!("{name}: buckets and bounds do not fit together"));
        }
        let is_stale = point.flags & NO_VALUE != 0;
        let of = |value: f64| if is_stale { STALE } else { value };
        let mut parts = Vec::with_capacity(bounds.len() + 3);
        let mut below = 0;
        for (Double(bound), Integer(count)) in bounds.iter().zip(counts) {
            below += count;
            let le = Some(("le", bound.to_string()));
            parts.push((format!("{name}_bucket"), le, of(float(Integer(below)))));
        }
        let all = of(float(point.count));
        let le = Some(("le", "+Inf".to_owned()));
        parts.push((format!("{name}_bucket"), le, all));
        if let Some(Double(sum)) = point.sum {
            parts.push((format!("{name}_sum"), None, of(sum)));
        }
        parts.push((format!("{name}_count"), None, all));
        self.point(&parts, &point.attributes, point.time_unix_nano, is_delta);
    }

    fn summary(&mut self, name: &str, point: &SummaryPoint) {
        let is_stale = point.flags & NO_VALUE != 0;
        let of = |value: f64| if is_stale { STALE } else { value };
        let quantiles = point.quantile_values.iter();
        let mut parts: Vec<_> = quantiles
            .map(|one| {
                let quantile = Some(("quantile", one.quantile.0.to_string()));
                (name.to_owned(), quantile, of(one.value.0))
            })
            .collect();
        parts.push((format!("{name}_sum"), None, of(point.sum.0)));
        parts.push((format!("{name}_count"), None, of(float(point.count))));
        self.point(&parts, &point.attributes, point.time_unix_nano, false);
    }

    /// Takes the samples that a point comes down to, all or none.
    fn point(
        &mut self,
        parts: &[Part<'_>],
        attributes: &[KeyValue],
        Integer(nanoseconds): Integer,
        is_delta: bool,
    ) {
        let at = nanoseconds / 1_000_000;
        if let Err(words) = (self.rules.time)(at) {
            return self.reject(1, words);
        }
        let mut labels = of_attributes(attributes);
        labels.extend(self.base.clone());
        let mut samples = Vec::with_capacity(parts.len());
        for (metric, extra, value) in parts {
            let mut labels = labels.clone();
            labels.extend(
                extra
                    .as_ref()
                    .map(|(name, it)| ((*name).to_owned(), it.clone())),
            );
            match self.named(metric, &labels) {
                Ok(name) => samples.push((name, at, *value)),
                Err(words) => return self.reject(1, words),
            }
        }
        if self.flat.samples.len() + samples.len() > MOST_SAMPLES {
            return self.reject(
                1,
                format!("more than {MOST_SAMPLES} samples in one request"),
            );
        }
        if is_delta && let Err(words) = self.sums.add_all(&mut samples, nanoseconds, self.pending) {
            return self.reject(1, words);
        }
        self.newest = self.newest.max(Some(at));
        self.flat.samples.append(&mut samples);
    }

    fn named(&self, metric: &str, labels: &LabelMap) -> Result<Name, String> {
        let mut all: Vec<(&str, &str)> = vec![("__name__", metric)];
        all.extend(labels.iter().map(|(name, it)| (name.as_str(), it.as_str())));
        labels::named(&all, self.rules.is_sampled).map_err(|fault| format!("{metric}: {fault}"))
    }

    fn reject(&mut self, points: usize, words: String) {
        self.flat.rejected += points;
        self.flat.why.get_or_insert(words);
    }
}

/// How the values of a metric behave; what is no counter by its name may be several kinds.
fn behaviour(metric: &Metric) -> (Behaviour, FamilyKind) {
    let sum = metric.sum.as_ref();
    if metric.gauge.is_some() {
        (Behaviour::Gauge, FamilyKind::Gauge)
    } else if sum.is_some_and(|sum| sum.is_monotonic) {
        (Behaviour::Counter, FamilyKind::Counter)
    } else if sum.is_some() {
        (Behaviour::Other, FamilyKind::Gauge)
    } else if metric.histogram.is_some() {
        (Behaviour::Other, FamilyKind::Histogram)
    } else if metric.summary.is_some() {
        (Behaviour::Other, FamilyKind::Summary)
    } else {
        (Behaviour::Other, FamilyKind::Unknown)
    }
}

#[expect(clippy::cast_precision_loss, reason = "Prometheus's values are floats")]
fn float(Integer(value): Integer) -> f64 {
    value as f64
}

/// The labels of a resource's own series, and those that tell more of it.
fn of_resource(attributes: &[KeyValue]) -> (LabelMap, LabelMap) {
    let value = |key: &str| {
        let found = attributes.iter().find(|one| one.key == key);
        found
            .map(|one| one.value.text())
            .filter(|it| !it.is_empty())
    };
    let job = value("service.name").map(|name| match value("service.namespace") {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name,
    });
    let instance = value("service.instance.id");
    let pairs = [("job", job), ("instance", instance)];
    let own = pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let named = ["service.name", "service.namespace", "service.instance.id"];
    let others = attributes
        .iter()
        .filter(|one| !named.contains(&one.key.as_str()));
    (own.collect(), of_attributes(others))
}

fn of_scope(scope: &Scope) -> impl Iterator<Item = (String, String)> + '_ {
    let pairs = [
        ("otel_scope_name", &scope.name),
        ("otel_scope_version", &scope.version),
    ];
    let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    pairs.map(|(name, value)| (name.to_owned(), value.clone()))
}

/// Attributes as labels; the values of those that come to the same name stand together.
fn of_attributes<'a>(attributes: impl IntoIterator<Item = &'a KeyValue>) -> LabelMap {
    let mut sorted: Vec<&KeyValue> = attributes.into_iter().collect();
    sorted.sort_by(|one, next| one.key.cmp(&next.key));
    let mut labels = LabelMap::new();
    for one in sorted {
        let value = one.value.text();
        labels
            .entry(names::label(&one.key))
            .and_modify(|known| {
                known.push(';');
                known.push_str(&value);
            })
            .or_insert(value);
    }
    labels
}
