//! Samples into the metric store; never waits for more than their commit.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::{Keep, Kept};
use crate::store::StoreError;
use crate::store::metrics::{Frame, Metrics};

impl Keep for Metrics {
    fn keep(&self, kept: Kept) -> BoxFuture<'_, Result<(), StoreError>> {
        let frame = Frame {
            server: kept.server,
            at: kept.at,
            values: kept.values,
            processes: kept.processes,
        };
        self.append(vec![frame]).boxed()
    }
}
