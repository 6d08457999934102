//! Points of whole hours, from what hours came down to; samples only of hours that are not sealed.

use std::collections::BTreeMap;
use std::ops::Range;

use common::api::metrics::Aggregation;
use common::series::SeriesKey;

use super::error::QueryError;
use super::points::Grid;
use super::rollup::Rollup;
use super::source::{Budget, Source};

/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;
/// Hours that are read at once: a month.
const HOURS_AT_ONCE: i64 = 744;

/// Whether the points of a grid stand for whole hours.
pub(super) fn serve(grid: Grid) -> bool {
    grid.step_ms % HOUR_MS == 0
}

/// The points of one series over a grid that [`serve`] accepts. It is not narrowed to where samples
/// are: aggregates are kept for longer.
pub(super) fn points(
    source: &dyn Source,
    key: &SeriesKey,
    grid: Grid,
    aggregation: Aggregation,
    budget: &mut Budget,
) -> Result<Vec<(i64, Option<f64>)>, QueryError> {
    let mut sums: BTreeMap<i64, Rollup> = BTreeMap::new();
    let mut start = grid.first_ms;
    let end = grid.end_ms();
    while start < end {
        let range = start..start.saturating_add(HOURS_AT_ONCE * HOUR_MS).min(end);
        for (hour, rollup) in hours(source, key, &range, budget)? {
            let point =
                grid.first_ms + (hour - grid.first_ms).div_euclid(grid.step_ms) * grid.step_ms;
            match sums.get_mut(&point) {
                Some(sum) => sum.join(&rollup),
                None => drop(sums.insert(point, rollup)),
            }
        }
        start = range.end;
    }
    let value = |time: i64| sums.get(&time).and_then(|sum| sum.value(aggregation));
    Ok(grid.times().map(|time| (time, value(time))).collect())
}

/// What each hour of a series came down to, in the order of time.
fn hours(
    source: &dyn Source,
    key: &SeriesKey,
    range: &Range<i64>,
    budget: &mut Budget,
) -> Result<BTreeMap<i64, Rollup>, QueryError> {
    let sealed = source.rollups(key, range.clone())?;
    budget.take(sealed.rollups.len())?;
    let mut hours: BTreeMap<i64, Rollup> = sealed.rollups.into_iter().collect();
    for hour in sealed.not_sealed {
        let set = source.samples(std::slice::from_ref(key), hour..hour + HOUR_MS, budget)?;
        let values = set.series.first().map(|series| series.values.as_slice());
        match values.and_then(Rollup::of) {
            Some(rollup) => drop(hours.insert(hour, rollup)),
            None => drop(hours.remove(&hour)),
        }
    }
    Ok(hours)
}
