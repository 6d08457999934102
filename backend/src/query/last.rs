//! The newest sample of each series of late; never an older one.

use common::series::{STALE, SeriesKey};

use super::engine::Engine;
use super::error::QueryError;
use super::source::{Budget, Selector};

/// The newest sample of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Last {
    /// Which series.
    pub key: SeriesKey,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// Its value; not always finite.
    pub value: f64,
}

impl Engine {
    /// The newest sample of each series that a selector means and `wants` wants, within the
    /// selector's range; without those that have none there or have ended. Dropping the future ends
    /// the work.
    pub async fn last(
        &self,
        selector: Selector,
        wants: impl Fn(&SeriesKey) -> bool + Send + 'static,
    ) -> Result<Vec<Last>, QueryError> {
        let limits = self.limits();
        let work = self.blocking(move |source, cancel| {
            let mut budget = Budget::new(limits.max_samples, cancel);
            let mut left = source.series(&selector)?;
            left.retain(|key| wants(key));
            let range = selector.from_ms..selector.to_ms;
            let newest = source.newest(&left, range, &mut budget)?;
            let found = left.into_iter().zip(newest);
            let found = found.filter_map(|(key, newest)| {
                let (at_ms, value) = newest?;
                Some(Last { key, at_ms, value })
            });
            let mut found: Vec<Last> = found.collect();
            found.retain(|last| last.value.to_bits() != STALE.to_bits());
            Ok(found)
        });
        work.await
    }
}
