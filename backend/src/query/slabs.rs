//! A range read slab by slab, so that memory stays flat however long it is; never more at once.

use std::ops::Range;

use common::api::metrics::{Aggregation, MAX_POINTS};
use common::series::{Series, SeriesKey, SeriesSet};

use super::engine::MAX_ANSWER;
use super::error::QueryError;
use super::periods::HOUR_MS;
use super::points::{Grid, append};
use super::request::Answer;
use super::source::{Budget, Source, finite_samples};
use super::thin::{Columns, Thinner};

/// Hours of one series that are decoded at once; of more series less.
const SERIES_HOURS: i64 = 100;
/// A slab is never shorter, but for the ends.
const SHORTEST_MS: i64 = 60_000;

/// Reads `bounds` in slabs.
pub(super) struct Slabs<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) keys: &'a [SeriesKey],
    pub(super) bounds: Range<i64>,
}

impl Slabs<'_> {
    /// A point for each step.
    pub(super) fn stepped(
        &self,
        grid: Grid,
        aggregation: Aggregation,
        answers: &mut [Answer],
        budget: &mut Budget,
    ) -> Result<(), QueryError> {
        let mut start = 0;
        while start < grid.count {
            let slab = grid.part(start, self.points_until_cut(grid.part(start, usize::MAX)));
            let range = slab.first_ms.max(self.bounds.start)..slab.end_ms().min(self.bounds.end);
            let set = if range.is_empty() {
                SeriesSet::default()
            } else {
                finite_samples(self.source, self.keys, range, budget)?
            };
            for (index, answer) in answers.iter_mut().enumerate() {
                let (times, values) = set
                    .series
                    .get(index)
                    .map_or((&[][..], &[][..]), |series| (&series.times, &series.values));
                append(&mut answer.points, (times, values), slab, aggregation);
            }
            start += slab.count;
        }
        Ok(())
    }

    /// The samples themselves: a range with too many of them is given up as soon as that shows.
    pub(super) fn raw(
        &self,
        answers: &mut [Answer],
        budget: &mut Budget,
    ) -> Result<(), QueryError> {
        let mut total = 0;
        self.each(budget, |set| {
            total += set.points();
            if total > MAX_ANSWER {
                return Err(QueryError::AnswerTooLarge { limit: MAX_ANSWER });
            }
            for (answer, series) in answers.iter_mut().zip(&set.series) {
                let points = series.points().map(|(at, value)| (at, Some(value)));
                answer.points.extend(points);
                if answer.points.len() > MAX_POINTS {
                    return Err(QueryError::TooManyPoints { limit: MAX_POINTS });
                }
            }
            Ok(())
        })
    }

    /// The extremes of columns. An answer stands for as many of the keys as `parts` says.
    pub(super) fn thinned(
        &self,
        columns: Columns,
        parts: &[usize],
        answers: &mut [Answer],
        budget: &mut Budget,
    ) -> Result<(), QueryError> {
        let new = || Thinner::of_samples(columns);
        let mut thinners: Vec<Thinner> = parts.iter().map(|_| new()).collect();
        self.each(budget, |set| {
            let mut rest = set.series.as_slice();
            for (thinner, count) in thinners.iter_mut().zip(parts) {
                let (own, after) = rest.split_at((*count).min(rest.len()));
                match own {
                    [alone] => thinner.extend(alone.points()),
                    several => thinner.extend(sum(several).into_iter()),
                }
                rest = after;
            }
            Ok(())
        })?;
        for (answer, thinner) in answers.iter_mut().zip(thinners) {
            answer.points = thinner.finish();
        }
        Ok(())
    }

    pub(super) fn each(
        &self,
        budget: &mut Budget,
        mut take: impl FnMut(SeriesSet) -> Result<(), QueryError>,
    ) -> Result<(), QueryError> {
        let mut start = self.bounds.start;
        while start < self.bounds.end {
            let end = self.cut_after(start).min(self.bounds.end);
            take(finite_samples(self.source, self.keys, start..end, budget)?)?;
            start = end;
        }
        Ok(())
    }

    /// How many points of a grid are made of one slab.
    fn points_until_cut(&self, grid: Grid) -> usize {
        let span = self.cut_after(grid.first_ms).saturating_sub(grid.first_ms);
        usize::try_from(span / grid.step_ms).unwrap_or(1).max(1)
    }

    /// The end of a slab that begins at a moment. Slabs of hours end with one, where packs do: a
    /// pack that is cut is decoded twice.
    fn cut_after(&self, start: i64) -> i64 {
        let keys = i64::try_from(self.keys.len().max(1)).unwrap_or(i64::MAX);
        let hours = SERIES_HOURS / keys;
        if hours == 0 {
            let span = (SERIES_HOURS * HOUR_MS / keys).max(SHORTEST_MS);
            return start.saturating_add(span);
        }
        let hour = start.saturating_sub(start.rem_euclid(HOUR_MS));
        hour.saturating_add(hours * HOUR_MS)
    }
}

/// Series added up, moment by moment; those without a sample at a moment add nothing to it.
fn sum(series: &[Series]) -> Vec<(i64, f64)> {
    let mut samples: Vec<(i64, f64)> = series.iter().flat_map(Series::points).collect();
    // Stable: what stands one behind the other in runs is merged, not sorted.
    samples.sort_by_key(|(at, _)| *at);
    samples.dedup_by(|next, sum| {
        let is_same = next.0 == sum.0;
        if is_same {
            sum.1 += next.1;
        }
        is_same
    });
    samples.retain(|(_, value)| value.is_finite());
    samples
}
