//! Series in memory under the one server that has no name, so that they show no `instance`.

use std::ops::Range;
use std::sync::Arc;

use common::ids::ServerId;
use common::series::matcher::NAME_LABEL;
use common::series::{Labels, Series, SeriesKey, SeriesSet};
use uuid::Uuid;

use crate::query::promql::question::evaluate;
use crate::query::promql::{At, EvaluateError, Evaluation, Expression, LabelSet, Names, Question};
use crate::query::{Ask, Budget, Cancel, Limits, QueryError, Rollups, Selector, Source};

pub(super) const SERVER: ServerId = ServerId(Uuid::from_u128(1));
pub(super) const LIMITS: Limits = Limits {
    max_samples: 5_000_000,
    max_series: 20_000,
    timeout: std::time::Duration::from_mins(1),
};

#[derive(Default)]
pub(super) struct Memory(pub(super) Vec<Series>);

impl Memory {
    /// Adds samples of a series, which may be there already.
    pub(super) fn add(&mut self, labels: &LabelSet, samples: &[(i64, f64)]) {
        let own = labels.iter().filter(|(name, _)| *name != NAME_LABEL);
        let own: Labels = own.collect();
        let key = SeriesKey::new(SERVER, labels.metric().unwrap_or_default(), own);
        let place = self.0.iter().position(|series| series.key == key);
        let place = place.unwrap_or_else(|| {
            self.0.push(Series::empty(key));
            self.0.len() - 1
        });
        for (at, value) in samples {
            self.0[place].push(*at, *value);
        }
    }

    /// Whether there is such a series.
    pub(super) fn has(&self, labels: &LabelSet) -> bool {
        let names = Names::new([(SERVER, String::new())]);
        let shown = |series: &Series| names.labels(&series.key);
        self.0
            .iter()
            .any(|series| shown(series).as_ref() == Some(labels))
    }

    pub(super) fn ask(&self, text: &str, at: At) -> Result<Evaluation, EvaluateError> {
        self.ask_within(text, at, LIMITS)
    }

    pub(super) fn ask_within(
        &self,
        text: &str,
        at: At,
        limits: Limits,
    ) -> Result<Evaluation, EvaluateError> {
        let question = Question {
            expression: Expression::parse(text)
                .map_err(|error| EvaluateError::Contradiction(error.to_string()))?,
            at,
            lookback_ms: 300_000,
            names: Arc::new(Names::new([(SERVER, String::new())])),
        };
        evaluate(self, &question, limits, &Cancel::default())
    }
}

impl Source for Memory {
    fn series(&self, selector: &Selector) -> Result<Vec<SeriesKey>, QueryError> {
        let keys = self.0.iter().map(|series| &series.key);
        let is_meant = |key: &&SeriesKey| {
            let is_metric = selector
                .metric
                .as_ref()
                .is_none_or(|name| *name == key.metric);
            is_metric && selector.filter.wants(&key.metric, &key.labels)
        };
        Ok(keys.filter(is_meant).cloned().collect())
    }

    fn bounds(
        &self,
        _keys: &[SeriesKey],
        range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError> {
        Ok(Some(range.clone()))
    }

    fn estimate(&self, keys: &[SeriesKey], range: &Range<i64>) -> Result<u64, QueryError> {
        let mut budget = Budget::new(usize::MAX, Cancel::default());
        let set = self.samples(keys, range.clone(), &mut budget)?;
        Ok(set.points() as u64)
    }

    fn samples(
        &self,
        keys: &[SeriesKey],
        range: Range<i64>,
        budget: &mut Budget,
    ) -> Result<SeriesSet, QueryError> {
        let mut set = SeriesSet::default();
        for key in keys {
            let mut found = Series::empty(key.clone());
            for series in self.0.iter().filter(|series| series.key == *key) {
                for (at, value) in series.points().filter(|(at, _)| range.contains(at)) {
                    found.push(at, value);
                }
            }
            budget.take(found.len())?;
            set.series.push(found);
        }
        Ok(set)
    }

    fn rollups(&self, _: &SeriesKey, _: Range<i64>, _: Ask) -> Result<Rollups, QueryError> {
        Ok(Rollups::default())
    }

    fn sealed_span(
        &self,
        _: &[SeriesKey],
        _: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError> {
        Ok(None)
    }
}
