//! The store as the query engine sees it; never how samples are put together.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::panic::resume_unwind;

use common::ids::ServerId;
use common::series::{MetricName, SeriesKey, SeriesSet};

use super::Metrics;
use super::at_hand::AtHand;
use super::dictionary::{Dictionary, SeriesNumber};
use super::listed::Wanted;
use super::scan::Scan;
use crate::query::{Ask, Budget, Cancel, QueryError, Rollups, Selector, Source};
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::readers::snapshot;
use crate::store::tables::pack;

/// With as many series in each half, half of them are read by another thread,
const WORTH_A_THREAD: usize = 32;
/// when they are asked for so long a time, in milliseconds.
const LONG_MS: i64 = 900_000;

impl From<StoreError> for QueryError {
    fn from(error: StoreError) -> Self {
        Self::Source(Box::new(error))
    }
}

impl Source for Metrics {
    fn series(&self, selector: &Selector) -> Result<Vec<SeriesKey>, QueryError> {
        Ok(series(&self.dictionary(), selector))
    }

    fn bounds(
        &self,
        keys: &[SeriesKey],
        range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError> {
        let servers = by_server(keys);
        // Before the packs: what is packed in between is found in both, never in none.
        let mut spans: Vec<(i64, i64)> = {
            let head = self.head();
            let spans = servers
                .keys()
                .filter_map(|server| head.span(*server, range));
            spans.collect()
        };
        snapshot(self.database.readers(), |conn| {
            for server in servers.keys() {
                spans.extend(pack::extent(conn, *server, range)?);
            }
            let first = spans.iter().map(|(first, _)| *first).min();
            let last = spans.iter().map(|(_, last)| *last).max();
            Ok(first.zip(last).map(|(first, last)| first..last + 1))
        })
    }

    fn samples(
        &self,
        keys: &[SeriesKey],
        range: Range<i64>,
        budget: &mut Budget,
    ) -> Result<SeriesSet, QueryError> {
        let (first, second) = keys.split_at(keys.len() / 2);
        if first.len() < WORTH_A_THREAD || range.end.saturating_sub(range.start) < LONG_MS {
            return self.samples_of(keys, &range, budget);
        }
        // Each half may use up what is left; together they are counted afterwards.
        let (mut one, mut other) = (budget.clone(), budget.clone());
        let (one, other) = std::thread::scope(|scope| {
            let other = scope.spawn(|| self.samples_of(second, &range, &mut other));
            (self.samples_of(first, &range, &mut one), other.join())
        });
        let mut set = one?;
        set.series
            .extend(other.unwrap_or_else(|panic| resume_unwind(panic))?.series);
        budget.take(set.points())?;
        Ok(set)
    }

    fn newest(
        &self,
        keys: &[SeriesKey],
        range: Range<i64>,
        budget: &mut Budget,
    ) -> Result<Vec<Option<(i64, f64)>>, QueryError> {
        self.newest_of(keys, &range, budget)
    }

    fn living(
        &self,
        keys: &[SeriesKey],
        range: &Range<i64>,
        cancel: &Cancel,
    ) -> Result<Vec<bool>, QueryError> {
        self.living_of(keys, range, cancel)
    }

    fn estimate(&self, keys: &[SeriesKey], range: &Range<i64>) -> Result<u64, QueryError> {
        self.count_samples(keys, range)
    }

    fn rollups(&self, key: &SeriesKey, range: Range<i64>, ask: Ask) -> Result<Rollups, QueryError> {
        self.rollups_of(key, &range, ask)
    }

    fn sealed_span(
        &self,
        keys: &[SeriesKey],
        range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError> {
        Ok(self.span_of_hours(keys, range)?)
    }

    fn at_hand(&self) -> Option<Box<dyn Source + '_>> {
        Some(Box::new(AtHand(self)))
    }
}

/// The series that a selector means, by server, metric and labels.
pub(super) fn series(dictionary: &Dictionary, selector: &Selector) -> Vec<SeriesKey> {
    let mut servers: Vec<ServerId> = match &selector.servers {
        Some(servers) => servers.clone(),
        None => dictionary.servers().collect(),
    };
    servers.sort_unstable();
    servers.dedup();
    let mut keys = Vec::new();
    for server in servers {
        let mut metrics: Vec<&MetricName> = match &selector.metric {
            Some(metric) => vec![metric],
            None => dictionary.metrics(server).map(|(name, _)| name).collect(),
        };
        metrics.sort_unstable();
        for metric in metrics {
            let wanted = dictionary.of_metric(server, metric, &selector.filter);
            let wanted = wanted.into_iter();
            keys.extend(
                wanted.map(|labels| SeriesKey::new(server, metric.clone(), labels.clone())),
            );
        }
    }
    keys
}

/// The lowest and the highest of some numbers.
pub(super) fn spanned<'a>(numbers: impl Iterator<Item = &'a SeriesNumber>) -> (u32, u32) {
    numbers.fold((u32::MAX, 0), |(lowest, highest), number| {
        (lowest.min(*number), highest.max(*number))
    })
}

