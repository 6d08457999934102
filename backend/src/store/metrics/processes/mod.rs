//! Lists of processes: one row each when they come, one row a window once that is over. Reads and
//! writes them; never samples.

mod cells;
mod fields;
mod list;
mod order;
mod pack;
mod tracks;

use common::host::Process;
use common::ids::ServerId;
use common::time::UnixMs;

pub(super) use list::encode;

use super::Metrics;
use super::head::{GRACE_MS, WINDOW_MS, window_of};
use crate::store::Connection;
use crate::store::actor::Actor;
use crate::store::error::StoreError;
use crate::store::readers::snapshot;
use crate::store::tables::{self, process_pack::NewProcessPack, processes::ListRow};

const ACTOR: Actor = Actor::System("pack processes");
/// Lists are looked for this far back.
const BACK_MS: i64 = 60_000;
/// Windows of one server that are packed at once. An earlier version kept single lists for a
/// month: they are converted beside the work, not before it.
const WINDOWS: usize = 16;

/// A moment in milliseconds, and the processes of then.
type List = (i64, Vec<Process>);

/// Bytes that are no pack of lists, or a damaged one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a damaged pack of lists of processes")]
struct BadLists;

/// How many lists a pack has, each of them decoded; `None` when it cannot be read whole.
pub(in crate::store) fn lists_in(body: &[u8]) -> Option<u64> {
    let lists = pack::decode(body).ok()?;
    u64::try_from(lists.len()).ok()
}

impl Metrics {
    /// The newest processes at `at` or up to a minute before it; `None` when there are none. What
    /// cannot be read is skipped and counted.
    pub async fn processes_at(
        &self,
        server: ServerId,
        at: UnixMs,
    ) -> Result<Option<(UnixMs, Vec<Process>)>, StoreError> {
        let since = at.plus_ms(-BACK_MS);
        let newest = self
            .database
            .read(move |conn| Newest::find(conn, server, since, at))
            .await?;
        self.report_corrupt(server, newest.corrupt);
        let found = newest.list;
        Ok(found.map(|(read_at, list)| (UnixMs(read_at), list)))
    }

    /// Packs lists of windows that ended by `now`, a bounded number; how many windows there were.
    /// A list that comes late is packed with a later call, and lies above what was packed before.
    pub(super) fn pack_processes(&self, now: UnixMs) -> Result<usize, StoreError> {
        let before = window_of(now.0.saturating_sub(GRACE_MS));
        let servers = snapshot(self.database.readers(), |conn| {
            tables::processes::servers_before(conn, before)
        })?;
        let servers = servers.into_iter();
        servers
            .map(|server| self.pack_lists_of(server, before))
            .sum()
    }

    fn pack_lists_of(&self, server: ServerId, before: i64) -> Result<usize, StoreError> {
        let (mut from, mut packed) = (i64::MIN, 0);
        while packed < WINDOWS {
            let rows = snapshot(self.database.readers(), |conn| {
                let first = tables::processes::first_in(conn, server, &(from..before))?;
                let Some(first) = first else {
                    return Ok::<_, StoreError>(Vec::new());
                };
                let end = window_of(first).saturating_add(WINDOW_MS);
                tables::processes::in_range(conn, server, &(first..end))
            })?;
            let Some(last) = rows.last() else {
                return Ok(packed);
            };
            // Also past what stays: what was replaced in between, or cannot be read.
            from = last.at.0.0.saturating_add(1);
            packed += usize::from(self.pack_lists(server, rows)?);
        }
        Ok(packed)
    }

    /// Stores lists as one row in the place of theirs; `false` when none of them can be read. Such a
    /// one stays where it is.
    fn pack_lists(&self, server: ServerId, mut rows: Vec<ListRow>) -> Result<bool, StoreError> {
        let mut lists: Vec<List> = Vec::with_capacity(rows.len());
        rows.retain(|row| {
            let list = list::decode(&row.body);
            let is_list = list.is_some();
            lists.extend(list.map(|list| (row.at.0.0, list)));
            is_list
        });
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(false);
        };
        let (first_at, last_at) = (first.at.0, last.at.0);
        let body = pack::encode(&lists)?;
        let new = NewProcessPack::new(server, first_at, last_at, lists.len(), body);
        self.database.change_blocking(ACTOR, move |conn| {
            // A list that was replaced in between stays, above what is packed.
            tables::processes::remove(conn, server, &rows)?;
            tables::process_pack::add(conn, &new)
        })?;
        Ok(true)
    }
}

/// What was found, and how many rows could not be read.
#[derive(Default)]
struct Newest {
    list: Option<List>,
    corrupt: u64,
}

impl Newest {
    /// The newest list with `since ≤ time ≤ at`. Of several of one time that which came last: a
    /// single one lies above packs, a later pack above an earlier one.
    fn find(
        conn: &mut Connection,
        server: ServerId,
        since: UnixMs,
        at: UnixMs,
    ) -> Result<Self, StoreError> {
        let mut newest = Self::default();
        let range = since.0..at.0.saturating_add(1);
        let mut rows = tables::processes::in_range(conn, server, &range)?;
        while let (Some(row), None) = (rows.pop(), &newest.list) {
            match list::decode(&row.body) {
                Some(list) => newest.list = Some((row.at.0.0, list)),
                None => newest.corrupt += 1,
            }
        }
        for body in tables::process_pack::around(conn, server, &range)? {
            match pack::decode(&body) {
                Ok(lists) => newest.take(lists.into_iter().filter(|(at, _)| range.contains(at))),
                Err(BadLists) => newest.corrupt += 1,
            }
        }
        Ok(newest)
    }

    /// Takes what is newer.
    fn take(&mut self, lists: impl Iterator<Item = List>) {
        let known = self.list.as_ref().map(|(at, _)| *at);
        let last = lists.max_by_key(|(at, _)| *at);
        if let Some(last) = last.filter(|(at, _)| known.is_none_or(|known| known < *at)) {
            self.list = Some(last);
        }
    }
}
