//! What a selector finds: its series under their labels, few of them at once; never what is made of them.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use common::series::matcher::Matcher;
use common::series::{Column, Series, SeriesKey, SeriesSet};

use super::error::EvaluateError;
use super::labels::LabelSet;
use super::names::Names;
use super::number::{any_absent, is_absent};
use super::slabs::{SLAB_SAMPLES, Slabs};
use crate::query::{Budget, Limits, QueryError, Source};

/// The samples of a series under its labels.
#[derive(Debug, Clone)]
pub(super) struct Samples {
    pub(super) labels: LabelSet,
    /// Milliseconds since the epoch, ascending.
    pub(super) times: Column<i64>,
    /// The value at each time; the mark of absence where a series ended.
    pub(super) values: Column<f64>,
}

/// What was asked for: conditions, and a range of times.
type Asked = (Vec<Matcher>, Range<i64>);

/// A selector that is being read.
#[derive(Debug)]
pub(super) enum Reading {
    /// It was read before; `None` once it was given.
    Known(Option<Rc<[Samples]>>),
    /// It is read slab by slab.
    Slabs(Asked, Slabs),
}

/// Reads for one question.
pub(super) struct Reader<'a> {
    source: &'a dyn Source,
    names: &'a Names,
    limits: Limits,
    budget: Budget,
    /// What was read whole and may be asked for again, in all no more than a slab.
    found: HashMap<Asked, Rc<[Samples]>>,
    kept: usize,
    /// Of each series the newest sample alone.
    newest: HashMap<Asked, Rc<[Samples]>>,
    pub(super) series_read: usize,
    pub(super) samples_read: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        source: &'a dyn Source,
        names: &'a Names,
        limits: Limits,
        budget: Budget,
    ) -> Self {
        Self {
            source,
            names,
            limits,
            budget,
            found: HashMap::new(),
            kept: 0,
            newest: HashMap::new(),
            series_read: 0,
            samples_read: 0,
        }
    }

    /// Begins to read the series that matchers mean with their samples in `range`.
    pub(super) fn open(
        &mut self,
        matchers: &[Matcher],
        range: Range<i64>,
    ) -> Result<Reading, EvaluateError> {
        let asked = (matchers.to_vec(), range);
        if let Some(found) = self.found.get(&asked) {
            return Ok(Reading::Known(Some(Rc::clone(found))));
        }
        let keys = self.keys(matchers, &asked.1)?;
        let samples = self.affordable(&keys, &asked.1)?;
        self.series_read += keys.len();
        let mut slabs = Slabs::new(keys);
        if samples > SLAB_SAMPLES as u64 {
            slabs.cut(self.names, samples);
        }
        Ok(Reading::Slabs(asked, slabs))
    }

    /// The next of the series that are being read; `None` after the last ones.
    pub(super) fn next(
        &mut self,
        reading: &mut Reading,
    ) -> Result<Option<Rc<[Samples]>>, EvaluateError> {
        let (asked, slabs) = match reading {
            Reading::Known(found) => return Ok(found.take()),
            Reading::Slabs(asked, slabs) => (asked, slabs),
        };
        if slabs.slab().is_empty() {
            return Ok(None);
        }
        let set = self.slab(slabs, &asked.1)?;
        let points = set.points();
        self.samples_read += points;
        let found: Rc<[Samples]> = labelled(self.names, set.series).into();
        if slabs.is_whole() && self.kept.saturating_add(points) <= SLAB_SAMPLES {
            self.kept += points;
            // There is no second slab that would need it.
            self.found.insert(std::mem::take(asked), Rc::clone(&found));
        }
        Ok(Some(found))
    }

    /// Reads a slab. What turns out to be too much at once is begun again with fewer series.
    fn slab(&mut self, slabs: &mut Slabs, range: &Range<i64>) -> Result<SeriesSet, EvaluateError> {
        loop {
            let left = self.budget.left();
            let most = if slabs.is_divisible() {
                left.min(SLAB_SAMPLES)
            } else {
                left
            };
            let mut budget = self.budget.part(most);
            let keys = slabs.slab();
            match self.source.samples(keys, range.clone(), &mut budget) {
                Err(QueryError::TooManySamples { .. }) if most < left => {
                    let samples = if slabs.is_whole() {
                        self.estimate(keys, range)?
                    } else {
                        0
                    };
                    slabs.cut(self.names, samples);
                }
                outcome => {
                    let set = outcome?;
                    self.budget.take(most - budget.left())?;
                    slabs.pass();
                    return Ok(set);
                }
            }
        }
    }

    /// The series that matchers mean with their newest samples in `range` alone: of many series few
    /// samples are looked at, and as few are held.
    pub(super) fn open_newest(
        &mut self,
        matchers: &[Matcher],
        range: Range<i64>,
    ) -> Result<Reading, EvaluateError> {
        let asked = (matchers.to_vec(), range);
        if let Some(found) = self.newest.get(&asked) {
            return Ok(Reading::Known(Some(Rc::clone(found))));
        }
        let keys = self.keys(matchers, &asked.1)?;
        let newest = self
            .source
            .newest(&keys, asked.1.clone(), &mut self.budget)?;
        self.series_read += keys.len();
        self.samples_read += newest.iter().flatten().count();
        let series = keys.into_iter().zip(newest).map(|(key, newest)| {
            let mut series = Series::empty(key);
            if let Some((at_ms, value)) = newest {
                series.push(at_ms, value);
            }
            series
        });
        let found: Rc<[Samples]> = labelled(self.names, series.collect()).into();
        self.newest.insert(asked, Rc::clone(&found));
        Ok(Reading::Known(Some(found)))
    }

    fn keys(
        &self,
        matchers: &[Matcher],
        range: &Range<i64>,
    ) -> Result<Vec<SeriesKey>, EvaluateError> {
        let choice = self.names.choose(matchers)?;
        if choice.is_empty() || range.is_empty() {
            return Ok(Vec::new());
        }
        let mut keys = self.source.series(&choice.selector(range))?;
        keys.retain(|key| choice.wants(key));
        let (limit, found) = (self.limits.max_series, self.series_read + keys.len());
        if found > limit {
            return Err(QueryError::TooManySeries { limit, found }.into());
        }
        Ok(keys)
    }

    /// How many samples a selector would read, 0 when they are surely few; an error when they are more
    /// than is left, known before anything is decoded.
    fn affordable(&self, keys: &[SeriesKey], range: &Range<i64>) -> Result<u64, EvaluateError> {
        let (read, series) = (self.samples_read, keys.len());
        if self.limits.surely_hold(read, series, range) {
            return Ok(0);
        }
        self.estimate(keys, range)
    }

    fn estimate(&self, keys: &[SeriesKey], range: &Range<i64>) -> Result<u64, EvaluateError> {
        let limit = self.limits.max_samples;
        let samples = self.source.estimate(keys, range)?;
        let read = u64::try_from(self.samples_read).unwrap_or(u64::MAX);
        let found = samples.saturating_add(read);
        if usize::try_from(found).map_or(true, |found| found > limit) {
            return Err(QueryError::TooManySamples { limit, found }.into());
        }
        Ok(samples)
    }
}

