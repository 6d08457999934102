//! Which packs servers have, kept in memory from when somebody asks until they change; never their bytes.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use common::ids::ServerId;

use super::Metrics;
use crate::query::{HOUR_MS, QueryError};
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::tables::pack::{self, PackEntry};

/// Packs of one server that are kept; of more the database is asked each time.
const MOST: usize = 1_024;

/// What a question asks of packs: the range, and the lowest and the highest number of its series.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) range: &'a Range<i64>,
    pub(super) series: (u32, u32),
}

/// Lists by server.
#[derive(Debug, Default)]
pub(super) struct Listed(RwLock<HashMap<ServerId, Slot>>);

/// What is known of the packs of a server.
#[derive(Debug, Default)]
struct Slot {
    /// How often they changed since the start.
    changes: u64,
    list: Option<List>,
}

/// All packs of a server that may have samples from the start of an hour on, by their numbers: no pack
/// has samples of two hours.
#[derive(Debug)]
struct List {
    from_ms: i64,
    entries: Arc<[PackEntry]>,
}

impl Listed {
    /// Forgets the list of a server. To be called when its packs have changed, before what they
    /// hold is taken out of the head: who finds it neither there nor in a list would miss it.
    pub(super) fn changed(&self, server: ServerId) {
        let mut slots = self.write();
        let slot = slots.entry(server).or_default();
        slot.changes += 1;
        slot.list = None;
    }

    /// The packs of a server that are wanted, from memory alone; `None` when they are not there, or
    /// somebody is about to change them.
    pub(super) fn at_hand(&self, server: ServerId, wanted: Wanted<'_>) -> Option<Vec<PackEntry>> {
        let slots = self.0.try_read().ok()?;
        let list = slots.get(&server)?.list.as_ref()?;
        let is_whole = list.from_ms <= wanted.range.start;
        is_whole.then(|| wanted.of(&list.entries))
    }

    /// How often the packs of a server changed.
    fn changes(&self, server: ServerId) -> u64 {
        let slots = self.0.read().unwrap_or_else(PoisonError::into_inner);
        slots.get(&server).map_or(0, |slot| slot.changes)
    }

    /// Keeps a list, unless the packs have changed since `changes` was read.
    fn keep(&self, server: ServerId, changes: u64, list: List) {
        let mut slots = self.write();
        let slot = slots.entry(server).or_default();
        if slot.changes == changes {
            slot.list = Some(list);
        }
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<ServerId, Slot>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wanted<'_> {
    fn of(&self, entries: &[PackEntry]) -> Vec<PackEntry> {
        let (lowest, highest) = self.series;
        let is_wanted = |entry: &&PackEntry| {
            entry.first_at < self.range.end
                && entry.last_at >= self.range.start
                && entry.first_series <= i64::from(highest)
                && entry.last_series >= i64::from(lowest)
        };
        entries.iter().filter(is_wanted).cloned().collect()
    }
}

impl Metrics {
    /// Looks into the packs of `servers` that are wanted, in the order of their numbers, on one
    /// consistent snapshot. `look` begins anew when one of them has gone in the meantime.
    pub(super) fn look_into_packs(
        &self,
        servers: &[ServerId],
        wanted: Wanted<'_>,
        mut look: impl FnMut(&mut Connection, &[PackEntry]) -> Result<(), QueryError>,
    ) -> Result<(), QueryError> {
        // Before the snapshot: what changes from here on makes its list one that is not kept.
        let asked = servers.iter();
        let asked: Vec<(ServerId, u64)> = asked
            .map(|server| (*server, self.listed.changes(*server)))
            .collect();
        super::snapshot(self.database.readers(), |conn| {
            let mut entries = Vec::new();
            for (server, changes) in asked {
                entries.extend(self.entries(conn, (server, changes), wanted)?);
            }
            entries.sort_unstable_by_key(|entry| entry.id);
            match look(conn, &entries) {
                // The list is older than the snapshot, which knows what came in its place.
                Err(QueryError::NotInMemory) => {
                    let entries = pack::reaching(conn, servers, wanted.range, wanted.series)?;
                    look(conn, &entries)
                }
                outcome => outcome,
            }
        })
    }

    fn entries(
        &self,
        conn: &mut Connection,
        (server, changes): (ServerId, u64),
        wanted: Wanted<'_>,
    ) -> Result<Vec<PackEntry>, StoreError> {
        if let Some(entries) = self.listed.at_hand(server, wanted) {
            return Ok(entries);
        }
        // Whole hours: the next question begins a little later.
        let from_ms = wanted.range.start.saturating_sub(HOUR_MS);
        let from_ms = from_ms.saturating_sub(from_ms.rem_euclid(HOUR_MS));
        let entries = pack::since(conn, server, from_ms, MOST + 1)?;
        if entries.len() > MOST {
            return pack::reaching(conn, &[server], wanted.range, wanted.series);
        }
        let found = wanted.of(&entries);
        let entries = entries.into();
        self.listed.keep(server, changes, List { from_ms, entries });
        Ok(found)
    }
}

#[cfg(test)]
impl Listed {
    /// Takes the list of a server away, for [`Listed::put`].
    pub(super) fn take(&self, server: ServerId) -> Option<(i64, Arc<[PackEntry]>)> {
        let list = self.write().get_mut(&server)?.list.take()?;
        Some((list.from_ms, list.entries))
    }

    /// Puts back a list that is not true any more.
    pub(super) fn put(&self, server: ServerId, list: Option<(i64, Arc<[PackEntry]>)>) {
        let (from_ms, entries) = list.unwrap_or_else(|| panic!("nothing was listed"));
        self.keep(server, self.changes(server), List { from_ms, entries });
    }
}
