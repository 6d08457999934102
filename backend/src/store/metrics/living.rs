//! Which series have samples in a range, told by what is noted of whole hours; never by decoding one.

use std::collections::BTreeMap;
use std::ops::Range;

use common::ids::ServerId;
use common::series::SeriesKey;

use super::Metrics;
use super::dictionary::SeriesNumber;
use super::pack::Reader;
use super::source::by_server;
use crate::query::{Cancel, HOUR_MS, QueryError};
use crate::store::Connection;
use crate::store::readers::snapshot;
use crate::store::tables::{aggregate, pack};

/// Series of one server that are looked for, with their places in the question.
type Wanted = BTreeMap<SeriesNumber, usize>;

impl Metrics {
    /// Whether each of `keys` has samples in `range`, or in an hour of which that has a part. An hour
    /// in which a series was never a finite number counts as one without, once it is sealed.
    pub(super) fn living_of(
        &self,
        keys: &[SeriesKey],
        range: &Range<i64>,
        cancel: &Cancel,
    ) -> Result<Vec<bool>, QueryError> {
        let mut living = vec![false; keys.len()];
        for (server, places) in by_server(keys) {
            cancel.check()?;
            let wanted: Wanted = self.numbers(keys, &places);
            let mut left = wanted.clone();
            // Before the packs: what is packed in between is found in both, never in none. Most of what
            // is asked about is in here.
            self.head().cross_out(server, range, &mut left);
            if !left.is_empty() {
                snapshot(self.database.readers(), |conn| {
                    self.cross_out_packed(conn, (server, range), &mut left, cancel)
                })?;
            }
            for (number, place) in wanted {
                living[place] = !left.contains_key(&number);
            }
        }
        Ok(living)
    }

    /// Takes away the series that have something in packs: those of sealed hours by what the hour came
    /// down to, others by the lists of the packs.
    fn cross_out_packed(
        &self,
        conn: &mut Connection,
        (server, range): (ServerId, &Range<i64>),
        left: &mut Wanted,
        cancel: &Cancel,
    ) -> Result<(), QueryError> {
        // Aggregates are kept for longer than samples.
        let Some((first, last)) = pack::extent(conn, server, range)? else {
            return Ok(());
        };
        let hours = first.div_euclid(HOUR_MS)..last.div_euclid(HOUR_MS) + 1;
        let numbers: Vec<SeriesNumber> = left.keys().copied().collect();
        for number in numbers {
            cancel.check()?;
            if aggregate::has_hour(conn, number, &hours)? {
                left.remove(&number);
            }
        }
        let unsealed = hours.start * HOUR_MS..hours.end * HOUR_MS;
        for id in pack::windows(conn, server, &unsealed)? {
            if left.is_empty() {
                break;
            }
            cancel.check()?;
            let Some(row) = pack::get(conn, id)? else {
                continue;
            };
            match Reader::open(&row.body) {
                Ok(reader) => reader.series().for_each(|number| {
                    left.remove(&number);
                }),
                Err(_) => self.report_corrupt(server, 1),
            }
        }
        Ok(())
    }
}
