//! The head and the packs back into series: reads only the columns that are wanted.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use common::ids::ServerId;
use common::series::{MetricName, Series, SeriesKey, SeriesSet};

use super::Metrics;
use super::dictionary::SeriesNumber;
use super::pack::{BadPack, Reader};
use super::runs::{self, Run};
use crate::query::{Ask, Budget, Cancel, QueryError, Rollups, Selector, Source};
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::readers::snapshot;
use crate::store::tables::pack::{self, Span};

impl From<StoreError> for QueryError {
    fn from(error: StoreError) -> Self {
        Self::Source(Box::new(error))
    }
}

impl Source for Metrics {
    fn series(&self, selector: &Selector) -> Result<Vec<SeriesKey>, QueryError> {
        let dictionary = self.dictionary();
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
                let series = dictionary.of_metric(server, metric);
                let wanted = series.filter(|labels| selector.filter.wants(metric, labels));
                keys.extend(
                    wanted.map(|labels| SeriesKey::new(server, metric.clone(), labels.clone())),
                );
            }
        }
        Ok(keys)
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
        let mut set = SeriesSet {
            series: keys.iter().cloned().map(Series::empty).collect(),
        };
        let mut scans = Vec::new();
        for (server, places) in by_server(keys) {
            let wanted = self.numbers(keys, &places);
            scans.push((Scan::new(server, &range, wanted.keys().copied()), wanted));
        }
        for (scan, _) in &mut scans {
            scan.look_into_head(self, budget)?;
        }
        snapshot(self.database.readers(), |conn| {
            for (scan, wanted) in scans {
                for (number, (times, values)) in scan.finish(self, conn, budget)? {
                    if let Some(series) = wanted.get(&number).and_then(|at| set.series.get_mut(*at))
                    {
                        (series.times, series.values) = (times, values);
                    }
                }
            }
            Ok(set)
        })
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
    /// The values of a server at one moment, from its packs.
    pub(super) fn values_at(
        &self,
        conn: &mut Connection,
        server: ServerId,
        at: i64,
    ) -> Result<BTreeMap<SeriesNumber, f64>, StoreError> {
        let range = at..at.saturating_add(1);
        let mut scan = Scan::new(server, &range, self.dictionary().of_server(server));
        let mut budget = Budget::new(usize::MAX, Cancel::default());
        let failed = |error| match error {
            QueryError::Source(source) => match source.downcast::<StoreError>() {
                Ok(error) => *error,
                Err(_) => StoreError::Busy,
            },
            _ => StoreError::Busy,
        };
        scan.look_into_head(self, &mut budget).map_err(failed)?;
        let runs = scan.finish(self, conn, &mut budget).map_err(failed)?;
        let values = runs
            .into_iter()
            .filter_map(|(number, (_, values))| Some((number, *values.last()?)));
        Ok(values.collect())
    }

    /// The numbers of keys of one server, each with its place.
    pub(super) fn numbers(
        &self,
        keys: &[SeriesKey],
        places: &[usize],
    ) -> BTreeMap<SeriesNumber, usize> {
        let dictionary = self.dictionary();
        places
            .iter()
            .filter_map(|place| Some((dictionary.number(&keys[*place])?, *place)))
            .collect()
    }
}

/// The samples of some series of one server, from where they lie. What lies in an hour comes
/// first, then windows, then the head: later samples replace earlier ones.
struct Scan<'a> {
    server: ServerId,
    range: &'a Range<i64>,
    found: BTreeMap<SeriesNumber, Found>,
    corrupt: u64,
}

#[derive(Default)]
struct Found {
    hours: Vec<Run>,
    windows: Vec<Run>,
    head: Vec<Run>,
}

impl<'a> Scan<'a> {
    fn new(
        server: ServerId,
        range: &'a Range<i64>,
        series: impl Iterator<Item = SeriesNumber>,
    ) -> Self {
        Self {
            server,
            range,
            found: series.map(|number| (number, Found::default())).collect(),
            corrupt: 0,
        }
    }

    /// The head comes before the packs: what is packed in between is found twice, never not at all.
    fn look_into_head(&mut self, metrics: &Metrics, budget: &mut Budget) -> Result<(), QueryError> {
        let head = metrics.head();
        for (number, found) in &mut self.found {
            head.samples(self.server, *number, self.range, &mut found.head);
            budget.take(found.head.iter().map(|(times, _)| times.len()).sum())?;
        }
        Ok(())
    }

    /// Reads the packs; all samples of each series.
    fn finish(
        mut self,
        metrics: &Metrics,
        conn: &mut Connection,
        budget: &mut Budget,
    ) -> Result<impl Iterator<Item = (SeriesNumber, Run)> + use<>, QueryError> {
        let first = self.found.first_key_value().map(|(number, _)| *number);
        let last = self.found.last_key_value().map(|(number, _)| *number);
        if let (Some(first), Some(last)) = (first, last) {
            let (server, range) = (self.server, self.range);
            pack::each(conn, server, range, (first, last), |row| {
                self.take(row.span.0, &row.body, budget)
            })?;
        }
        metrics.report_corrupt(self.server, self.corrupt);
        Ok(self.found.into_iter().map(|(number, found)| {
            let mut all = found.hours;
            all.extend(found.windows);
            all.extend(found.head);
            (number, runs::merge(all))
        }))
    }

    fn take(&mut self, span: Span, body: &[u8], budget: &mut Budget) -> Result<(), QueryError> {
        let Ok(mut reader) = Reader::open(body) else {
            self.corrupt += 1;
            return Ok(());
        };
        let numbers: Vec<SeriesNumber> = reader.series().collect();
        for number in numbers {
            let Some(found) = self.found.get_mut(&number) else {
                continue;
            };
            budget.take(reader.count(number).unwrap_or_default())?;
            match reader.samples(number) {
                Ok(None) => {}
                Ok(Some((times, values))) => {
                    let inside = cut(&times, self.range);
                    let run = (times[inside.clone()].to_vec(), values[inside].to_vec());
                    match span {
                        Span::Hour => found.hours.push(run),
                        Span::Window => found.windows.push(run),
                    }
                }
                Err(BadPack) => self.corrupt += 1,
            }
        }
        Ok(())
    }
}

/// The places of ascending times that lie in `range`.
fn cut(times: &[i64], range: &Range<i64>) -> Range<usize> {
    let start = times.partition_point(|at| *at < range.start);
    let end = times.partition_point(|at| *at < range.end);
    start..end.max(start)
}
