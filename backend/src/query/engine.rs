//! Answers questions, within limits; never where series come from.

use std::ops::Range;
use std::sync::Arc;

use common::api::metrics::{MAX_POINTS, PixelWidth};
use common::series::{Labels, SeriesKey};

use super::chunks::{Chunks, Part};
use super::error::QueryError;
use super::limits::{Activity, Counters, Limits};
use super::periods::{self, HOUR_MS, Period};
use super::points::append;
use super::promql::{self, Expression, ParseError};
use super::request::{Answer, Request, Resolution};
use super::slabs::Slabs;
use super::source::{Budget, Cancel, CancelOnDrop, Selector, Source, finite_samples};
use super::thin::Columns;

/// Points of all series of an answer together.
pub(super) const MAX_ANSWER: usize = 2_000_000;

/// Answers questions over one source, on the blocking pool. Clones share it.
#[derive(Clone)]
pub struct Engine {
    source: Arc<dyn Source>,
    limits: Limits,
    counters: Counters,
    known: Arc<promql::Known>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine over `source`.
    pub fn new(source: Arc<dyn Source>, limits: Limits) -> Self {
        Self {
            source,
            limits,
            counters: Counters::default(),
            known: Arc::default(),
        }
    }

    /// Reads an expression; quick for one that was read of late.
    pub fn expression(&self, text: &str) -> Result<Expression, ParseError> {
        self.known.parse(text)
    }

    /// How many questions there are and were.
    pub fn activity(&self) -> Activity {
        self.counters.activity()
    }

    /// Answers one question; series without any sample in the range are left out. Dropping the
    /// future ends the work.
    pub async fn run(&self, request: Request) -> Result<Vec<Answer>, QueryError> {
        let limits = self.limits;
        self.blocking(move |source, cancel| run(source, &request, limits, cancel))
            .await
    }

    /// The series that a selector means, whether or not they have samples in its range.
    pub async fn series(&self, selector: Selector) -> Result<Vec<SeriesKey>, QueryError> {
        let limits = self.limits;
        self.blocking(move |source, _| series(source, &selector, limits))
            .await
    }

    /// The series that any of `selectors` means in pieces, by metric, without a limit on points.
    /// All selectors have the range of the first.
    pub async fn chunks(
        &self,
        selectors: Vec<Selector>,
        resolution: Resolution,
    ) -> Result<Chunks, QueryError> {
        let limits = self.limits;
        let (keys, whole) = self
            .blocking(move |source, _| {
                let mut asked = 0..0;
                let mut keys = Vec::new();
                for selector in &selectors {
                    asked = selector.range()?;
                    keys.extend(series(source, selector, limits)?);
                }
                // Prometheus's format wants what belongs to one metric in one place.
                keys.sort_unstable_by(|a, b| (&a.metric, a).cmp(&(&b.metric, b)));
                keys.dedup();
                let whole = Part::whole(source, &keys, &asked, resolution)?;
                Ok((keys, whole))
            })
            .await?;
        Ok(Chunks::new(self.clone(), keys, whole))
    }

    /// One piece of one series.
    pub(super) async fn part(
        &self,
        key: SeriesKey,
        part: Part,
    ) -> Result<Vec<(i64, Option<f64>)>, QueryError> {
        self.blocking(move |source, cancel| {
            let mut budget = Budget::new(usize::MAX, cancel);
            let (range, grid) = match part {
                Part::Raw(range) => (range, None),
                Part::Stepped(grid, agg) => (grid.first_ms..grid.end_ms(), Some((grid, agg))),
                Part::Periods(grid, agg, period) => {
                    return periods::points(source, &key, (grid, agg), period, &mut budget);
                }
            };
            let set = finite_samples(source, &[key], range, &mut budget)?;
            let mut points = Vec::new();
            for series in &set.series {
                match grid {
                    Some((grid, aggregation)) => {
                        let columns = (series.times.as_slice(), series.values.as_slice());
                        append(&mut points, columns, grid, aggregation);
                    }
                    None => points.extend(series.points().map(|(at, value)| (at, Some(value)))),
                }
            }
            Ok(points)
        })
        .await
    }

    /// Where series come from.
    pub(super) fn source(&self) -> &dyn Source {
        &*self.source
    }

    /// How far a question may go.
    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Source, Cancel) -> Result<T, QueryError> + Send + 'static,
    ) -> Result<T, QueryError> {
        let source = Arc::clone(&self.source);
        let guard = CancelOnDrop(Cancel::default());
        let cancel = guard.0.clone();
        let running = self.counters.begin();
        let work = tokio::task::spawn_blocking(move || {
            let outcome = work(source.as_ref(), cancel.clone());
            let outcome = outcome.and_then(|answer| cancel.check().map(|()| answer));
            running.ended(&outcome);
            outcome
        });
        let timeout = self.limits.timeout;
        let Ok(done) = tokio::time::timeout(timeout, work).await else {
            self.counters.timed_out();
            return Err(QueryError::TimedOut(timeout));
        };
        drop(guard);
        match done {
            Ok(answer) => answer,
            Err(error) if error.is_panic() => Err(QueryError::Source(Box::new(error))),
            Err(_) => Err(QueryError::Cancelled),
        }
    }
}

fn series(
    source: &dyn Source,
    selector: &Selector,
    limits: Limits,
) -> Result<Vec<SeriesKey>, QueryError> {
    let keys = source.series(selector)?;
    let (limit, found) = (limits.max_series, keys.len());
    if found > limit {
        return Err(QueryError::TooManySeries { limit, found });
    }
    Ok(keys)
}

