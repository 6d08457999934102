//! Averages, sums, extremes and spreads of the samples of a window; never their times.

use super::{OverTime, Series};
use crate::query::promql::eval::Window;
use crate::query::promql::number::{ABSENT, Mean, Sum, count, quantile};

/// A value for each step.
pub(super) fn column(function: OverTime, series: Series<'_>) -> Vec<f64> {
    let each = |worth: fn(&[f64]) -> f64| {
        let of = |window: &Window<'_>| worth(window.values);
        series.windows.column(series.times, series.values, of)
    };
    match function {
        OverTime::Avg => each(mean),
        OverTime::Count => each(|values| count(values.len())),
        OverTime::First => each(|values| values[0]),
        OverTime::Last => each(|values| values[values.len() - 1]),
        OverTime::Max => each(|values| extreme(values, |value, most| value > most)),
        OverTime::Min => each(|values| extreme(values, |value, least| value < least)),
        OverTime::Present => each(|_| 1.0),
        OverTime::Stddev => each(|values| variance(values).sqrt()),
        OverTime::Stdvar => each(variance),
        OverTime::Sum => each(sum),
        OverTime::Mad => deviations(series),
        _ => Vec::new(),
    }
}

/// The quantile of each window, by what is asked for at its step.
pub(super) fn quantiles(series: Series<'_>, share: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut sorted = Vec::new();
    series.windows.each(series.times, series.values, |window| {
        sorted.clear();
        sorted.extend_from_slice(window.values);
        quantile(share(window.step), &mut sorted)
    })
}

/// The median of the distances from the median; NaN as soon as there is one.
fn deviations(series: Series<'_>) -> Vec<f64> {
    let mut sorted = Vec::new();
    series
        .windows
        .column(series.times, series.values, |window| {
            if window.values.iter().any(|value| value.is_nan()) {
                return f64::NAN;
            }
            sorted.clear();
            sorted.extend_from_slice(window.values);
            let median = quantile(0.5, &mut sorted);
            for value in &mut sorted {
                *value = (*value - median).abs();
            }
            quantile(0.5, &mut sorted)
        })
}

fn sum(values: &[f64]) -> f64 {
    let mut sum = Sum::default();
    for value in values {
        sum.add(*value);
    }
    sum.value()
}

fn mean(values: &[f64]) -> f64 {
    let mut mean = Mean::default();
    for value in values {
        mean.add(*value);
    }
    mean.value().unwrap_or(ABSENT)
}

/// NaN only when there is nothing else.
fn extreme(values: &[f64], is_beyond: impl Fn(f64, f64) -> bool) -> f64 {
    let mut found = values[0];
    for value in values {
        if is_beyond(*value, found) || found.is_nan() {
            found = *value;
        }
    }
    found
}

/// Of the population, in one pass (Welford).
fn variance(values: &[f64]) -> f64 {
    let (mut mean, mut squares, mut seen) = (Sum::default(), Sum::default(), 0.0);
    for value in values {
        seen += 1.0;
        let delta = value - mean.value();
        mean.add(delta / seen);
        squares.add(delta * (value - mean.value()));
    }
    squares.value() / seen
}
