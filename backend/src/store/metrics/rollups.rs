//! What hours and days came down to ⇄ rows; never how it is computed.

use std::collections::BTreeSet;
use std::ops::Range;

use common::ids::ServerId;
use common::series::SeriesKey;

use super::Metrics;
use super::dictionary::SeriesNumber;
use crate::query::{Ask, DAY_MS, HOUR_MS, Period, QueryError, Rollup, Rollups};
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::readers::snapshot;
use crate::store::tables::aggregate::{self, AggregateRow};
use crate::store::tables::{pack, stale_day};

impl Metrics {
    /// What the periods of a series came down to that begin in `range`, and which of them are not
    /// ready: hours that are not sealed or have late samples, days that are not merged.
    pub(super) fn rollups_of(
        &self,
        key: &SeriesKey,
        range: &Range<i64>,
        Ask {
            period,
            with_sketch,
        }: Ask,
    ) -> Result<Rollups, QueryError> {
        let Some(number) = self.dictionary().number(key) else {
            return Ok(Rollups::default());
        };
        let ms = period.ms();
        let end = period.start(range.end.saturating_add(ms - 1));
        let whole = range.start..end;
        let starts = range.start.div_euclid(ms)..end.div_euclid(ms);
        // Before the packs: what is packed in between is found in both, never in none.
        let in_head = self.head().hours(key.server, &whole);
        snapshot(self.database.readers(), |conn| {
            let hours = unsealed(conn, key.server, in_head, &whole)?;
            let mut missing: BTreeSet<i64> =
                hours.into_iter().map(|hour| period.start(hour)).collect();
            if period == Period::Day {
                let stale = stale_day::of_server(conn, key.server, &starts)?;
                missing.extend(stale.into_iter().map(|day| day.saturating_mul(DAY_MS)));
            }
            let rows = aggregate::of_series(conn, period, number, &starts, with_sketch)?;
            let rollups = rows
                .into_iter()
                .map(|row| (row.start.saturating_mul(ms), row))
                .filter(|(start, _)| !missing.contains(start))
                .filter_map(|(start, row)| Some((start, rollup(&row, with_sketch)?)));
            Ok(Rollups {
                rollups: rollups.collect(),
                missing: missing.into_iter().collect(),
            })
        })
    }

    /// From the first hour of `keys` in `range` that came down to something to the end of the last.
    pub(super) fn span_of_hours(
        &self,
        keys: &[SeriesKey],
        range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, StoreError> {
        let numbers: Vec<SeriesNumber> = {
            let dictionary = self.dictionary();
            let numbers = keys.iter().filter_map(|key| dictionary.number(key));
            numbers.collect()
        };
        self.span_of_numbers(&numbers, range)
    }

    /// The same by the numbers of series.
    pub(super) fn span_of_numbers(
        &self,
        numbers: &[SeriesNumber],
        range: &Range<i64>,
    ) -> Result<Option<Range<i64>>, StoreError> {
        let end = range.end.saturating_add(HOUR_MS - 1);
        let hours = range.start.div_euclid(HOUR_MS)..end.div_euclid(HOUR_MS);
        snapshot(self.database.readers(), |conn| {
            let mut span: Option<Range<i64>> = None;
            for number in numbers {
                let Some((first, last)) = aggregate::span(conn, *number, &hours)? else {
                    continue;
                };
                let (start, end) = (first * HOUR_MS, (last + 1) * HOUR_MS);
                let known = span.unwrap_or(start..end);
                span = Some(known.start.min(start)..known.end.max(end));
            }
            Ok(span)
        })
    }
}

/// The hours of a server in `range` that are not sealed, or have late samples; `in_head` was looked
/// for before.
pub(super) fn unsealed(
    conn: &mut Connection,
    server: ServerId,
    in_head: BTreeSet<i64>,
    range: &Range<i64>,
) -> Result<BTreeSet<i64>, StoreError> {
    let mut hours = in_head;
    hours.extend(pack::window_hours(conn, server, range)?);
    Ok(hours)
}

/// The row of a period.
pub(super) fn row(
    number: SeriesNumber,
    period: Period,
    start_ms: i64,
    rollup: &Rollup,
) -> Option<AggregateRow> {
    Some(AggregateRow {
        series: number.into(),
        start: start_ms.div_euclid(period.ms()),
        count: i64::try_from(rollup.count).ok()?,
        min: rollup.min,
        max: rollup.max,
        mean: rollup.mean,
        m2: rollup.m2,
        first: rollup.first,
        last: rollup.last,
        increase: rollup.increase,
        median: rollup.median,
        sketch: postcard::to_allocvec(rollup.sketch.as_ref()?).ok()?,
    })
}

/// What a row says; `None` when it is damaged.
pub(super) fn rollup(row: &AggregateRow, with_sketch: bool) -> Option<Rollup> {
    Some(Rollup {
        count: u64::try_from(row.count).ok().filter(|count| *count > 0)?,
        min: row.min,
        max: row.max,
        mean: row.mean,
        m2: row.m2,
        first: row.first,
        last: row.last,
        increase: row.increase,
        median: row.median,
        sketch: if with_sketch {
            Some(postcard::from_bytes(&row.sketch).ok()?)
        } else {
            None
        },
    })
}
