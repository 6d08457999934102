//! What a selector finds: its series under their labels, read once a question; never what is made of them.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use common::series::matcher::Matcher;
use common::series::{Column, Series, SeriesKey};

use super::error::EvaluateError;
use super::labels::LabelSet;
use super::names::Names;
use super::number::is_absent;
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

/// Reads for one question.
pub(super) struct Reader<'a> {
    source: &'a dyn Source,
    names: &'a Names,
    limits: Limits,
    budget: Budget,
    found: HashMap<Asked, Rc<[Samples]>>,
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
            newest: HashMap::new(),
            series_read: 0,
            samples_read: 0,
        }
    }

    /// The series that matchers mean with their samples in `range`; the same again is not read again.
    pub(super) fn read(
        &mut self,
        matchers: &[Matcher],
        range: Range<i64>,
    ) -> Result<Rc<[Samples]>, EvaluateError> {
        let asked = (matchers.to_vec(), range);
        if let Some(found) = self.found.get(&asked) {
            return Ok(Rc::clone(found));
        }
        let keys = self.keys(matchers, &asked.1)?;
        self.affordable(&keys, &asked.1)?;
        let set = self
            .source
            .samples(&keys, asked.1.clone(), &mut self.budget)?;
        self.series_read += keys.len();
        self.samples_read += set.points();
        let found: Rc<[Samples]> = labelled(self.names, set.series).into();
        self.found.insert(asked, Rc::clone(&found));
        Ok(found)
    }

    /// The series that matchers mean with their newest samples in `range` alone: of many series few
    /// samples are looked at.
    pub(super) fn read_newest(
        &mut self,
        matchers: &[Matcher],
        range: Range<i64>,
    ) -> Result<Rc<[Samples]>, EvaluateError> {
        let asked = (matchers.to_vec(), range);
        if let Some(found) = self.newest.get(&asked) {
            return Ok(Rc::clone(found));
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
        Ok(found)
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

    /// An error when a selector would read more than is left, known before anything is decoded.
    fn affordable(&self, keys: &[SeriesKey], range: &Range<i64>) -> Result<(), EvaluateError> {
        if self
            .limits
            .surely_hold(self.samples_read, keys.len(), range)
        {
            return Ok(());
        }
        let limit = self.limits.max_samples;
        let read = u64::try_from(self.samples_read).unwrap_or(u64::MAX);
        let found = self.source.estimate(keys, range)?.saturating_add(read);
        if usize::try_from(found).map_or(true, |found| found > limit) {
            return Err(QueryError::TooManySamples { limit, found }.into());
        }
        Ok(())
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
        if self.values.iter().any(|value| is_absent(*value)) {
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
