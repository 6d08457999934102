//! Remote write 1.0 of Prometheus: a request is stored whole or refused whole; never its answer.

mod described;
mod error;
mod known;
pub(crate) mod labels;
mod request;
#[cfg(test)]
pub(crate) mod testing;

pub use error::{LabelFault, SeriesFault, WriteError};
pub use request::Accepts;

pub(super) use known::KnownSeries;

use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use common::series::SeriesKey;
use common::time::UnixMs;
use tokio::sync::MutexGuard;

use super::{Ingest, Kept, SeriesCount, Values};
use described::Described;
use known::Place;
use request::Request;

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// How many samples.
    pub samples: usize,
}

/// A request in the form in which it is kept.
struct Ready {
    moments: Vec<(UnixMs, Values)>,
    fresh: Vec<(Place, SeriesKey)>,
    era: u64,
    samples: usize,
    described: Vec<Described>,
}

impl Ingest {
    /// Stores a `WriteRequest`; done when it is durable and on its way to the rules.
    pub async fn write(&self, message: Bytes, accepts: Accepts) -> Result<Written, WriteError> {
        let server = accepts.server;
        if !self.0.board.wants(server) {
            return Err(WriteError::NotWanted);
        }
        let known = self.0.known.of(server);
        let reading = Arc::clone(&known);
        let read = tokio::task::spawn_blocking(move || {
            let mut known = reading.lock().unwrap_or_else(PoisonError::into_inner);
            let request = request::read(&message, &accepts, &mut known)?;
            Ok::<_, WriteError>(Ready::of(request, known.era()))
        });
        let ready = read.await.map_err(|_| WriteError::Stopping)??;
        let fresh: Vec<SeriesKey> = ready.fresh.iter().map(|(_, key)| key.clone()).collect();
        let growing = self.may_grow(&fresh, &accepts).await?;
        let kept = ready.moments.iter().map(|(at, values)| Kept {
            server,
            at: *at,
            values: Arc::clone(values),
            processes: None,
        });
        self.0.outlets.keep.keep(kept.collect()).await?;
        drop(growing);
        if !ready.fresh.is_empty() {
            let places: Vec<Place> = ready.fresh.iter().map(|(place, _)| *place).collect();
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.stored(ready.era, &places);
        }
        for (metric, said) in ready.described {
            self.0.metadata.note(server, &metric, said);
        }
        let samples = ready.samples;
        self.tell_rules(server, ready.moments).await;
        Ok(Written { samples })
    }

    /// Whether the server may have those series; holds others back that would add some while it does.
    pub(super) async fn may_grow(
        &self,
        fresh: &[SeriesKey],
        accepts: &Accepts,
    ) -> Result<Option<MutexGuard<'_, ()>>, WriteError> {
        if fresh.is_empty() || self.count(accepts.server, fresh).new == 0 {
            return Ok(None);
        }
        let growing = self.0.growing.lock().await;
        let SeriesCount { known, new } = self.count(accepts.server, fresh);
        let limit = accepts.most_series;
        if new > limit {
            return Err(WriteError::TooManySeriesAtOnce { limit });
        }
        if new > 0 && known + new > limit {
            return Err(WriteError::TooManySeries { limit, known, new });
        }
        Ok(Some(growing))
    }
}

impl Ready {
    fn of(request: Request, era: u64) -> Self {
        let moments = request.moments.into_iter();
        Self {
            moments: moments
                .map(|moment| (UnixMs(moment.at), moment.values.into()))
                .collect(),
            fresh: request.fresh,
            era,
            samples: request.samples,
            described: request.described,
        }
    }
}

#[cfg(test)]
mod tests;
