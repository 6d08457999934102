//! What hours came down to ⇄ rows; never how it is computed.

use std::collections::BTreeSet;
use std::ops::Range;

use common::series::SeriesKey;

use super::Metrics;
use super::dictionary::SeriesNumber;
use super::runs::Run;
use crate::query::{HOUR_MS, Hours, QueryError, Rollup};
use crate::store::connection::snapshot;
use crate::store::tables::aggregate::{self, AggregateRow};
use crate::store::tables::pack;

impl Metrics {
    /// What the hours of a series came down to that begin in `range`, and which of them are not
    /// sealed yet or have late samples.
    pub(super) fn hours(&self, key: &SeriesKey, range: &Range<i64>) -> Result<Hours, QueryError> {
        let Some(number) = self.dictionary().number(key) else {
            return Ok(Hours::default());
        };
        let last_ms = range.end.saturating_add(HOUR_MS - 1);
        let whole = range.start..last_ms.saturating_sub(last_ms.rem_euclid(HOUR_MS));
        // Before the packs: what is packed in between is found in both, never in none.
        let mut not_sealed: BTreeSet<i64> = self.head().hours(key.server, &whole);
        snapshot(self.database.readers(), |conn| {
            not_sealed.extend(pack::window_hours(conn, key.server, &whole)?);
            let hours = range.start.div_euclid(HOUR_MS)..whole.end.div_euclid(HOUR_MS);
            let rows = aggregate::of_series(conn, number, &hours)?;
            let rollups = rows
                .into_iter()
                .map(|row| (row.hour.saturating_mul(HOUR_MS), row))
                .filter(|(hour, _)| !not_sealed.contains(hour))
                .filter_map(|(hour, row)| Some((hour, rollup(&row)?)));
            Ok(Hours {
                rollups: rollups.collect(),
                not_sealed: not_sealed.into_iter().collect(),
            })
        })
    }
}

/// The row of an hour; `None` when there is nothing to keep of it.
pub(super) fn row(number: SeriesNumber, hour_ms: i64, (_, values): &Run) -> Option<AggregateRow> {
    let rollup = Rollup::of(values)?;
    Some(AggregateRow {
        series: number.into(),
        hour: hour_ms.div_euclid(HOUR_MS),
        count: i64::try_from(rollup.count).ok()?,
        min: rollup.min,
        max: rollup.max,
        mean: rollup.mean,
        m2: rollup.m2,
        first: rollup.first,
        last: rollup.last,
        increase: rollup.increase,
        median: rollup.median,
        sketch: postcard::to_allocvec(&rollup.sketch).ok()?,
    })
}

/// What a row says; `None` when it is damaged.
fn rollup(row: &AggregateRow) -> Option<Rollup> {
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
        sketch: postcard::from_bytes(&row.sketch).ok()?,
    })
}
