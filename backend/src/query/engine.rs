//! Answers questions slab by slab, so that memory stays flat however long the range is.

use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::Arc;

use common::api::metrics::{Aggregation, MAX_POINTS};
use common::series::{SeriesKey, SeriesSet};

use super::chunks::{Chunks, Part};
use super::error::QueryError;
use super::hours;
use super::points::{Grid, append};
use super::source::{Budget, Cancel, Selector, Source};

/// Series of one question at most.
const MAX_SERIES: usize = 2_000;
/// Samples that one question may read.
const MAX_SAMPLES: usize = 20_000_000;
/// Points of all series of an answer together.
const MAX_ANSWER: usize = 2_000_000;
/// Span that is decoded at once for up to 100 series, less for more; a longer step takes as much
/// as it needs.
const SLAB_MS: i64 = 3_600_000;

/// One question.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which series and range.
    pub selector: Selector,
    /// What its points are.
    pub resolution: Resolution,
}

/// What the points of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// The samples themselves.
    Samples,
    /// A point for each step.
    Steps {
        /// Its length.
        seconds: NonZeroU32,
        /// What a point says.
        aggregation: Aggregation,
    },
}

impl Resolution {
    /// Steps of that length; without one the samples themselves.
    pub fn of(seconds: Option<NonZeroU32>, aggregation: Aggregation) -> Self {
        seconds.map_or(Self::Samples, |seconds| Self::Steps {
            seconds,
            aggregation,
        })
    }

    /// The grid of the points over a range; `None` for samples.
    pub(super) fn grid(self, range: &Range<i64>) -> Option<(Grid, Aggregation)> {
        let Self::Steps {
            seconds,
            aggregation,
        } = self
        else {
            return None;
        };
        let step_ms = i64::from(seconds.get()) * 1000;
        Some((Grid::over(range.start, range.end, step_ms), aggregation))
    }

    /// The time of all samples that points over `range` need.
    pub(super) fn needs(self, range: &Range<i64>) -> Range<i64> {
        let grid = self.grid(range);
        range.start..grid.map_or(range.end, |(grid, _)| grid.end_ms())
    }
}

impl Selector {
    /// Its range; an error when that ends before it begins.
    pub(super) fn range(&self) -> Result<Range<i64>, QueryError> {
        if self.from_ms > self.to_ms {
            return Err(QueryError::BackwardRange);
        }
        Ok(self.from_ms..self.to_ms)
    }
}

/// One series of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Which series.
    pub key: SeriesKey,
    /// Milliseconds since the epoch, and the value; `None` where there is no sample.
    pub points: Vec<(i64, Option<f64>)>,
}

/// Answers questions over one source, on the blocking pool. Clones share it.
#[derive(Clone)]
pub struct Engine {
    source: Arc<dyn Source>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine over `source`.
    pub fn new(source: Arc<dyn Source>) -> Self {
        Self { source }
    }

    /// Answers one question; series without any sample in the range are left out. Dropping the
    /// future ends the work.
    pub async fn run(&self, request: Request) -> Result<Vec<Answer>, QueryError> {
        self.blocking(move |source, cancel| run(source, &request, cancel))
            .await
    }

    /// The series that a selector means, whether or not they have samples in its range.
    pub async fn series(&self, selector: Selector) -> Result<Vec<SeriesKey>, QueryError> {
        self.blocking(move |source, _| series(source, &selector))
            .await
    }

    /// The series that any of `selectors` means in pieces, by metric, without a limit on points.
    /// All selectors have the range of the first.
    pub async fn chunks(
        &self,
        selectors: Vec<Selector>,
        resolution: Resolution,
    ) -> Result<Chunks, QueryError> {
        let (keys, range, bounds) = self
            .blocking(move |source, _| {
                let mut range = 0..0;
                let mut keys = Vec::new();
                for selector in &selectors {
                    range = selector.range()?;
                    keys.extend(series(source, selector)?);
                }
                // Prometheus's format wants what belongs to one metric in one place.
                keys.sort_unstable_by(|a, b| (&a.metric, a).cmp(&(&b.metric, b)));
                keys.dedup();
                let bounds = source.bounds(&keys, &resolution.needs(&range))?;
                Ok((keys, range, bounds))
            })
            .await?;
        let bounds = bounds.unwrap_or(0..0);
        Ok(Chunks::new(
            self.clone(),
            resolution.grid(&range),
            keys,
            bounds,
        ))
    }

