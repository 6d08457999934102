//! The head and the packs back into series: reads only the columns that are wanted.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::panic::resume_unwind;

use common::ids::ServerId;
use common::series::{MetricName, Series, SeriesKey, SeriesSet};

use super::Metrics;
use super::decoded::{Column, Known};
use super::dictionary::SeriesNumber;
use super::pack::Reader;
use super::runs::{Merging, Place, Recent, Samples};
use crate::query::{Ask, Budget, Cancel, QueryError, Rollups, Selector, Source};
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::readers::snapshot;
use crate::store::tables::pack::{self, PackEntry, PackRow, Span};

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
                let wanted = dictionary.of_metric(server, metric, &selector.filter);
                let wanted = wanted.into_iter();
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
}

/// The lowest and the highest of some numbers.
pub(super) fn spanned<'a>(numbers: impl Iterator<Item = &'a SeriesNumber>) -> (u32, u32) {
    numbers.fold((u32::MAX, 0), |(lowest, highest), number| {
        (lowest.min(*number), highest.max(*number))
    })
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
        let mut set = SeriesSet {
            series: keys.iter().cloned().map(Series::empty).collect(),
        };
        let mut scan = Scan::new(range);
        let mut places = Vec::new();
        for (server, of_server) in by_server(keys) {
            let wanted = self.numbers(keys, &of_server);
            scan.want(server, wanted.keys().copied());
            places.push((server, wanted));
        }
        scan.look_into_head(self, budget)?;
        snapshot(self.database.readers(), |conn| {
            scan.look_into_packs(self, conn, budget)
        })?;
        for (server, wanted) in places {
            for (number, place) in wanted {
                if let Some(series) = set.series.get_mut(place) {
                    (series.times, series.values) = scan.take(server, number);
                }
            }
        }
        Ok(set)
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
        let mut scan = Scan::new(&range);
        scan.want(server, numbers.iter().copied());
        let mut budget = Budget::new(usize::MAX, Cancel::default());
        let failed = |error| match error {
            QueryError::Source(source) => match source.downcast::<StoreError>() {
                Ok(error) => *error,
                Err(_) => StoreError::Busy,
            },
            _ => StoreError::Busy,
        };
        scan.look_into_head(self, &mut budget).map_err(failed)?;
        let looked = scan.look_into_packs(self, conn, &mut budget);
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
        let dictionary = self.dictionary();
        places
            .iter()
            .filter_map(|place| Some((dictionary.number(&keys[*place])?, *place)))
            .collect()
    }
}

/// The samples of some series of some servers, from where they lie. What lies in an hour comes first,
/// then windows, then the head: later samples replace earlier ones.
struct Scan<'a> {
    range: &'a Range<i64>,
    servers: BTreeMap<ServerId, BTreeMap<SeriesNumber, Found>>,
    merging: Merging,
}

#[derive(Default)]
struct Found {
    hours: Vec<Column>,
    windows: Vec<Column>,
    head: Vec<Recent>,
}

impl<'a> Scan<'a> {
    fn new(range: &'a Range<i64>) -> Self {
        Self {
            range,
            servers: BTreeMap::new(),
            merging: Merging::default(),
        }
    }

    fn want(&mut self, server: ServerId, series: impl Iterator<Item = SeriesNumber>) {
        let series = series.map(|number| (number, Found::default()));
        self.servers.entry(server).or_default().extend(series);
    }

    /// The head comes before the packs: what is packed in between is found twice, never not at all.
    fn look_into_head(&mut self, metrics: &Metrics, budget: &mut Budget) -> Result<(), QueryError> {
        let head = metrics.head();
        for (server, series) in &mut self.servers {
            let wanted: Vec<SeriesNumber> = series.keys().copied().collect();
            for (place, recent) in head.samples(*server, &wanted, self.range) {
                budget.take(recent.1.len())?;
                if let Some(found) = series.get_mut(&wanted[place]) {
                    found.head.push(recent);
                }
            }
        }
        Ok(())
    }

