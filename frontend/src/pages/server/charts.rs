//! What the charts of a server show; never how they are drawn.

use common::alert::{Alert, Rule, RuleKind, Severity};
use common::chart::{
    AlertBand, ChartSeries, ChartSpec, ChartUnit, HeatRow, HeatSpec, SeriesColor, Shape,
    ThresholdLine, TimeWindow, ValueBounds,
};

use super::book::Book;
use super::reading::Reading;

/// A curve of a chart: what, its name, its colour, how it is drawn.
pub type Line = (Reading, &'static str, SeriesColor, Shape);

/// The processors: where their time goes.
pub const CPU: [Line; 3] = [
    (Reading::CpuUser, "user", SeriesColor::Blue, Shape::Area),
    (
        Reading::CpuSystem,
        "system",
        SeriesColor::Orange,
        Shape::Area,
    ),
    (Reading::CpuIowait, "iowait", SeriesColor::Red, Shape::Area),
];

/// Memory, stacked, with swap as a line across.
pub const MEMORY: [Line; 3] = [
    (
        Reading::MemoryUsed,
        "used",
        SeriesColor::Blue,
        Shape::Stacked,
    ),
    (
        Reading::MemoryCache,
        "cache",
        SeriesColor::Teal,
        Shape::Stacked,
    ),
    (Reading::SwapUsed, "swap", SeriesColor::Red, Shape::Line),
];

/// Disks together.
pub const DISK: [Line; 2] = [
    (Reading::DiskRead, "read", SeriesColor::Teal, Shape::Line),
    (
        Reading::DiskWritten,
        "write",
        SeriesColor::Orange,
        Shape::Line,
    ),
];

/// The host's network traffic.
pub const NETWORK: [Line; 2] = [
    (Reading::NetworkIn, "in", SeriesColor::Blue, Shape::Line),
    (Reading::NetworkOut, "out", SeriesColor::Violet, Shape::Line),
];

/// Load averages.
pub const LOAD: [Line; 3] = [
    (Reading::Load1, "1 min", SeriesColor::Blue, Shape::Area),
    (Reading::Load5, "5 min", SeriesColor::Orange, Shape::Line),
    (Reading::Load15, "15 min", SeriesColor::Violet, Shape::Line),
];

/// A chart of these curves.
pub fn chart(
    book: Book,
    window: TimeWindow,
    unit: ChartUnit,
    bounds: ValueBounds,
    lines: &[Line],
) -> ChartSpec {
    let gap_ms = book.gap_ms();
    let series = |(reading, name, color, shape): &Line| ChartSeries {
        name: (*name).to_owned(),
        color: *color,
        shape: *shape,
        points: book.points(*reading),
        gap_ms,
    };
    ChartSpec {
        window,
        unit,
        bounds,
        series: lines.iter().map(series).collect(),
        thresholds: Vec::new(),
        bands: Vec::new(),
    }
}

/// The processors one by one.
pub fn cores(book: Book, window: TimeWindow) -> HeatSpec {
    let row = |cpu: u32| HeatRow {
        name: cpu.to_string(),
        points: book.points(Reading::Core(cpu)),
    };
    HeatSpec {
        window,
        high: 100.0,
        rows: book.cores().into_iter().map(row).collect(),
    }
}

/// Marks on a chart where the rules on `metric` are critical, and when they fired.
pub fn mark(chart: &mut ChartSpec, metric: &str, rules: &[Rule], alerts: &[Alert]) {
    let of_metric = || rules.iter().filter(|rule| rule.input.metric == metric);
    // Of a rate the threshold is none of the values that the chart shows.
    let is_of_values = |rule: &&Rule| rule.input.enabled && rule.input.kind == RuleKind::Threshold;
    for rule in of_metric().filter(is_of_values) {
        chart
            .thresholds
            .extend(rule.input.critical.map(|value| ThresholdLine {
                value,
                severity: Severity::Critical,
                label: None,
            }));
    }
    chart.bands = alerts
        .iter()
        .filter(|alert| of_metric().any(|rule| rule.id == alert.rule_id))
        .map(|alert| AlertBand {
            from: alert.started_at,
            to: alert.resolved_at,
            severity: alert.severity,
        })
        .collect();
}