/// Answers one question on the calling thread.
fn run(
    source: &dyn Source,
    request: &Request,
    limits: Limits,
    cancel: Cancel,
) -> Result<Vec<Answer>, QueryError> {
    cancel.check()?;
    let asked = request.selector.range()?;
    let steps = request.resolution.grid(&asked);
    if steps.is_some_and(|(grid, _)| grid.count > MAX_POINTS) {
        return Err(QueryError::TooManyPoints { limit: MAX_POINTS });
    }
    let keys = series(source, &request.selector, limits)?;
    if steps.is_some_and(|(grid, _)| grid.count.saturating_mul(keys.len()) > MAX_ANSWER) {
        return Err(QueryError::AnswerTooLarge { limit: MAX_ANSWER });
    }
    let mut question = Question {
        source,
        keys: &keys,
        asked,
        limits,
        budget: Budget::new(limits.max_samples, cancel),
    };
    let mut answers = match request.resolution {
        Resolution::Columns { width, sum } => question.columns(width, sum)?,
        resolution @ (Resolution::Samples | Resolution::Steps { .. }) => {
            question.points(resolution)?
        }
    };
    answers.retain(|answer| answer.points.iter().any(|(_, value)| value.is_some()));
    Ok(answers)
}

/// A question whose series are known.
struct Question<'a> {
    source: &'a dyn Source,
    keys: &'a [SeriesKey],
    asked: Range<i64>,
    limits: Limits,
    budget: Budget,
}

impl<'a> Question<'a> {
    /// Samples, or a point for each step.
    fn points(&mut self, resolution: Resolution) -> Result<Vec<Answer>, QueryError> {
        let mut answers = unanswered(self.keys.iter().cloned());
        let steps = resolution.grid(&self.asked);
        if let Some((grid, aggregation)) = steps
            && let Some(period) = Period::dividing(grid.step_ms)
        {
            for answer in &mut answers {
                let (key, grid) = (&answer.key, (grid, aggregation));
                answer.points = periods::points(self.source, key, grid, period, &mut self.budget)?;
            }
            return Ok(answers);
        }
        let needed = resolution.needs(&self.asked);
        let Some(slabs) = self.slabs(&needed)? else {
            return Ok(answers);
        };
        match steps {
            Some((grid, aggregation)) => {
                slabs.stepped(grid, aggregation, &mut answers, &mut self.budget)?;
            }
            None => slabs.raw(&mut answers, &mut self.budget)?,
        }
        Ok(answers)
    }

    /// The extremes of pixel columns.
    fn columns(&mut self, width: PixelWidth, sum: bool) -> Result<Vec<Answer>, QueryError> {
        let columns = Columns::over(&self.asked, width.get());
        let parts = parts(self.keys, sum);
        if columns.points().saturating_mul(parts.len()) > MAX_ANSWER {
            return Err(QueryError::AnswerTooLarge { limit: MAX_ANSWER });
        }
        let mut rest = self.keys;
        let groups = parts.iter().filter_map(|count| {
            let (own, after) = rest.split_at(*count);
            rest = after;
            Some(own).filter(|own| !own.is_empty())
        });
        let groups: Vec<&[SeriesKey]> = groups.collect();
        let mut answers = unanswered(groups.iter().map(|group| named(group, sum)));
        if let Some(period) = Period::within(columns.width_ms()) {
            for (answer, group) in answers.iter_mut().zip(groups) {
                let form = (columns, period);
                answer.points =
                    periods::extremes(self.source, group, &self.asked, form, &mut self.budget)?;
            }
        } else if let Some(slabs) = self.slabs(&self.asked.clone())? {
            slabs.thinned(columns, &parts, &mut answers, &mut self.budget)?;
        }
        Ok(answers)
    }

    /// How the samples of a range are read; `None` when there are none, an error when there are
    /// too many.
    fn slabs(&self, range: &Range<i64>) -> Result<Option<Slabs<'a>>, QueryError> {
        // A short range is looked through at once: to ask each server where it has samples costs more.
        let bounds = match range.end.saturating_sub(range.start) {
            ..=HOUR_MS => Some(range.clone()).filter(|range| !range.is_empty()),
            _ => self.source.bounds(self.keys, range)?,
        };
        let Some(bounds) = bounds else {
            return Ok(None);
        };
        if !self.limits.surely_hold(0, self.keys.len(), &bounds) {
            let (limit, found) = (
                self.limits.max_samples,
                self.source.estimate(self.keys, &bounds)?,
            );
            if usize::try_from(found).map_or(true, |found| found > limit) {
                return Err(QueryError::TooManySamples { limit, found });
            }
        }
        Ok(Some(Slabs {
            source: self.source,
            keys: self.keys,
            bounds,
        }))
    }
}

fn unanswered(keys: impl Iterator<Item = SeriesKey>) -> Vec<Answer> {
    keys.map(|key| Answer {
        key,
        points: Vec::new(),
    })
    .collect()
}

/// How many keys one after the other belong to each answer: all of a server and metric, or one.
fn parts(keys: &[SeriesKey], sum: bool) -> Vec<usize> {
    let is_same =
        |a: &SeriesKey, b: &SeriesKey| sum && a.server == b.server && a.metric == b.metric;
    keys.chunk_by(is_same).map(<[_]>::len).collect()
}

/// The key of an answer: a sum has no labels.
fn named(group: &[SeriesKey], sum: bool) -> SeriesKey {
    let mut key = group[0].clone();
    if sum {
        key.labels = Labels::none();
    }
    key
}

#[cfg(test)]
mod tests;