/// Series under the labels that PromQL sees; those that look the same become one.
fn labelled(names: &Names, series: Vec<Series>) -> Vec<Samples> {
    let mut places: HashMap<LabelSet, usize> = HashMap::with_capacity(series.len());
    let mut found: Vec<Samples> = Vec::with_capacity(series.len());
    for one in series {
        let Some(labels) = names.labels(&one.key) else {
            continue;
        };
        if one.is_empty() {
            continue;
        }
        if let Some(place) = places.get(&labels) {
            merge(&mut found[*place], &one);
            continue;
        }
        places.insert(labels.clone(), found.len());
        found.push(Samples {
            labels,
            times: one.times,
            values: one.values,
        });
    }
    found
}

/// Sample by sample; of two at the same moment the later series' stands.
fn merge(into: &mut Samples, other: &Series) {
    let own = into.times.iter().copied().zip(into.values.iter().copied());
    let mut all: Vec<(i64, f64)> = own.chain(other.points()).collect();
    all.sort_by_key(|(at, _)| *at);
    all.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same && !is_absent(next.1) {
            kept.1 = next.1;
        }
        is_same
    });
    let (times, values): (Vec<i64>, Vec<f64>) = all.into_iter().unzip();
    (into.times, into.values) = (times.into(), values.into());
}

impl Samples {
    /// Without the marks that a series ended: a range holds samples only.
    pub(super) fn shown(&self) -> (std::borrow::Cow<'_, [i64]>, std::borrow::Cow<'_, [f64]>) {
        if any_absent(&self.values) {
            let points = self.times.iter().zip(self.values.iter());
            let (times, values) = points
                .filter(|(_, value)| !is_absent(**value))
                .map(|(at, value)| (*at, *value))
                .unzip::<i64, f64, Vec<_>, Vec<_>>();
            (times.into(), values.into())
        } else {
            (self.times.as_slice().into(), self.values.as_slice().into())
        }
    }
}
