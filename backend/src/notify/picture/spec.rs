//! From an alert, its steps, its rule and its metric to a chart; pure.

use std::sync::Arc;

use common::alert::{AlertChange, RuleInput, Severity};
use common::chart::{
    AlertBand, ChartSeries, ChartSpec, ChartUnit, Point, SeriesColor, Shape, ThresholdLine,
    TimeWindow, ValueBounds,
};
use common::time::UnixMs;
use common::units::Unit;

use crate::alerts::unit_of;
use crate::store::tables::alert::AlertRow;
use crate::store::tables::alert_history::StepRow;

/// What is shown before the threshold was crossed, and after it at most.
const BEFORE_MS: i64 = 20 * 60_000;
const AFTER_MS: i64 = 40 * 60_000;
/// Two readings further apart than this are not joined.
const GAP_MS: i64 = 30_000;

/// The stretch of time around an alert, as of `now`.
pub(super) fn window(alert: &AlertRow, now: UnixMs) -> TimeWindow {
    let began = alert.started_at.0;
    let from = began.plus_ms(-BEFORE_MS);
    TimeWindow {
        from,
        // A clock that was set back leaves something to see all the same.
        to: now.min(began.plus_ms(AFTER_MS)).max(from.plus_ms(60_000)),
    }
}

/// The chart. `points` are the readings of the alert's series in the order of time.
pub(super) fn chart(
    alert: &AlertRow,
    steps: &[StepRow],
    rule: Option<&RuleInput>,
    window: TimeWindow,
    points: Vec<Point>,
) -> ChartSpec {
    let unit = chart_unit(unit_of(&alert.metric));
    let within = |point: &Point| {
        point
            .value
            .is_none_or(|value| (0.0..=100.0).contains(&value))
    };
    let is_share = unit == ChartUnit::Percent && points.iter().all(within);
    ChartSpec {
        window,
        unit,
        bounds: if is_share {
            ValueBounds::up_to(100.0)
        } else {
            ValueBounds::default()
        },
        thresholds: thresholds(alert, rule, unit),
        bands: bands(steps),
        series: vec![ChartSeries {
            name: alert.metric.clone(),
            color: SeriesColor::Blue,
            shape: Shape::Area,
            points: Arc::new(points),
            gap_ms: GAP_MS,
        }],
    }
}

/// Those of the rule, or the one that was crossed when the rule is gone.
fn thresholds(alert: &AlertRow, rule: Option<&RuleInput>, unit: ChartUnit) -> Vec<ThresholdLine> {
    let crossed = alert.threshold.map(|it| it.0);
    let (warning, critical) = match (rule, alert.severity.0) {
        (Some(rule), _) => (rule.warning, rule.critical),
        (None, Severity::Warning) => (crossed, None),
        (None, Severity::Critical) => (None, crossed),
    };
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

/// A band for each stretch of one severity, from the firing to the end.
fn bands(steps: &[StepRow]) -> Vec<AlertBand> {
    let mut bands: Vec<AlertBand> = Vec::new();
    for step in steps {
        let at = step.at.0;
        let opens = match step.change.0 {
            AlertChange::Fired | AlertChange::Escalated | AlertChange::Deescalated => true,
            AlertChange::Resolved => false,
            AlertChange::Acknowledged
            | AlertChange::Commented
            | AlertChange::Assigned
            | AlertChange::Flapping
            | AlertChange::Calmed => continue,
        };
        if let Some(last) = bands.last_mut() {
            last.to.get_or_insert(at);
        }
        if opens {
            bands.push(AlertBand {
                from: at,
                to: None,
                severity: step.severity.0,
            });
        }
    }
    bands
}

const fn chart_unit(unit: Unit) -> ChartUnit {
    match unit {
        Unit::Percent => ChartUnit::Percent,
        Unit::Bytes => ChartUnit::Bytes,
        Unit::BytesPerSecond => ChartUnit::BytesPerSecond,
        Unit::Celsius => ChartUnit::Celsius,
        // Counters of seconds and moments are read as they are.
        Unit::None | Unit::Seconds | Unit::PerSecond | Unit::Hertz => ChartUnit::Number,
    }
}
