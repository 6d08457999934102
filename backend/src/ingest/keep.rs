//! Samples into the metric store; never waits for more than their commit.

use common::ids::ServerId;
use common::series::SeriesKey;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::{Keep, Kept, SeriesCount};
use crate::store::StoreError;
use crate::store::metrics::{Frame, Metrics};

impl Keep for Metrics {
    fn keep(&self, kept: Vec<Kept>) -> BoxFuture<'_, Result<(), StoreError>> {
        let frames = kept.into_iter().map(|kept| Frame {
            server: kept.server,
            at: kept.at,
            values: kept.values,
            processes: kept.processes,
        });
        self.append(frames.collect()).boxed()
    }

    fn count(&self, server: ServerId, keys: &[SeriesKey]) -> SeriesCount {
        let (known, new) = self.series_count(server, keys);
        SeriesCount { known, new }
    }
}
