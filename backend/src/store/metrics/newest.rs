//! The newest sample of each of many series: mostly in memory, and then no pack is looked into.

use std::collections::BTreeMap;
use std::ops::Range;

use common::ids::ServerId;
use common::series::SeriesKey;

use super::Metrics;
use super::dictionary::SeriesNumber;
use super::listed::Wanted;
use super::source::{by_server, spanned};
use crate::query::{Budget, QueryError};
use crate::store::Connection;
use crate::store::tables::pack::{PackEntry, Span};

/// What stands above what at the same time: packs of hours, of windows, the head; then what came later.
type Rank = (u8, i64);

const HEAD: Rank = (2, 0);

/// The newest that is known so far.
#[derive(Debug, Clone, Copy)]
struct Newest {
    at: i64,
    rank: Rank,
    value: f64,
}

/// Those of a server's series, each with its place in the answer.
type Found = BTreeMap<SeriesNumber, (usize, Option<Newest>)>;

impl Metrics {
    /// The newest sample of each of `keys` in `range`, in their order.
    pub(super) fn newest_of(
        &self,
        keys: &[SeriesKey],
        range: &Range<i64>,
        budget: &mut Budget,
    ) -> Result<Vec<Option<(i64, f64)>>, QueryError> {
        let mut servers: BTreeMap<ServerId, Found> = BTreeMap::new();
        for (server, places) in by_server(keys) {
            let numbers = self.numbers(keys, &places).into_iter();
            let found = numbers.map(|(number, place)| (number, (place, None)));
            servers.insert(server, found.collect());
        }
        // The head comes before the packs: what is packed in between is found twice, never not at all.
        self.look_for_newest_in_head(&mut servers, range, budget)?;
        let asked: Vec<ServerId> = servers.keys().copied().collect();
        let series = spanned(servers.values().flat_map(BTreeMap::keys));
        self.look_into_packs(&asked, Wanted { range, series }, |conn, entries| {
            self.look_for_newest_in_packs((conn, entries), &mut servers, range, budget)
        })?;
        let mut newest = vec![None; keys.len()];
        for (place, found) in servers.into_values().flat_map(BTreeMap::into_values) {
            if let Some(answer) = newest.get_mut(place) {
                *answer = found.map(|newest| (newest.at, newest.value));
            }
        }
        Ok(newest)
    }

    fn look_for_newest_in_head(
        &self,
        servers: &mut BTreeMap<ServerId, Found>,
        range: &Range<i64>,
        budget: &mut Budget,
    ) -> Result<(), QueryError> {
        let head = self.head();
        for (server, found) in servers {
            budget.take(found.len())?;
            for (number, (_, newest)) in found {
                let sample = head.newest(*server, *number, range);
                *newest = sample.map(|(at, value)| Newest {
                    at,
                    rank: HEAD,
                    value,
                });
            }
        }
        Ok(())
    }

    fn look_for_newest_in_packs(
        &self,
        (conn, entries): (&mut Connection, &[PackEntry]),
        servers: &mut BTreeMap<ServerId, Found>,
        range: &Range<i64>,
        budget: &mut Budget,
    ) -> Result<(), QueryError> {
        let mut entries: Vec<&PackEntry> = entries.iter().collect();
        // The newest first: mostly nothing has to be looked for in the others.
        entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.last_at));
        for entry in entries {
            let Some(found) = servers.get_mut(&entry.server.0) else {
                continue;
            };
            let wanted = wanted(found, entry);
            if wanted.is_empty() {
                continue;
            }
            let columns = self.columns(conn, entry, &wanted, budget)?;
            for (number, column) in wanted.iter().zip(columns) {
                let Some(column) = column else { continue };
                let Some(last) = column.places(range).last() else {
                    continue;
                };
                let newest = Newest {
                    at: column.times[last],
                    rank: (u8::from(column.span == Span::Window), entry.id),
                    value: column.values[last],
                };
                if let Some((_, known)) = found.get_mut(number) {
                    let is_newer =
                        |known: Newest| (known.at, known.rank) < (newest.at, newest.rank);
                    if known.is_none_or(is_newer) {
                        *known = Some(newest);
                    }
                }
            }
        }
        Ok(())
    }
}

/// The series that may have something newer in a pack than is known.
fn wanted(found: &Found, entry: &PackEntry) -> Vec<SeriesNumber> {
    let is_wanted = |newest: &Option<Newest>| {
        newest.is_none_or(|known| (known.at, known.rank) < (entry.last_at, HEAD))
    };
    let inside = found.range(entry.series());
    let inside = inside.filter(|(_, (_, newest))| is_wanted(newest));
    inside.map(|(number, _)| *number).collect()
}
