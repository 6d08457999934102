//! What the address of the explorer says: metric, range, server, aggregation, series; pure.

use common::api::metrics::Aggregation;
use common::ids::ServerId;
use common::series::names::is_metric_name;

use super::series::Mark;
use crate::components::chart::View;

/// The page's path.
const PATH: &str = "/explore";

/// How much of the past is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Span {
    /// Five minutes.
    FiveMinutes,
    /// An hour.
    #[default]
    Hour,
    /// Six hours.
    SixHours,
    /// A day.
    Day,
    /// A week.
    Week,
}

impl Span {
    /// Every span, the shortest first.
    pub const ALL: [Self; 5] = [
        Self::FiveMinutes,
        Self::Hour,
        Self::SixHours,
        Self::Day,
        Self::Week,
    ];

    /// Its name in the address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FiveMinutes => "5m",
            Self::Hour => "1h",
            Self::SixHours => "6h",
            Self::Day => "24h",
            Self::Week => "7d",
        }
    }

    /// Its name on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::FiveMinutes => "5 m",
            Self::Hour => "1 h",
            Self::SixHours => "6 h",
            Self::Day => "24 h",
            Self::Week => "7 d",
        }
    }

    /// Its length in milliseconds.
    pub const fn ms(self) -> i64 {
        match self {
            Self::FiveMinutes => 300_000,
            Self::Hour => 3_600_000,
            Self::SixHours => 6 * 3_600_000,
            Self::Day => 24 * 3_600_000,
            Self::Week => 7 * 24 * 3_600_000,
        }
    }

    /// The view that it stands for.
    pub const fn view(self) -> View {
        View::Live { span_ms: self.ms() }
    }

    /// Whether a few seconds show on it.
    pub const fn is_short(self) -> bool {
        matches!(self, Self::FiveMinutes | Self::Hour)
    }
}

/// The aggregations that may be chosen in the place of every peak: name in the address, word on the
/// screen.
pub const AGGREGATIONS: [(Aggregation, &str, &str); 9] = [
    (Aggregation::Avg, "avg", "Mean"),
    (Aggregation::Min, "min", "Lowest"),
    (Aggregation::Max, "max", "Highest"),
    (Aggregation::Sum, "sum", "Sum"),
    (Aggregation::Count, "count", "Number of samples"),
    (Aggregation::Last, "last", "Newest"),
    (Aggregation::Median, "median", "Median"),
    (Aggregation::P95, "p95", "95th percentile"),
    (Aggregation::Stddev, "stddev", "Standard deviation"),
];

/// The aggregation of that name; `None` for every other name.
pub fn aggregation(name: &str) -> Option<Aggregation> {
    let known = AGGREGATIONS.into_iter().find(|it| it.1 == name);
    known.map(|it| it.0)
}

/// The name of an aggregation.
pub fn aggregation_name(aggregation: Aggregation) -> Option<&'static str> {
    let known = AGGREGATIONS.into_iter().find(|it| it.0 == aggregation);
    known.map(|it| it.1)
}

/// The part of the address behind the question mark.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// The metric that is shown.
    pub metric: Option<String>,
    /// The range.
    pub range: Span,
    /// The server; `None`: all of them.
    pub server: Option<ServerId>,
    /// What a point says about its samples; `None`: the lowest and the highest are drawn.
    pub agg: Option<Aggregation>,
    /// The series that were ticked; empty: the first ones.
    pub picked: Vec<Mark>,
}

impl Address {
    /// Reads the parameters; what is not understood is as if it were not there.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let range = get("range");
        Self {
            metric: get("metric").filter(|name| is_metric_name(name)),
            range: Span::ALL
                .into_iter()
                .find(|span| Some(span.name()) == range.as_deref())
                .unwrap_or_default(),
            server: get("server").and_then(|id| id.parse().ok()),
            agg: aggregation(&get("agg").unwrap_or_default()),
            picked: get("series")
                .map(|marks| marks.split('.').filter_map(Mark::read).collect())
                .unwrap_or_default(),
        }
    }

    /// The whole address, without parameters that say what holds anyway.
    pub fn write(&self) -> String {
        let marks: Vec<String> = self.picked.iter().map(Mark::to_string).collect();
        let range = (self.range != Span::default()).then(|| self.range.name());
        let parts: Vec<String> = [
            ("metric", self.metric.clone()),
            ("range", range.map(str::to_owned)),
            ("server", self.server.map(|id| id.to_string())),
            (
                "agg",
                self.agg.and_then(aggregation_name).map(str::to_owned),
            ),
            ("series", Some(marks.join(".")).filter(|it| !it.is_empty())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", value?)))
        .collect();
        if parts.is_empty() {
            PATH.to_owned()
        } else {
            format!("{PATH}?{}", parts.join("&"))
        }
    }

    /// The same for another metric: ticks belong to the one that was left.
    #[must_use]
    pub fn of_metric(&self, metric: &str) -> Self {
        Self {
            metric: Some(metric.to_owned()),
            picked: Vec::new(),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AGGREGATIONS, Address, Span, aggregation, aggregation_name};

    fn read(query: &str) -> Address {
        Address::read(|wanted| {
            let mut parts = query.split('&').filter_map(|part| part.split_once('='));
            let found = parts.find(|(name, _)| *name == wanted);
            found.map(|(_, value)| value.to_owned())
        })
    }

    #[test]
    fn the_address_is_what_is_shown() {
        let server = "server=00000000-0000-7000-8000-000000000001";
        for (query, written) in [
            (String::new(), "/explore".to_owned()),
            (
                "metric=node_load1".into(),
                "/explore?metric=node_load1".into(),
            ),
            (
                "metric=a b&range=2h&agg=avg".into(),
                "/explore?agg=avg".into(),
            ),
            ("range=1h&agg=loud&server=x".into(), "/explore".into()),
            (
                format!("agg=p95&{server}&range=7d&metric=a:b&series=0000002a.zz.ffffffff"),
                format!("/explore?metric=a:b&range=7d&{server}&agg=p95&series=0000002a.ffffffff"),
            ),
        ] {
            assert_eq!(read(&query).write(), written, "{query}");
        }
    }

    #[test]
    fn another_metric_keeps_all_but_the_ticks() {
        let next = read("metric=a&range=5m&series=0000002a").of_metric("b");
        assert_eq!(next.write(), "/explore?metric=b&range=5m");
        assert_eq!(next.range, Span::FiveMinutes);
    }

    #[test]
    fn aggregations_are_named_as_in_the_api() {
        for (each, name, _) in AGGREGATIONS {
            assert_eq!(serde_json::to_value(each).unwrap(), name);
            assert_eq!(aggregation(name), Some(each));
            assert_eq!(aggregation_name(each), Some(name));
        }
    }
}
