//! Points of whole hours and days, from what those came down to; samples only of hours that are
//! not sealed.

use std::collections::BTreeMap;
use std::ops::Range;

use common::api::metrics::Aggregation;
use common::series::SeriesKey;

use super::error::QueryError;
use super::points::Grid;
use super::rollup::Rollup;
use super::source::{Budget, Source, finite_samples};
use super::thin::{Columns, Thinner};

/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;
/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;
/// Periods that are read at once: a month of hours.
const AT_ONCE: i64 = 744;

/// What samples are brought down to: whole hours, or whole days of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl Period {
    /// Its length in milliseconds.
    pub const fn ms(self) -> i64 {
        match self {
            Self::Hour => HOUR_MS,
            Self::Day => DAY_MS,
        }
    }

    /// The longest one that a length is a multiple of; `None` when it is of none.
    pub(super) fn dividing(ms: i64) -> Option<Self> {
        let both = [Self::Day, Self::Hour];
        both.into_iter()
            .find(|period| ms > 0 && ms % period.ms() == 0)
    }

    /// The longest one that fits into a length; `None` when none does.
    pub(super) fn within(ms: i64) -> Option<Self> {
        [Self::Day, Self::Hour]
            .into_iter()
            .find(|period| ms >= period.ms())
    }

    /// The start of the one that a moment lies in.
    pub const fn start(self, at_ms: i64) -> i64 {
        at_ms.saturating_sub(at_ms.rem_euclid(self.ms()))
    }
}

/// What is asked of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Which ones.
    pub period: Period,
    /// Whether their sketches are wanted: they are most of what is stored.
    pub with_sketch: bool,
}

/// The points of one series over a grid whose step is a multiple of `period`. It is not narrowed
/// to where samples are: aggregates are kept for longer.
pub(super) fn points(
    source: &dyn Source,
    key: &SeriesKey,
    (grid, aggregation): (Grid, Aggregation),
    period: Period,
    budget: &mut Budget,
) -> Result<Vec<(i64, Option<f64>)>, QueryError> {
    let ask = Ask {
        period,
        with_sketch: matches!(aggregation, Aggregation::Median | Aggregation::P95),
    };
    let mut sums: BTreeMap<i64, Rollup> = BTreeMap::new();
    for (start, rollup) in all(source, key, grid.first_ms..grid.end_ms(), ask, budget)? {
        let point = grid.first_ms + (start - grid.first_ms).div_euclid(grid.step_ms) * grid.step_ms;
        join(&mut sums, point, rollup);
    }
    let value = |time: i64| sums.get(&time).and_then(|sum| sum.value(aggregation));
    Ok(grid.times().map(|time| (time, value(time))).collect())
}

/// The extremes of each column of a range, from those of periods that fit into a column; of the
/// series together. An extreme has no time of its own any more: the lowest stands at the start of
/// its period, the highest in its middle.
pub(super) fn extremes(
    source: &dyn Source,
    keys: &[SeriesKey],
    range: &Range<i64>,
    (columns, period): (Columns, Period),
    budget: &mut Budget,
) -> Result<Vec<(i64, Option<f64>)>, QueryError> {
    let ask = Ask {
        period,
        with_sketch: false,
    };
    let mut both: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for key in keys {
        let whole = period.start(range.start)..range.end;
        for (start, rollup) in all(source, key, whole, ask, budget)? {
            let (low, high) = both.entry(start).or_default();
            *low += rollup.min;
            *high += rollup.max;
        }
    }
    let mut thinner = Thinner::of_extremes(columns);
    for (start, (low, high)) in both {
        let low_at = start.clamp(range.start, range.end - 2);
        let high_at = (start + period.ms() / 2).clamp(low_at + 1, range.end - 1);
        thinner.extend([(low_at, low), (high_at, high)].into_iter());
    }
    Ok(thinner.finish())
}

/// What each period of a series came down to, in the order of time. What is not ready is put
/// together from shorter ones, or from samples.
pub(super) fn all(
    source: &dyn Source,
    key: &SeriesKey,
    range: Range<i64>,
    ask: Ask,
    budget: &mut Budget,
) -> Result<BTreeMap<i64, Rollup>, QueryError> {
    let mut found = BTreeMap::new();
    let mut start = range.start;
    while start < range.end {
        let end = start
            .saturating_add(AT_ONCE * ask.period.ms())
            .min(range.end);
        budget.take(0)?;
        let ready = source.rollups(key, start..end, ask)?;
        found.extend(ready.rollups);
        for start in ready.missing {
            if let Some(rollup) = put_together(source, key, start, ask, budget)? {
                found.insert(start, rollup);
            }
        }
        start = end;
    }
    Ok(found)
}

/// What a period that is not ready comes down to; `None` when it has no samples.
fn put_together(
    source: &dyn Source,
    key: &SeriesKey,
    start: i64,
    ask: Ask,
    budget: &mut Budget,
) -> Result<Option<Rollup>, QueryError> {
    let range = start..start.saturating_add(ask.period.ms());
    match ask.period {
        Period::Hour => {
            let set = finite_samples(source, std::slice::from_ref(key), range, budget)?;
            let values = set.series.first().map(|series| series.values.as_slice());
            Ok(values.and_then(Rollup::of))
        }
        Period::Day => {
            let hours = Ask {
                period: Period::Hour,
                ..ask
            };
            let hours = all(source, key, range, hours, budget)?;
            Ok(Rollup::joined(hours.into_values()))
        }
    }
}

fn join(sums: &mut BTreeMap<i64, Rollup>, point: i64, rollup: Rollup) {
    match sums.get_mut(&point) {
        Some(sum) => sum.join(&rollup),
        None => drop(sums.insert(point, rollup)),
    }
}
