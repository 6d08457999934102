//! Straight lines through samples, and smoothing; never what a counter lost.

use super::Series;
use crate::query::promql::number::{ABSENT, Sum, seconds};
use crate::query::promql::steps::Steps;

/// How fast a gauge changes, per second.
pub(super) fn derivative(series: Series<'_>) -> Vec<f64> {
    series
        .windows
        .column(series.times, series.values, |window| {
            line(window.times, window.values, window.times[0]).map_or(ABSENT, |(slope, _)| slope)
        })
}

/// Where a gauge will be, so many seconds after each step.
pub(super) fn prediction(
    series: Series<'_>,
    steps: Steps,
    ahead: impl Fn(usize) -> f64,
) -> Vec<f64> {
    series.windows.each(series.times, series.values, |window| {
        let now = steps.at(window.step);
        line(window.times, window.values, now).map_or(ABSENT, |(slope, height)| {
            slope * ahead(window.step) + height
        })
    })
}

/// The line of least squares: its slope per second, and its height at `origin_ms`. `None` of fewer
/// than two samples.
#[expect(clippy::float_cmp, reason = "a line through equal values is level")]
fn line(times: &[i64], values: &[f64], origin_ms: i64) -> Option<(f64, f64)> {
    let (first, rest) = values.split_first()?;
    if rest.is_empty() {
        return None;
    }
    if rest.iter().all(|value| value == first) {
        let level = if first.is_infinite() {
            (f64::NAN, f64::NAN)
        } else {
            (0.0, *first)
        };
        return Some(level);
    }
    let [mut n, mut x, mut y, mut xy, mut xx] = [Sum::default(); 5];
    for (at, value) in times.iter().zip(values) {
        let after = seconds(at - origin_ms);
        n.add(1.0);
        x.add(after);
        y.add(*value);
        xy.add(after * value);
        xx.add(after * after);
    }
    let [n, x, y, xy, xx] = [n, x, y, xy, xx].map(Sum::value);
    let slope = (xy - x * y / n) / (xx - x * x / n);
    Some((slope, y / n - slope * x / n))
}

/// Smoothed by Holt's method with a factor for the level and one for the trend.
pub(super) fn smoothed(series: Series<'_>, factors: impl Fn(usize) -> (f64, f64)) -> Vec<f64> {
    series.windows.each(series.times, series.values, |window| {
        let [first, second, ..] = window.values else {
            return ABSENT;
        };
        let (level_factor, trend_factor) = factors(window.step);
        let (mut before, mut level, mut trend) = (0.0, *first, second - first);
        for (index, value) in window.values.iter().enumerate().skip(1) {
            if index > 1 {
                trend = trend_factor * (level - before) + (1.0 - trend_factor) * trend;
            }
            let next = level_factor * value + (1.0 - level_factor) * (level + trend);
            (before, level) = (level, next);
        }
        level
    })
}
