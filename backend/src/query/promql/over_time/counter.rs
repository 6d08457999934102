//! How much and how often values change: rates with what lies beyond the samples, and counter resets.

use super::{OverTime, Series};
use crate::query::promql::eval::Window;
use crate::query::promql::number::{ABSENT, count, is_same, seconds};

/// Pairs of values that are looked at together.
const PART: usize = 64;

/// A value for each step.
pub(super) fn column(function: OverTime, series: Series<'_>) -> Vec<f64> {
    let Series {
        times,
        values,
        windows,
    } = series;
    match function {
        OverTime::Irate => windows.column(times, values, |window| last_two(window, true)),
        OverTime::Idelta => windows.column(times, values, |window| last_two(window, false)),
        OverTime::Changes => windows.column(times, values, |window| {
            pairs(window, |before, now| !is_same(before, now))
        }),
        OverTime::Resets => windows.column(times, values, |window| {
            pairs(window, |before, now| now < before)
        }),
        OverTime::Delta => windows.column(times, values, |window| match window.values {
            [first, .., last] => extrapolated(window, last - first, false),
            _ => ABSENT,
        }),
        _ => grown(series, function == OverTime::Rate),
    }
}

/// How much a counter grew, in all or per second.
fn grown(series: Series<'_>, is_per_second: bool) -> Vec<f64> {
    let Series {
        times,
        values,
        windows,
    } = series;
    let resets_at = resets(values);
    let mut passed = 0;
    windows.column(times, values, |window| {
        let [first, .., last] = window.values else {
            return ABSENT;
        };
        while resets_at
            .get(passed)
            .is_some_and(|at| *at <= window.place.start)
        {
            passed += 1;
        }
        let inside = resets_at[passed..]
            .iter()
            .take_while(|at| **at < window.place.end);
        let forgotten: f64 = inside.map(|at| values[at - 1]).sum();
        let rise = extrapolated(window, last - first + forgotten, true);
        if is_per_second {
            rise / seconds(window.range_ms)
        } else {
            rise
        }
    })
}

/// Where a counter began again: each place is looked at once, not at each step. Most parts have none,
/// which is seen of many values at once.
fn resets(values: &[f64]) -> Vec<usize> {
    let mut places = Vec::new();
    let earlier = values.chunks(PART);
    let later = values.get(1..).unwrap_or_default().chunks(PART);
    for (part, (before, now)) in earlier.zip(later).enumerate() {
        let pairs = before.iter().zip(now);
        let falls = pairs.clone().filter(|(before, now)| now < before).count();
        if falls > 0 {
            let fell = pairs.enumerate().filter(|(_, (before, now))| now < before);
            places.extend(fell.map(|(at, _)| part * PART + at + 1));
        }
    }
    places
}

/// A change between the first and the last sample of a window, stretched to the whole window: all the
/// way where the samples come close to its ends, else by half of the distance between samples; a
/// counter never below zero.
fn extrapolated(window: &Window<'_>, change: f64, is_counter: bool) -> f64 {
    let (first, last) = (window.times[0], window.times[window.times.len() - 1]);
    let sampled = seconds(last - first);
    let between = sampled / count(window.times.len() - 1);
    let most = between * 1.1;
    let mut before = seconds(first - (window.end_ms - window.range_ms));
    let mut after = seconds(window.end_ms - last);
    if before >= most {
        before = between / 2.0;
    }
    let start = window.values[0];
    if is_counter && change > 0.0 && start >= 0.0 {
        before = before.min(sampled * (start / change));
    }
    if after >= most {
        after = between / 2.0;
    }
    change * ((sampled + before + after) / sampled)
}

/// The change from the last sample but one to the last; of a counter per second.
fn last_two(window: &Window<'_>, is_rate: bool) -> f64 {
    let ([.., earlier, later], [.., before, now]) = (window.times, window.values) else {
        return ABSENT;
    };
    if !is_rate {
        return now - before;
    }
    let grown = if now < before { *now } else { now - before };
    grown / seconds(later - earlier)
}

/// How many neighbours are so.
fn pairs(window: &Window<'_>, is_so: impl Fn(f64, f64) -> bool) -> f64 {
    let pairs = window.values.windows(2);
    count(pairs.filter(|pair| is_so(pair[0], pair[1])).count())
}