    /// One piece of one series.
    pub(super) async fn part(
        &self,
        key: SeriesKey,
        part: Part,
    ) -> Result<Vec<(i64, Option<f64>)>, QueryError> {
        self.blocking(move |source, cancel| {
            let mut budget = Budget::new(MAX_SAMPLES, cancel);
            let range = part.range();
            let set = source.samples(&[key], range, &mut budget)?;
            let mut points = Vec::new();
            for series in &set.series {
                match part {
                    Part::Stepped(grid, aggregation) => {
                        let columns = (series.times.as_slice(), series.values.as_slice());
                        append(&mut points, columns, grid, aggregation);
                    }
                    Part::Raw(_) => {
                        points.extend(series.points().map(|(at, value)| (at, Some(value))));
                    }
                }
            }
            Ok(points)
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Source, Cancel) -> Result<T, QueryError> + Send + 'static,
    ) -> Result<T, QueryError> {
        let source = Arc::clone(&self.source);
        let guard = CancelOnDrop(Cancel::default());
        let cancel = guard.0.clone();
        let done = tokio::task::spawn_blocking(move || work(source.as_ref(), cancel)).await;
        drop(guard);
        match done {
            Ok(answer) => answer,
            Err(error) if error.is_panic() => Err(QueryError::Source(Box::new(error))),
            Err(_) => Err(QueryError::Cancelled),
        }
    }
}

struct CancelOnDrop(Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

fn series(source: &dyn Source, selector: &Selector) -> Result<Vec<SeriesKey>, QueryError> {
    let keys = source.series(selector)?;
    if keys.len() > MAX_SERIES {
        return Err(QueryError::TooManySeries {
            limit: MAX_SERIES,
            found: keys.len(),
        });
    }
    Ok(keys)
}

/// Answers one question on the calling thread.
fn run(source: &dyn Source, request: &Request, cancel: Cancel) -> Result<Vec<Answer>, QueryError> {
    let asked = request.selector.range()?;
    let range = request.resolution.needs(&asked);
    let steps = request.resolution.grid(&asked);
    if steps.is_some_and(|(grid, _)| grid.count > MAX_POINTS) {
        return Err(QueryError::TooManyPoints { limit: MAX_POINTS });
    }
    let keys = series(source, &request.selector)?;
    let mut budget = Budget::new(MAX_SAMPLES, cancel);
    let mut answers: Vec<Answer> = keys
        .iter()
        .map(|key| Answer {
            key: key.clone(),
            points: Vec::new(),
        })
        .collect();
    if steps.is_some_and(|(grid, _)| grid.count.saturating_mul(keys.len()) > MAX_ANSWER) {
        return Err(QueryError::AnswerTooLarge { limit: MAX_ANSWER });
    }
    if let Some((grid, aggregation)) = steps.filter(|(grid, _)| hours::serve(*grid)) {
        for answer in &mut answers {
            answer.points = hours::points(source, &answer.key, grid, aggregation, &mut budget)?;
        }
    } else if let Some(bounds) = source.bounds(&keys, &range)? {
        let slabs = Slabs {
            source,
            keys: &keys,
            bounds,
        };
        match steps {
            Some((grid, aggregation)) => {
                slabs.stepped(grid, aggregation, &mut answers, &mut budget)?;
            }
            None => slabs.raw(&mut answers, &mut budget)?,
        }
    }
    answers.retain(|answer| answer.points.iter().any(|(_, value)| value.is_some()));
    Ok(answers)
}

/// Reads `bounds` in slabs.
struct Slabs<'a> {
    source: &'a dyn Source,
    keys: &'a [SeriesKey],
    bounds: Range<i64>,
}

impl Slabs<'_> {
    fn stepped(
        &self,
        grid: Grid,
        aggregation: Aggregation,
        answers: &mut [Answer],
        budget: &mut Budget,
    ) -> Result<(), QueryError> {
        let points_a_slab = usize::try_from(self.slab_ms() / grid.step_ms)
            .unwrap_or(1)
            .max(1);
        let mut start = 0;
        while start < grid.count {
            let slab = grid.part(start, points_a_slab);
            let range = slab.first_ms.max(self.bounds.start)..slab.end_ms().min(self.bounds.end);
            let set = if range.is_empty() {
                SeriesSet::default()
            } else {
                self.source.samples(self.keys, range, budget)?
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

    /// Raw samples: a range with too many of them is given up as soon as that shows.
    fn raw(&self, answers: &mut [Answer], budget: &mut Budget) -> Result<(), QueryError> {
        let mut start = self.bounds.start;
        let mut total = 0;
        while start < self.bounds.end {
            let end = start.saturating_add(self.slab_ms()).min(self.bounds.end);
            let set = self.source.samples(self.keys, start..end, budget)?;
            total += set.points();
            if total > MAX_ANSWER {
                return Err(QueryError::AnswerTooLarge { limit: MAX_ANSWER });
            }
            for (answer, series) in answers.iter_mut().zip(&set.series) {
                answer
                    .points
                    .extend(series.points().map(|(at, value)| (at, Some(value))));
                if answer.points.len() > MAX_POINTS {
                    return Err(QueryError::TooManyPoints { limit: MAX_POINTS });
                }
            }
            start = end;
        }
        Ok(())
    }

    fn slab_ms(&self) -> i64 {
        let hundreds = i64::try_from(self.keys.len().div_ceil(100)).unwrap_or(i64::MAX);
        (SLAB_MS / hundreds.max(1)).max(60_000)
    }
}

#[cfg(test)]
mod tests;
