//! The newest sample of each series of late; never an older one.

use common::series::SeriesKey;

use super::engine::Engine;
use super::error::QueryError;
use super::source::{Budget, Selector};

/// How far back each look goes, but for the last: most series have a sample of the last seconds, and
/// what is found need not be looked for again.
const LOOKS_MS: [i64; 2] = [15_000, 75_000];

/// The bits of the value that says that a series has ended, as Prometheus stores it.
pub const STALE_BITS: u64 = 0x7ff0_0000_0000_0002;

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
            let mut found = Vec::with_capacity(left.len());
            let mut end = selector.to_ms;
            let starts = LOOKS_MS.map(|back| selector.to_ms.saturating_sub(back));
            for start in starts.into_iter().chain([selector.from_ms]) {
                let start = start.max(selector.from_ms);
                if start >= end || left.is_empty() {
                    continue;
                }
                let set = source.samples(&left, start..end, &mut budget)?;
                left.clear();
                for series in set.series {
                    match series.last() {
                        Some((at_ms, value)) => found.push(Last {
                            key: series.key,
                            at_ms,
                            value,
                        }),
                        None => left.push(series.key),
                    }
                }
                end = start;
            }
            found.retain(|last| last.value.to_bits() != STALE_BITS);
            Ok(found)
        });
        work.await
    }
}
