//! The head and the packs back into series: reads only the columns that are wanted.

use std::collections::BTreeMap;
use std::ops::Range;

use common::ids::ServerId;
use common::series::{Series, SeriesKey, SeriesSet};

use super::Metrics;
use super::decoded::{Column, Known};
use super::dictionary::{Dictionary, SeriesNumber};
use super::head::Head;
use super::pack::Reader;
use super::runs::{Merging, Place, Recent, Samples};
use super::source::{by_server, numbers, spanned};
use crate::query::{Budget, QueryError};
use crate::store::Connection;
use crate::store::tables::pack::{self, PackEntry, PackRow, Span};

/// The samples of some series of some servers, from where they lie. What lies in an hour comes first,
/// then windows, then the head: later samples replace earlier ones.
pub(super) struct Scan<'a> {
    range: &'a Range<i64>,
    servers: BTreeMap<ServerId, BTreeMap<SeriesNumber, Found>>,
    merging: Merging,
}

#[derive(Default)]
struct Found {
    /// Which of the keys it is.
    place: usize,
    hours: Vec<Column>,
    windows: Vec<Column>,
    head: Vec<Recent>,
}

impl<'a> Scan<'a> {
    /// For these keys.
    pub(super) fn of_keys(
        dictionary: &Dictionary,
        keys: &[SeriesKey],
        range: &'a Range<i64>,
    ) -> Self {
        let mut scan = Self::new(range);
        for (server, places) in by_server(keys) {
            scan.want(server, numbers(dictionary, keys, &places).into_iter());
        }
        scan
    }

    /// For these series of one server.
    pub(super) fn of_server(
        server: ServerId,
        series: &[SeriesNumber],
        range: &'a Range<i64>,
    ) -> Self {
        let mut scan = Self::new(range);
        scan.want(server, series.iter().copied().zip(0..));
        scan
    }

    fn new(range: &'a Range<i64>) -> Self {
        Self {
            range,
            servers: BTreeMap::new(),
            merging: Merging::default(),
        }
    }

    fn want(&mut self, server: ServerId, series: impl Iterator<Item = (SeriesNumber, usize)>) {
        let found = |place| Found {
            place,
            ..Found::default()
        };
        let series = series.map(|(number, place)| (number, found(place)));
        self.servers.entry(server).or_default().extend(series);
    }

    /// The servers of the series.
    pub(super) fn servers(&self) -> Vec<ServerId> {
        self.servers.keys().copied().collect()
    }

    /// The lowest and the highest number of the series.
    pub(super) fn span(&self) -> (SeriesNumber, SeriesNumber) {
        spanned(self.servers.values().flat_map(BTreeMap::keys))
    }

    /// The series that may have samples in a pack.
    pub(super) fn inside(&self, entry: &PackEntry) -> Vec<SeriesNumber> {
        let series = self.servers.get(&entry.server.0);
        let inside = series.map(|series| series.range(entry.series()));
        inside
            .into_iter()
            .flatten()
            .map(|(number, _)| *number)
            .collect()
    }

    /// The head comes before the packs: what is packed in between is found twice, never not at all.
    pub(super) fn look_into_head(
        &mut self,
        head: &Head,
        budget: &mut Budget,
    ) -> Result<(), QueryError> {
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

    /// Looks into these packs, and forgets what was found in any before.
    pub(super) fn look_into_packs(
        &mut self,
        metrics: &Metrics,
        conn: &mut Connection,
        entries: &[PackEntry],
        budget: &mut Budget,
    ) -> Result<(), QueryError> {
        for found in self.servers.values_mut().flat_map(BTreeMap::values_mut) {
            found.hours.clear();
            found.windows.clear();
        }
        for entry in entries {
            let wanted = self.inside(entry);
            if !wanted.is_empty() {
                let columns = metrics.columns(conn, entry, &wanted, budget)?;
                self.put(entry, &wanted, columns.into_iter());
            }
        }
        Ok(())
    }

    /// Takes the columns of `series` of a pack.
    pub(super) fn put(
        &mut self,
        entry: &PackEntry,
        series: &[SeriesNumber],
        columns: impl Iterator<Item = Option<Column>>,
    ) {
        let Some(of_server) = self.servers.get_mut(&entry.server.0) else {
            return;
        };
        for (number, column) in series.iter().zip(columns) {
            if let (Some(found), Some(column)) = (of_server.get_mut(number), column) {
                match column.span {
                    Span::Hour => found.hours.push(column),
                    Span::Window => found.windows.push(column),
                }
            }
        }
    }

    /// All samples of the keys.
    pub(super) fn into_set(mut self, keys: &[SeriesKey]) -> SeriesSet {
        let mut series: Vec<Series> = keys.iter().cloned().map(Series::empty).collect();
        for found in std::mem::take(&mut self.servers)
            .into_values()
            .flat_map(BTreeMap::into_values)
        {
            if let Some(series) = series.get_mut(found.place) {
                (series.times, series.values) = self.merged(found);
            }
        }
        SeriesSet { series }
    }

    /// All samples of a series.
    pub(super) fn take(&mut self, server: ServerId, number: SeriesNumber) -> Samples {
        let series = self.servers.get_mut(&server);
        let found = series.and_then(|series| series.remove(&number));
        found.map_or_else(Samples::default, |found| self.merged(found))
    }

    /// What lies in one place is not copied.
    fn merged(&mut self, mut found: Found) -> Samples {
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
        let Some(row) = pack::get(conn, entry.id)? else {
            return Err(QueryError::NotInMemory);
        };
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
