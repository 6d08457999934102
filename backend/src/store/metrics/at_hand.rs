//! Series that lie in memory whole: read at once, on the thread that asks; never waits, never reads a file.

use std::ops::Range;
use std::sync::TryLockError;

use common::series::{SeriesKey, SeriesSet};

use super::Metrics;
use super::decoded::Known;
use super::listed::Wanted;
use super::scan::Scan;
use super::source::series;
use crate::query::{Ask, Budget, QueryError, Rollups, Selector, Source};

/// Series that are read at once: what many take is too long for a thread that others wait for.
const FEW: usize = 8;
/// Series that these are chosen from.
const CHOICE: usize = 256;

/// Gives what lies in memory; [`QueryError::NotInMemory`] for everything else.
pub(super) struct AtHand<'a>(pub(super) &'a Metrics);

impl Source for AtHand<'_> {
    fn series(&self, selector: &Selector) -> Result<Vec<SeriesKey>, QueryError> {
        let dictionary = self.0.dictionary.try_read().map_err(busy)?;
        let keys = series(&dictionary, selector);
        if selector.metric.is_some() && keys.len() <= CHOICE {
            Ok(keys)
        } else {
            Err(QueryError::NotInMemory)
        }
    }

    fn samples(
        &self,
        keys: &[SeriesKey],
        range: Range<i64>,
        budget: &mut Budget,
    ) -> Result<SeriesSet, QueryError> {
        if keys.len() > FEW {
            return Err(QueryError::NotInMemory);
        }
        let mut scan = {
            let dictionary = self.0.dictionary.try_read().map_err(busy)?;
            Scan::of_keys(&dictionary, keys, &range)
        };
        {
            // The head comes before the packs, as it does for everybody.
            let head = self.0.head.try_read().map_err(busy)?;
            scan.look_into_head(&head, budget)?;
        }
        let wanted = Wanted {
            range: &range,
            series: scan.span(),
        };
        let mut entries = Vec::new();
        for server in scan.servers() {
            let listed = self.0.listed.at_hand(server, wanted);
            entries.extend(listed.ok_or(QueryError::NotInMemory)?);
        }
        entries.sort_unstable_by_key(|entry| entry.id);
        for entry in &entries {
            let series = scan.inside(entry);
            let columns = self.0.decoded.all(entry.id, &series);
            let columns = columns.ok_or(QueryError::NotInMemory)?;
            budget.take(columns.iter().map(Known::samples).sum())?;
            let columns = columns.into_iter().map(Known::column);
            scan.put(entry, &series, columns);
        }
        Ok(scan.into_set(keys))
    }

    fn bounds(&self, _: &[SeriesKey], _: &Range<i64>) -> Result<Option<Range<i64>>, QueryError> {
        Err(QueryError::NotInMemory)
    }

    fn estimate(&self, _: &[SeriesKey], _: &Range<i64>) -> Result<u64, QueryError> {
        // Few: the budget holds them.
        Ok(0)
    }

    fn rollups(&self, _: &SeriesKey, _: Range<i64>, _: Ask) -> Result<Rollups, QueryError> {
        Err(QueryError::NotInMemory)
    }

    fn sealed_span(
        &self,
        _: &[SeriesKey],
        _: &Range<i64>,
    ) -> Result<Option<Range<i64>>, QueryError> {
        Err(QueryError::NotInMemory)
    }
}

fn busy<T>(_: TryLockError<T>) -> QueryError {
    QueryError::NotInMemory
}
