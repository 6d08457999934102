//! How many samples a question would read, from what is noted of them; never by reading one.

use std::ops::Range;

use common::series::SeriesKey;

use super::Metrics;
use super::dictionary::SeriesNumber;
use super::source::by_server;
use crate::query::QueryError;
use crate::store::readers::snapshot;
use crate::store::tables::pack;

impl Metrics {
    /// About how many samples of `keys` the packs that have some of `range` hold, and those in the
    /// head. A pack knows how many it has of all its series: each is taken to have the same share.
    pub(super) fn count_samples(
        &self,
        keys: &[SeriesKey],
        range: &Range<i64>,
    ) -> Result<u64, QueryError> {
        let mut all = 0_u64;
        for (server, places) in by_server(keys) {
            let wanted: Vec<SeriesNumber> = self.numbers(keys, &places).into_keys().collect();
            let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else {
                continue;
            };
            let mut known: Vec<SeriesNumber> = self.dictionary().of_server(server).collect();
            known.sort_unstable();
            all = all.saturating_add(self.head().count(server, &wanted, range));
            let counts = snapshot(self.database.readers(), |conn| {
                pack::sample_counts(conn, server, range, (*first, *last))
            })?;
            for (from, to, samples) in counts {
                let share = |numbers: &[SeriesNumber]| {
                    let start = numbers.partition_point(|number| i64::from(*number) < from);
                    let end = numbers.partition_point(|number| i64::from(*number) <= to);
                    u64::try_from(end.saturating_sub(start)).unwrap_or(u64::MAX)
                };
                let samples = u64::try_from(samples).unwrap_or_default();
                let of_wanted = samples.saturating_mul(share(&wanted)) / share(&known).max(1);
                all = all.saturating_add(of_wanted);
            }
        }
        Ok(all)
    }
}