/// The numbers of keys of one server, each with its place.
pub(super) fn numbers(
    dictionary: &Dictionary,
    keys: &[SeriesKey],
    places: &[usize],
) -> BTreeMap<SeriesNumber, usize> {
    let number = |place: &usize| Some((dictionary.number(&keys[*place])?, *place));
    places.iter().filter_map(number).collect()
}

/// The places of keys in the answer, by server.
pub(super) fn by_server(keys: &[SeriesKey]) -> HashMap<ServerId, Vec<usize>> {
    let mut places: HashMap<ServerId, Vec<usize>> = HashMap::new();
    for (place, key) in keys.iter().enumerate() {
        places.entry(key.server).or_default().push(place);
    }
    places
}

impl Metrics {
    fn samples_of(
        &self,
        keys: &[SeriesKey],
        range: &Range<i64>,
        budget: &mut Budget,
    ) -> Result<SeriesSet, QueryError> {
        let mut scan = Scan::of_keys(&self.dictionary(), keys, range);
        scan.look_into_head(&self.head(), budget)?;
        let wanted = Wanted {
            range,
            series: scan.span(),
        };
        self.look_into_packs(&scan.servers(), wanted, |conn, entries| {
            scan.look_into_packs(self, conn, entries, budget)
        })?;
        Ok(scan.into_set(keys))
    }

    /// The values of a server at one moment, from its packs.
    pub(super) fn values_at(
        &self,
        conn: &mut Connection,
        server: ServerId,
        at: i64,
    ) -> Result<BTreeMap<SeriesNumber, f64>, StoreError> {
        let range = at..at.saturating_add(1);
        let numbers: Vec<SeriesNumber> = self.dictionary().of_server(server).collect();
        let mut scan = Scan::of_server(server, &numbers, &range);
        let mut budget = Budget::new(usize::MAX, Cancel::default());
        let failed = |error| match error {
            QueryError::Source(source) => match source.downcast::<StoreError>() {
                Ok(error) => *error,
                Err(_) => StoreError::Busy,
            },
            _ => StoreError::Busy,
        };
        let looked = scan.look_into_head(&self.head(), &mut budget);
        looked.map_err(failed)?;
        let entries = pack::reaching(conn, &[server], &range, scan.span())?;
        let looked = scan.look_into_packs(self, conn, &entries, &mut budget);
        looked.map_err(failed)?;
        let values = numbers
            .into_iter()
            .filter_map(|number| Some((number, *scan.take(server, number).1.last()?)));
        Ok(values.collect())
    }

    /// The numbers of keys of one server, each with its place.
    pub(super) fn numbers(
        &self,
        keys: &[SeriesKey],
        places: &[usize],
    ) -> BTreeMap<SeriesNumber, usize> {
        numbers(&self.dictionary(), keys, places)
    }
}
