//! Takes what a server looks like when an alert of it fires, for the transaction of the firing;
//! never anything later.

use std::collections::HashMap;
use std::io::{Read, Write as _};
use std::sync::Arc;

use common::alert::{AlertChange, AlertSnapshot};
use common::health::HealthWeights;
use common::ids::{AlertId, ServerId};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::batch::Change;
use super::steps::Write;
use crate::ingest::{FiringCounts, Latest};
use crate::store::StoreError;

/// Most bytes that a stored snapshot may unpack to.
const MOST_BYTES: u64 = 4 << 20;

/// Who saw the servers last, and what their readings cost.
pub struct Witness {
    /// What a server sent last; `None` when nothing came of it.
    pub latest: Arc<dyn Fn(ServerId) -> Option<Arc<Latest>> + Send + Sync>,
    /// What readings and alerts cost in the score.
    pub weights: HealthWeights,
}

/// Adds a snapshot to each change that makes an alert fire. What fires on one server at once shares
/// it.
pub(super) fn add_to(changes: &mut [Change], witness: &Witness, firing: &FiringCounts) {
    let mut taken: HashMap<ServerId, Option<Arc<[u8]>>> = HashMap::new();
    for change in changes {
        let server = change.key.server;
        let Some(alert) = change.writes.iter().find_map(fires) else {
            continue;
        };
        let body = taken
            .entry(server)
            .or_insert_with(|| witness.body(server, firing));
        if let Some(body) = body {
            change.writes.push(Write::Keep(alert, Arc::clone(body)));
        }
    }
}

fn fires(write: &Write) -> Option<AlertId> {
    match write {
        Write::Tell(step, _) if step.change.0 == AlertChange::Fired => Some(step.alert_id.0),
        _ => None,
    }
}

impl Witness {
    fn body(&self, server: ServerId, firing: &FiringCounts) -> Option<Arc<[u8]>> {
        let latest = (self.latest)(server)?;
        let counts = firing.of(server);
        let snapshot = AlertSnapshot::of(latest.at, &latest.whole(), counts, &self.weights);
        packed(&snapshot)
            .inspect_err(|error| tracing::error!(%error, "no snapshot of a server was taken"))
            .ok()
    }
}

fn packed(snapshot: &AlertSnapshot) -> std::io::Result<Arc<[u8]>> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&serde_json::to_vec(snapshot)?)?;
    Ok(packed.finish()?.into())
}

/// The snapshot that was kept.
pub(super) fn read(body: &[u8]) -> Result<AlertSnapshot, StoreError> {
    let unpacked = DeflateDecoder::new(body).take(MOST_BYTES);
    serde_json::from_reader(unpacked).map_err(|_| StoreError::Corrupt {
        what: "snapshot of an alert",
    })
}
