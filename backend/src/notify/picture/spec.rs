//! From what a rule compared for an alert, and its steps, to a chart; pure.

use std::sync::Arc;

use common::alert::{AlertChange, Severity};
use common::chart::{
    AlertBand, ChartSeries, ChartSpec, ChartUnit, Point, SeriesColor, Shape, ThresholdLine,
    TimeWindow, ValueBounds,
};
use common::time::UnixMs;
use common::units::Unit;

use crate::alerts::{Curve, CurveValues};
use crate::store::tables::alert_history::StepRow;

/// What is shown before the threshold was crossed, and after it at most.
const BEFORE_MS: i64 = 20 * 60_000;
const AFTER_MS: i64 = 40 * 60_000;
/// Two readings further apart than this are not joined.
const GAP_MS: i64 = 30_000;
/// So many letters of a name have room above the chart.
const NAME_LETTERS: usize = 80;

/// The stretch of time around an alert that began then, as of `now`.
pub(super) fn window(began: UnixMs, now: UnixMs) -> TimeWindow {
    let from = began.plus_ms(-BEFORE_MS);
    TimeWindow {
        from,
        // A clock that was set back leaves something to see all the same.
        to: now.min(began.plus_ms(AFTER_MS)).max(from.plus_ms(60_000)),
    }
}

/// The chart. `points` are the values of the curve in the order of time.
pub(super) fn chart(
    curve: &Curve,
    steps: &[StepRow],
    window: TimeWindow,
    points: Vec<Point>,
) -> ChartSpec {
    let unit = chart_unit(curve.unit);
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
        thresholds: thresholds(curve.thresholds, unit),
        bands: bands(steps),
        series: vec![ChartSeries {
            name: shortened(&curve.name),
            color: SeriesColor::Blue,
            shape: Shape::Area,
            points: Arc::new(points),
            gap_ms: match curve.values {
                CurveValues::Readings(_) => GAP_MS,
                // A turn that found nothing parts the line.
                CurveValues::Found { step_ms, .. } => step_ms + step_ms / 2,
            },
        }],
    }
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME_LETTERS {
        return name.to_owned();
    }
    let kept: String = name.chars().take(NAME_LETTERS - 1).collect();
    format!("{kept}…")
}

fn thresholds(values: [Option<f64>; 2], unit: ChartUnit) -> Vec<ThresholdLine> {
    let line = |(value, severity): (Option<f64>, Severity)| {
        value.map(|value| ThresholdLine {
            value,
            severity,
            label: Some(unit.format(Some(value))),
        })
    };
    values
        .into_iter()
        .zip(Severity::ALL)
        .filter_map(line)
        .collect()
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
