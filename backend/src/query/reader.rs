//! What a piece of work reads of stored series, within the limits of a question; never what it makes of it.

use std::collections::BTreeMap;
use std::ops::Range;

use common::series::{Series, SeriesKey, SeriesSet};

use super::engine::Engine;
use super::error::QueryError;
use super::limits::Limits;
use super::periods::{self, Ask};
use super::promql::{self, EvaluateError, Evaluation, Question};
use super::rollup::Rollup;
use super::slabs::Slabs;
use super::source::{Budget, Cancel, Selector, Source, finite_samples};

/// Reads series for a piece of work that is more than one question.
pub struct Reader<'a> {
    source: &'a dyn Source,
    limits: Limits,
    budget: Budget,
    cancel: Cancel,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Does a piece of work over stored series, off the async threads. It has the limits of one
    /// question; dropping the future ends it at its next look.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, QueryError> + Send + 'static,
    ) -> Result<T, QueryError> {
        let limits = self.limits();
        self.blocking(move |source, cancel| work(&mut Reader::new(source, limits, cancel)))
            .await
    }
}

impl<'a> Reader<'a> {
    fn new(source: &'a dyn Source, limits: Limits, cancel: Cancel) -> Self {
        Self {
            source,
            limits,
            budget: Budget::new(limits.max_samples, cancel.clone()),
            cancel,
        }
    }

    /// The series that a selector means; an error when they are too many.
    pub fn series(&mut self, selector: &Selector) -> Result<Vec<SeriesKey>, QueryError> {
        self.budget.take(0)?;
        let keys = self.source.series(selector)?;
        let (limit, found) = (self.limits.max_series, keys.len());
        if found > limit {
            return Err(QueryError::TooManySeries { limit, found });
        }
        Ok(keys)
    }

    /// An error when the samples of `keys` in `range` are more than one question may read, known
    /// before one of them is decoded.
    pub fn afford(&self, keys: &[SeriesKey], range: &Range<i64>) -> Result<(), QueryError> {
        let limit = self.limits.max_samples;
        let found = self.source.estimate(keys, range)?;
        if usize::try_from(found).map_or(true, |found| found > limit) {
            return Err(QueryError::TooManySamples { limit, found });
        }
        Ok(())
    }

    /// Shows the finite samples of one series in `range`, in their order, a bounded number at a time.
    pub fn samples(
        &mut self,
        key: &SeriesKey,
        range: &Range<i64>,
        mut show: impl FnMut(&Series),
    ) -> Result<(), QueryError> {
        let keys = std::slice::from_ref(key);
        let Some(bounds) = self.source.bounds(keys, range)? else {
            return Ok(());
        };
        let slabs = Slabs {
            source: self.source,
            keys,
            bounds,
        };
        slabs.each(&mut self.budget, |set| {
            set.series.iter().for_each(&mut show);
            Ok(())
        })
    }

    /// The finite samples of all of `keys` in a short `range`, in their order.
    pub fn together(
        &mut self,
        keys: &[SeriesKey],
        range: Range<i64>,
    ) -> Result<SeriesSet, QueryError> {
        self.afford(keys, &range)?;
        finite_samples(self.source, keys, range, &mut self.budget)
    }

    /// The newest sample of each of `keys` in `range`, in their order; any bits.
    pub fn newest(
        &mut self,
        keys: &[SeriesKey],
        range: Range<i64>,
    ) -> Result<Vec<Option<(i64, f64)>>, QueryError> {
        self.source.newest(keys, range, &mut self.budget)
    }

    /// What an expression is worth, within limits of its own.
    pub fn evaluate(&self, question: &Question) -> Result<Evaluation, EvaluateError> {
        promql::evaluate(self.source, question, self.limits, &self.cancel)
    }

    /// What the periods of a series that begin in `range` come down to, by their starts; those that
    /// are not ready are put together. `range` begins with one.
    pub fn rollups(
        &mut self,
        key: &SeriesKey,
        range: Range<i64>,
        ask: Ask,
    ) -> Result<BTreeMap<i64, Rollup>, QueryError> {
        periods::all(self.source, key, range, ask, &mut self.budget)
    }
}
