//! Where series come from, as the engine sees it; never which store that is.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::ids::ServerId;
use common::series::matcher::Filter;
use common::series::{MetricName, Series, SeriesKey, SeriesSet};

use super::error::QueryError;
use super::periods::Ask;
use super::rollup::Rollup;

/// Which series, and which part of them.
#[derive(Debug, Clone)]
pub struct Selector {
    /// The servers; `None` stands for all.
    pub servers: Option<Vec<ServerId>>,
    /// Name of the metric; `None` stands for all.
    pub metric: Option<MetricName>,
    /// What a series must be like.
    pub filter: Filter,
    /// The first moment, milliseconds since the epoch.
    pub from_ms: i64,
    /// The moment after the last, milliseconds since the epoch.
    pub to_ms: i64,
}

/// Gives decoded series. Blocks: the engine calls it off the async threads.
pub trait Source: Send + Sync {
    /// The series that a selector means, by server, metric and labels; whether or not they have samples
    /// in its range.
    fn series(&self, selector: &Selector) -> Result<Vec<SeriesKey>, QueryError>;

    /// A range inside of `range` that holds every sample of the servers of `keys`; `None` when
    /// there is none. Cheap: it spares the engine from looking at years without samples.
    fn bounds(
        &self,
        keys: &[SeriesKey],
        range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError>;

    /// About how many samples would have to be decoded for `keys` and `range`, told by what is
    /// noted of them: cheap, however many there are.
    fn estimate(&self, keys: &[SeriesKey], range: &Range<i64>) -> Result<u64, QueryError>;

    /// The samples of `keys` with `from_ms ≤ time < to_ms`, in the order of `keys`, with any bits that
    /// were stored. Takes each sample from the budget and stops when that is used up or cancelled.
    fn samples(
        &self,
        keys: &[SeriesKey],
        range: Range<i64>,
        budget: &mut Budget,
    ) -> Result<SeriesSet, QueryError>;

    /// The newest sample of each of `keys` with `from_ms ≤ time < to_ms`, in their order.
    fn newest(
        &self,
        keys: &[SeriesKey],
        range: Range<i64>,
        budget: &mut Budget,
    ) -> Result<Vec<Option<(i64, f64)>>, QueryError> {
        let set = self.samples(keys, range, budget)?;
        Ok(set.series.iter().map(Series::last).collect())
    }

    /// Whether each of `keys` has samples with `from_ms ≤ time < to_ms`. Cheap where the source tells it
    /// by what is noted of its hours: a sample outside of the range in an hour of it counts then, too.
    fn living(
        &self,
        keys: &[SeriesKey],
        range: &Range<i64>,
        cancel: &Cancel,
    ) -> Result<Vec<bool>, QueryError> {
        let mut budget = Budget::new(usize::MAX, cancel.clone());
        let newest = self.newest(keys, range.clone(), &mut budget)?;
        Ok(newest.iter().map(Option::is_some).collect())
    }

    /// What the periods of a series that begin in `range` came down to, which begins with one.
    fn rollups(&self, key: &SeriesKey, range: Range<i64>, ask: Ask) -> Result<Rollups, QueryError>;

    /// What lies in memory alone, if it can be told: it answers at once, without waiting for anything,
    /// or with [`QueryError::NotInMemory`].
    fn at_hand(&self) -> Option<Box<dyn Source + '_>> {
        None
    }

    /// From the first hour of `keys` in `range` that came down to something to the end of the last;
    /// `None` when there is none.
    fn sealed_span(
        &self,
        keys: &[SeriesKey],
        range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError>;
}

/// As [`Source::samples`], without what is no finite number: a chart cannot show it.
pub(super) fn finite_samples(
    source: &dyn Source,
    keys: &[SeriesKey],
    range: Range<i64>,
    budget: &mut Budget,
) -> Result<SeriesSet, QueryError> {
    let mut set = source.samples(keys, range, budget)?;
    for series in &mut set.series {
        if series.values.iter().all(|value| value.is_finite()) {
            continue;
        }
        let finite = series.points().filter(|(_, value)| value.is_finite());
        let (times, values): (Vec<i64>, Vec<f64>) = finite.unzip();
        (series.times, series.values) = (times.into(), values.into());
    }
    Ok(set)
}

/// What the periods of a series came down to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rollups {
    /// By the start of the period, ascending.
    pub rollups: Vec<(i64, Rollup)>,
    /// Periods that have to be put together from less instead, by their starts, ascending.
    pub missing: Vec<i64>,
}

/// How much a question may still read.
#[derive(Debug, Clone)]
pub struct Budget {
    limit: usize,
    left: usize,
    cancel: Cancel,
}

impl Budget {
    /// A budget of that many samples.
    pub fn new(limit: usize, cancel: Cancel) -> Self {
        Self {
            limit,
            left: limit,
            cancel,
        }
    }

    /// How many samples are left.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// A budget of so many of those that are left; what is taken from it stays here.
    pub(super) fn part(&self, samples: usize) -> Self {
        Self {
            left: self.left.min(samples),
            ..self.clone()
        }
    }

    /// Uses up `samples`; an error when there are not so many left, or the question was cancelled.
    pub fn take(&mut self, samples: usize) -> Result<(), QueryError> {
        self.cancel.check()?;
        self.left = self.left.checked_sub(samples).ok_or_else(|| {
            let more = samples.saturating_sub(self.left);
            QueryError::TooManySamples {
                limit: self.limit,
                found: self.limit.saturating_add(more) as u64,
            }
        })?;
        Ok(())
    }
}

/// Tells a running question that nobody waits for it. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// From now on the question ends at its next look.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was told.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Tells a question that nobody waits for it, once who asked has gone.
pub(super) struct CancelOnDrop(pub(super) Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
