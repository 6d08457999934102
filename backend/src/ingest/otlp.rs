//! Metrics of OpenTelemetry: taken under Prometheus's names, stored whole; points that have no place there
//! are refused alone. Never traces, never logs.

mod flatten;
mod model;
mod names;
mod sums;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use common::series::SeriesKey;
use common::time::UnixMs;

use super::remote_write::{Accepts, WriteError};
use super::{Ingest, Kept, Values};
use flatten::{Flat, Rules};
use model::Request;
use sums::{Pending, Sums, SumsByServer};

/// In which form a request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Protobuf.
    Protobuf,
    /// JSON.
    Json,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Points that were not taken.
    pub rejected: usize,
    /// Why the first of them was not.
    pub why: Option<String>,
}

/// Sums of deltas. Held over a request that has some: two together would both add to the same.
pub(super) type DeltaSums = Arc<tokio::sync::Mutex<SumsByServer>>;

impl Ingest {
    /// Stores the points of a request; done when they are durable and on their way to the rules.
    pub async fn export(
        &self,
        body: Bytes,
        encoding: Encoding,
        accepts: Accepts,
    ) -> Result<Exported, WriteError> {
        let server = accepts.server;
        if !self.0.board.wants(server) {
            return Err(WriteError::NotWanted);
        }
        let mut all_sums = Arc::clone(&self.0.sums).lock_owned().await;
        let mut sums = all_sums.remove(&server).unwrap_or_default();
        let read = tokio::task::spawn_blocking(move || {
            let mut pending = Pending::default();
            let flat = read(&body, encoding, &accepts, &sums, &mut pending);
            (flat, pending, sums)
        });
        let (flat, pending, known) = read.await.map_err(|_| WriteError::Stopping)?;
        sums = known;
        let stored = match flat {
            Ok(flat) => self.store(flat, &accepts).await,
            Err(error) => Err(error),
        };
        if stored.is_ok() {
            sums.commit(pending);
        }
        all_sums.insert(server, sums);
        drop(all_sums);
        let (exported, moments) = stored?;
        self.tell_rules(server, moments).await;
        Ok(exported)
    }

    async fn store(
        &self,
        flat: Flat,
        accepts: &Accepts,
    ) -> Result<(Exported, Vec<(UnixMs, Values)>), WriteError> {
        let mut moments: BTreeMap<i64, BTreeMap<SeriesKey, f64>> = BTreeMap::new();
        for ((metric, labels), at, value) in flat.samples {
            let key = SeriesKey::new(accepts.server, metric, labels);
            moments.entry(at).or_default().insert(key, value);
        }
        let keys = moments.values().flat_map(BTreeMap::keys).cloned();
        let growing = self.may_grow(&keys.collect::<Vec<_>>(), accepts).await?;
        let moments: Vec<(UnixMs, Values)> = moments
            .into_iter()
            .map(|(at, values)| (UnixMs(at), values.into_iter().collect()))
            .collect();
        let kept = moments.iter().map(|(at, values)| Kept {
            server: accepts.server,
            at: *at,
            values: Arc::clone(values),
            processes: None,
        });
        self.0.outlets.keep.keep(kept.collect()).await?;
        drop(growing);
        for (metric, said) in flat.described {
            self.0.metadata.note(accepts.server, &metric, said);
        }
        let exported = Exported {
            rejected: flat.rejected,
            why: flat.why,
        };
        Ok((exported, moments))
    }
}

fn read(
    body: &[u8],
    encoding: Encoding,
    accepts: &Accepts,
    sums: &Sums,
    pending: &mut Pending,
) -> Result<Flat, WriteError> {
    let request: Request = match encoding {
        Encoding::Protobuf => wire::request(body)?,
        Encoding::Json => {
            serde_json::from_slice(body).map_err(|error| WriteError::Json(error.to_string()))?
        }
    };
    let time = |at| accepts.check_time(at).map_err(|fault| fault.to_string());
    let rules = Rules {
        time: &time,
        is_sampled: accepts.is_sampled,
    };
    Ok(flatten::flatten(&request, &rules, sums, pending))
}

#[cfg(test)]
mod tests;
