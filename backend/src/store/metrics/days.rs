//! Hours merged into days, once all of them are sealed; never samples.

use std::ops::Range;

use common::ids::ServerId;
use common::time::UnixMs;

use super::Metrics;
use super::dictionary::SeriesNumber;
use super::rollups;
use crate::query::{DAY_MS, HOUR_MS, Period, Rollup};
use crate::store::actor::Actor;
use crate::store::error::StoreError;
use crate::store::readers::snapshot;
use crate::store::tables::aggregate::{self, AggregateRow};
use crate::store::tables::stale_day::{self, StaleDay};
use crate::store::tables::{self, Blob};

const ACTOR: Actor = Actor::System("roll up");
/// Series whose days are stored in one transaction: the writer is needed each second.
const SERIES: usize = 256;
/// Hours of a day.
const HOURS: i64 = DAY_MS / HOUR_MS;

impl Metrics {
    /// Merges the days that ended by `now` and whose hours are all sealed; how many there were. A
    /// day of which an hour is sealed again is merged again.
    pub async fn roll_up_days(&self, now: UnixMs) -> Result<usize, StoreError> {
        let ended = i64::MIN..now.0.div_euclid(DAY_MS);
        self.blocking(move |metrics| metrics.merge_stale(&ended))
            .await
    }

    /// Brings the hours or days that begin in `range` down to aggregates, whatever the time; how
    /// many. By `force` also those that are already: from the samples that there still are, or from
    /// the hours.
    pub async fn aggregate(
        &self,
        range: Range<i64>,
        period: Period,
        force: bool,
    ) -> Result<usize, StoreError> {
        self.blocking(move |metrics| match period {
            Period::Hour => metrics.seal_range(&range, force),
            Period::Day => metrics.merge_range(&range, force),
        })
        .await
    }

    fn merge_range(&self, range: &Range<i64>, force: bool) -> Result<usize, StoreError> {
        let first = range.start.saturating_add(DAY_MS - 1).div_euclid(DAY_MS);
        let days = first..range.end.saturating_add(DAY_MS - 1).div_euclid(DAY_MS);
        if force {
            self.mark_days(&days)?;
        }
        self.merge_stale(&days)
    }

    /// Marks every day in `days` that has hours.
    fn mark_days(&self, days: &Range<i64>) -> Result<(), StoreError> {
        let range = days.start.saturating_mul(DAY_MS)..days.end.saturating_mul(DAY_MS);
        let servers: Vec<ServerId> = self.dictionary().servers().collect();
        for server in servers {
            let numbers: Vec<SeriesNumber> = self.dictionary().of_server(server).collect();
            let Some(span) = self.span_of_numbers(&numbers, &range)? else {
                continue;
            };
            self.database.change_blocking(ACTOR, move |conn| {
                let last = (span.end - 1).div_euclid(DAY_MS);
                let mut days = span.start.div_euclid(DAY_MS)..=last;
                days.try_for_each(|day| stale_day::mark(conn, server, day))
            })?;
        }
        Ok(())
    }

    fn merge_stale(&self, days: &Range<i64>) -> Result<usize, StoreError> {
        let stale = snapshot(self.database.readers(), |conn| {
            stale_day::within(conn, days)
        })?;
        let mut merged = 0;
        for day in stale {
            merged += usize::from(self.merge_day(day)?);
        }
        Ok(merged)
    }

    /// Merges one day; `false` while it has hours that are not sealed.
    fn merge_day(&self, stale: StaleDay) -> Result<bool, StoreError> {
        let (Blob(server), start) = (stale.server, stale.day.saturating_mul(DAY_MS));
        let range = start..start.saturating_add(DAY_MS);
        let in_head = self.head().hours(server, &range);
        let unsealed = snapshot(self.database.readers(), |conn| {
            rollups::unsealed(conn, server, in_head, &range)
        })?;
        if !unsealed.is_empty() {
            return Ok(false);
        }
        let mut numbers: Vec<SeriesNumber> = self.dictionary().of_server(server).collect();
        numbers.sort_unstable();
        for some in numbers.chunks(SERIES) {
            let rows = self.days_of(some, stale.day)?;
            self.database
                .change_blocking(ACTOR, move |conn| aggregate::put(conn, Period::Day, &rows))?;
        }
        self.database
            .change_blocking(ACTOR, move |conn| stale_day::clear(conn, stale))?;
        Ok(true)
    }

    fn days_of(&self, numbers: &[SeriesNumber], day: i64) -> Result<Vec<AggregateRow>, StoreError> {
        let hours = day.saturating_mul(HOURS)..day.saturating_add(1).saturating_mul(HOURS);
        snapshot(self.database.readers(), |conn| {
            let mut rows = Vec::new();
            for number in numbers {
                let of_hours =
                    tables::aggregate::of_series(conn, Period::Hour, *number, &hours, true)?;
                let of_hours = of_hours.iter().filter_map(|row| rollups::rollup(row, true));
                let of_day = Rollup::joined(of_hours);
                let start = day.saturating_mul(DAY_MS);
                rows.extend(of_day.and_then(|day| rollups::row(*number, Period::Day, start, &day)));
            }
            Ok(rows)
        })
    }
}
