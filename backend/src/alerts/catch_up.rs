//! What was stored just before the last run ended, and may not have been evaluated; never what is late.
//!
//! A value that somebody pushed once comes no second time: what was acknowledged is evaluated, whenever the
//! process is killed. A value that was evaluated changes nothing when it comes again.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use common::ids::ServerId;
use common::series::matcher::Filter;
use common::series::{MetricName, SeriesKey};
use common::time::UnixMs;

use super::engine::Engine;
use crate::ingest::{Origin, Stored};
use crate::query::{self, QueryError, Reader, Selector};
use crate::rules::LATE_MS;

/// Values by the moment when they were so, and by their server.
type Found = BTreeMap<(i64, ServerId), Vec<(SeriesKey, f64)>>;

impl Engine {
    /// Evaluates the newest value of each series that a rule follows, in the order of their times.
    pub(super) async fn catch_up(&mut self, query: &query::Engine) {
        let now = self.clock.now();
        let metrics: BTreeSet<MetricName> = self.rules.followed().collect();
        let servers: Vec<ServerId> = self.servers.all_active().map(|server| server.id).collect();
        let mut found = Found::new();
        for metric in metrics {
            let range = now.plus_ms(-LATE_MS).0..now.0 + 1;
            let selector = Selector {
                servers: Some(servers.clone()),
                metric: Some(metric.clone()),
                filter: Filter::default(),
                from_ms: range.start,
                to_ms: range.end,
            };
            let newest = query.work(move |reader| newest(reader, &selector, range));
            match newest.await {
                Ok(newest) => newest.into_iter().for_each(|(at, key, value)| {
                    let of_moment = found.entry((at, key.server)).or_default();
                    of_moment.push((key, value));
                }),
                Err(error) => tracing::warn!(
                    %metric,
                    %error,
                    "what came before the start was not evaluated: it is with the next value"
                ),
            }
        }
        let each = found.into_iter().map(|((at, server), values)| Stored {
            server,
            at: UnixMs(at),
            values: Arc::from(values),
            // That says nothing about whether the host lives now.
            origin: Origin::Pushed,
        });
        let samples: Vec<_> = each.collect();
        self.observe(&samples).await;
    }
}

fn newest(
    reader: &mut Reader<'_>,
    selector: &Selector,
    range: Range<i64>,
) -> Result<Vec<(i64, SeriesKey, f64)>, QueryError> {
    let keys = reader.series(selector)?;
    let newest = reader.newest(&keys, range)?;
    let found = keys.into_iter().zip(newest).filter_map(|(key, newest)| {
        let (at, value) = newest.filter(|(_, value)| value.is_finite())?;
        Some((at, key, value))
    });
    Ok(found.collect())
}