    fn look_into_packs(
        &mut self,
        metrics: &Metrics,
        conn: &mut Connection,
        budget: &mut Budget,
    ) -> Result<(), QueryError> {
        let servers: Vec<ServerId> = self.servers.keys().copied().collect();
        let asked = spanned(self.servers.values().flat_map(BTreeMap::keys));
        for entry in pack::reaching(conn, &servers, self.range, asked)? {
            let Some(series) = self.servers.get_mut(&entry.server.0) else {
                continue;
            };
            let wanted: Vec<SeriesNumber> =
                series.range(entry.series()).map(|(it, _)| *it).collect();
            let columns = metrics.columns(conn, &entry, &wanted, budget)?;
            for (number, column) in wanted.iter().zip(columns) {
                if let (Some(found), Some(column)) = (series.get_mut(number), column) {
                    match column.span {
                        Span::Hour => found.hours.push(column),
                        Span::Window => found.windows.push(column),
                    }
                }
            }
        }
        Ok(())
    }

    /// All samples of a series. Those that lie in one place are not copied.
    fn take(&mut self, server: ServerId, number: SeriesNumber) -> Samples {
        let series = self.servers.get_mut(&server);
        let Some(mut found) = series.and_then(|series| series.remove(&number)) else {
            return Samples::default();
        };
        let packed = found.hours.iter().chain(&found.windows);
        let packed = packed.map(|column| (column, column.places(self.range)));
        let packed: Vec<_> = packed.filter(|(_, places)| !places.is_empty()).collect();
        found.head.retain(|(times, _)| !times.is_empty());
        if let ([(column, places)], []) = (&*packed, &*found.head) {
            return column.share(places.clone());
        }
        let packed = packed.iter().map(|(column, places)| {
            let values = &column.values[places.clone()];
            (&column.times, places.clone(), values)
        });
        let head = found.head.iter();
        let head = head.map(|(times, values)| (times, 0..times.len(), values.as_slice()));
        self.merging
            .merge(&packed.chain(head).collect::<Vec<Place>>())
    }
}

impl Metrics {
    /// A column for each of `wanted` from one pack: what was decoded of late, and the others from its
    /// bytes. `None` when a series is not in the pack or damaged.
    pub(super) fn columns(
        &self,
        conn: &mut Connection,
        entry: &PackEntry,
        wanted: &[SeriesNumber],
        budget: &mut Budget,
    ) -> Result<Vec<Option<Column>>, QueryError> {
        let kept = wanted.iter().map(|it| self.decoded.get(entry.id, *it));
        let kept: Vec<Option<Known>> = kept.collect();
        if kept.iter().all(Option::is_some) {
            budget.take(kept.iter().flatten().map(Known::samples).sum())?;
            let columns = kept.into_iter().map(|known| known.and_then(Known::column));
            return Ok(columns.collect());
        }
        let row = pack::get(conn, entry.id)?;
        let server = entry.server.0;
        let Ok(mut reader) = Reader::open(&row.body) else {
            self.report_corrupt(server, 1);
            return Ok(vec![None; wanted.len()]);
        };
        let mut columns = Vec::with_capacity(wanted.len());
        for (number, kept) in wanted.iter().zip(kept) {
            budget.take(reader.count(*number).unwrap_or_default())?;
            columns.push(match kept {
                Some(known) => known.column(),
                None => self.decode(&mut reader, (&row, server), *number),
            });
        }
        Ok(columns)
    }

    fn decode(
        &self,
        reader: &mut Reader<'_>,
        (row, server): (&PackRow, ServerId),
        number: SeriesNumber,
    ) -> Option<Column> {
        let Ok(samples) = reader.samples(number) else {
            self.report_corrupt(server, 1);
            return None;
        };
        let known = samples.map_or(Known::Absent, |(times, values)| {
            Known::Present(Column {
                span: row.span.0,
                times: self.decoded.shared(times),
                values: values.into(),
            })
        });
        self.decoded.keep(row.id, number, known.clone());
        known.column()
    }
}
