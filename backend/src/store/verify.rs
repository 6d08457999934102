//! Reads everything once and says what is damaged; never mends it.

use std::fmt;

use common::ids::ServerId;
use common::time::UnixMs;
use serde::Serialize;

use super::engine::{self, Engine};
use super::readers::{ReadPool, snapshot};
use super::{Store, StoreError, metrics, tables};

/// How closely the files are looked at; packs are always read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thoroughness {
    /// Pages and their links.
    Quick,
    /// Also that indexes and references agree with the rows: minutes for a large file.
    Full,
}

/// Packs that are read in one short transaction: a long one lets the log of the file grow.
const PACKS: i64 = 16;
/// Damage that a person reads at most of one file: more lines say nothing new.
const FAULTS: usize = 20;

/// What a pack holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Samples of series.
    Samples,
    /// Lists of processes.
    Processes,
}

/// A pack that cannot be read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DamagedPack {
    /// What it holds.
    pub content: Content,
    /// Its number.
    pub id: i64,
    /// Whose.
    pub server: ServerId,
    /// The time of the first in it.
    pub first_at: UnixMs,
}

impl fmt::Display for DamagedPack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            content,
            id,
            server,
            first_at,
        } = self;
        let content = match content {
            Content::Samples => "samples",
            Content::Processes => "processes",
        };
        write!(
            f,
            "is pack {id} of {content} of server {server} from {first_at}"
        )
    }
}

/// What was looked at and found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Verified {
    /// Packs that were read.
    pub packs: u64,
    /// Samples in them.
    pub samples: u64,
    /// Lists of processes in them.
    pub lists: u64,
    /// The packs that cannot be read whole.
    pub damaged_packs: Vec<DamagedPack>,
    /// What is wrong with the files themselves, as SQLite says it.
    pub faults: Vec<String>,
}

impl Verified {
    /// Whether nothing is damaged.
    pub fn is_whole(&self) -> bool {
        self.damaged_packs.is_empty() && self.faults.is_empty()
    }

    fn damaged(&mut self, content: Content, id: i64, server: ServerId, first_at: UnixMs) {
        self.damaged_packs.push(DamagedPack {
            content,
            id,
            server,
            first_at,
        });
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Read {} packs with {} samples", self.packs, self.samples)?;
        if self.is_whole() {
            return f.write_str(": all is whole.");
        }
        if let Some(first) = self.damaged_packs.first() {
            let count = self.damaged_packs.len();
            write!(f, "; {count} are damaged and skipped, the first {first}")?;
        }
        if let Some(fault) = self.faults.first() {
            let count = self.faults.len();
            write!(f, "; {count} faults in the files, the first: {fault}")?;
        }
        f.write_str(". Stop the server and restore a copy of the data directory from before.")
    }
}

impl Store {
    /// Reads both files and every pack, on the blocking pool.
    pub async fn verify(&self, how: Thoroughness) -> Result<Verified, StoreError> {
        let store = self.clone();
        let verify = move || {
            let metrics = store.metrics().database();
            let mut verified = packs(metrics.readers())?;
            for database in [&store.inner.state, metrics] {
                let faults = faults(database.engine(), database.readers(), how);
                verified.faults.extend(faults);
            }
            Ok(verified)
        };
        let verified = tokio::task::spawn_blocking(verify).await;
        verified.map_err(|_| StoreError::Panicked)?
    }
}

/// Decodes every pack of samples and of lists of processes once.
pub(super) fn packs(pool: &ReadPool) -> Result<Verified, StoreError> {
    let mut verified = Verified::default();
    let mut last = 0;
    loop {
        let rows = snapshot(pool, |conn| tables::pack::after(conn, last, PACKS))?;
        let Some(youngest) = rows.last() else { break };
        last = youngest.id;
        for row in &rows {
            verified.packs += 1;
            let samples = metrics::samples_in(&row.body);
            verified.samples += samples.unwrap_or_default();
            if samples.is_none() {
                let first_at = UnixMs(row.first_at);
                verified.damaged(Content::Samples, row.id, row.server.0, first_at);
            }
        }
    }
    last = 0;
    loop {
        let rows = snapshot(pool, |conn| tables::process_pack::after(conn, last, PACKS))?;
        let Some(youngest) = rows.last() else { break };
        last = youngest.id;
        for row in &rows {
            verified.packs += 1;
            let lists = metrics::lists_in(&row.body);
            verified.lists += lists.unwrap_or_default();
            if lists.is_none() {
                verified.damaged(Content::Processes, row.id, row.server.0, row.first_at.0);
            }
        }
    }
    Ok(verified)
}

/// What is wrong with a file, as SQLite says it; one that cannot be read is a fault as well. A
/// server looks after its own.
pub(super) fn faults(engine: &Engine, pool: &ReadPool, how: Thoroughness) -> Vec<String> {
    let is_quick = how == Thoroughness::Quick;
    let lines = snapshot(pool, |conn| engine::faults(conn, is_quick));
    let lines = lines.unwrap_or_else(|error| vec![error.to_string()]);
    let name = engine.short_name();
    let found = lines.into_iter().take(FAULTS);
    found.map(|line| format!("{name}: {line}")).collect()
}
