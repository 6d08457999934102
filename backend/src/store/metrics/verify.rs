//! Decodes every pack once; never keeps more than a few in memory.

use std::fmt;

use common::ids::ServerId;
use common::time::UnixMs;
use serde::Serialize;

use super::Metrics;
use super::pack::{BadPack, Reader};
use crate::store::Verified;
use crate::store::connection::snapshot;
use crate::store::error::StoreError;
use crate::store::tables;

/// Packs that are read in one short transaction: a long one lets the log of the file grow.
const PACKS: i64 = 16;

/// A pack that cannot be read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DamagedPack {
    /// Its number.
    pub id: i64,
    /// Whose samples.
    pub server: ServerId,
    /// The time of the first of them.
    pub first_at: UnixMs,
}

impl fmt::Display for DamagedPack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id,
            server,
            first_at,
        } = self;
        write!(f, "is pack {id} of server {server} from {first_at}")
    }
}

impl Metrics {
    /// Reads every pack; files are not looked at.
    pub(in crate::store) async fn verify_packs(&self) -> Result<Verified, StoreError> {
        self.blocking(|metrics| {
            let mut verified = Verified::default();
            let mut last = 0;
            loop {
                let rows = snapshot(metrics.database.readers(), |conn| {
                    tables::pack::after(conn, last, PACKS)
                })?;
                for row in &rows {
                    last = row.id;
                    verified.packs += 1;
                    match samples(&row.body) {
                        Ok(samples) => verified.samples += samples,
                        Err(BadPack) => verified.damaged_packs.push(DamagedPack {
                            id: row.id,
                            server: row.server.0,
                            first_at: UnixMs(row.first_at),
                        }),
                    }
                }
                if rows.is_empty() {
                    return Ok(verified);
                }
            }
        })
        .await
    }
}

/// How many samples a pack has, each of them decoded.
fn samples(body: &[u8]) -> Result<u64, BadPack> {
    let mut reader = Reader::open(body)?;
    let series: Vec<u32> = reader.series().collect();
    let mut count = 0;
    for number in series {
        let (times, _) = reader.samples(number)?.ok_or(BadPack)?;
        count += u64::try_from(times.len()).unwrap_or_default();
    }
    Ok(count)
}
