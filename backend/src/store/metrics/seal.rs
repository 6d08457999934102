//! Windows into packs, and packs of windows into those of an hour: encoded off the writing thread,
//! stored in the transaction that removes what they replace. A crash in between loses nothing: what
//! was not committed is packed again.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use common::ids::ServerId;
use common::time::UnixMs;

use super::Metrics;
use super::dictionary::SeriesNumber;
use super::frame;
use super::head::{Window, WindowKey};
use super::pack::{BadPack, Effort, Packed, Reader, Writer};
use super::rollups;
use super::runs::{self, Part, Run};
use crate::query::{DAY_MS, HOUR_MS, Period, Rollup};
use crate::store::Connection;
use crate::store::actor::Actor;
use crate::store::error::StoreError;
use crate::store::readers::snapshot;
use crate::store::tables::aggregate::AggregateRow;
use crate::store::tables::pack::{ALL_SERIES, NewPack, PackRow, Span};
use crate::store::tables::{self, Blob, Word};

const ACTOR: Actor = Actor::System("seal");
/// A pack is finished when it has so many bytes: few rows, and little is read for one series. A little
/// more than what four pages of SQLite's hold beside its row: the rest lies with others on one page.
const PACK_BYTES: usize = 4 * (16_384 - 4) + 2_031;
/// Frames that are removed in one transaction: the writer is needed each second.
const FRAMES: i64 = 20_000;
/// What stays of packed frames for receivers that have not taken them: in packs late samples cannot be
/// told from those that were sent. A start reads them again.
const WAITING: Waiting = Waiting {
    frames: 10_000,
    bytes: 256 * 1024 * 1024,
};
/// An hour is sealed so long after its end, at the earliest.
const HOUR_GRACE_MS: i64 = 600_000;
/// The servers' hours are sealed spread over this time, not all at once.
const HOUR_SPREAD_MS: i64 = 2_400_000;

/// How much of packed frames may wait for receivers, the newest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    /// How many frames at most.
    pub(super) frames: i64,
    /// How many bytes they have at most, by the row.
    pub(super) bytes: i64,
}

impl Metrics {
    /// Packs the windows that ended by `now`, samples and processes; how many there were. What is
    /// late is packed with the next call, into packs of its own.
    pub async fn pack_windows(&self, now: UnixMs) -> Result<usize, StoreError> {
        self.blocking(move |metrics| {
            let windows = metrics.pack_now(now)?;
            metrics.pack_processes(now)?;
            Ok(windows)
        })
        .await
    }

    /// Seals the hours whose time has come by `now`; how many there were.
    pub async fn seal_hours(&self, now: UnixMs) -> Result<usize, StoreError> {
        let _alone = self.removing.lock().await;
        self.blocking(move |metrics| {
            let before = now.0 - HOUR_MS - HOUR_GRACE_MS;
            let hours = snapshot(metrics.database.readers(), |conn| {
                tables::pack::unsealed_hours(conn, before)
            })?;
            let mut sealed = 0;
            for (server, hour) in hours {
                if hour + HOUR_MS + HOUR_GRACE_MS + spread(server) <= now.0 {
                    sealed += usize::from(metrics.seal_hour(server, hour)?);
                }
            }
            Ok(sealed)
        })
        .await
    }

    /// Removes the layouts that no frame has any more: series that come and go make new ones without
    /// end. How many there were.
    pub async fn drop_layouts(&self) -> Result<usize, StoreError> {
        let dictionary = Arc::clone(&self.dictionary);
        self.database
            .change(ACTOR, move |conn| {
                let heads = tables::frame::heads(conn, frame::START, frame::HEAD)?;
                let used = heads.iter().flat_map(|head| frame::layouts(head)).collect();
                let removed = tables::series::remove_other_layouts(conn, &used)?;
                // Before the commit: what is appended next in this transaction must not use them.
                let mut dictionary = dictionary.write().unwrap_or_else(PoisonError::into_inner);
                dictionary.forget_layouts(&removed);
                Ok(removed.len())
            })
            .await
    }

    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let metrics = self.clone();
        match tokio::task::spawn_blocking(move || work(&metrics)).await {
            Ok(done) => done,
            Err(error) if error.is_panic() => Err(StoreError::Panicked),
            Err(_) => Err(StoreError::Closed),
        }
    }

    /// Packs early what is too much for memory, whatever the time.
    pub(super) fn pack_surplus(&self) -> Result<(), StoreError> {
        self.pack_now(UnixMs(i64::MIN)).map(drop)
    }

    fn pack_now(&self, now: UnixMs) -> Result<usize, StoreError> {
        let windows = {
            let mut head = self.head.write().unwrap_or_else(PoisonError::into_inner);
            head.close(now)
        };
        for (key, window) in &windows {
            self.pack_window(*key, window)?;
        }
        if !windows.is_empty() {
            self.remove_packed_frames(WAITING)?;
        }
        Ok(windows.len())
    }

    /// Removes the frames whose samples all lie in packs. They go after the packs were committed and
    /// together, page by page; what a crash leaves of them is packed once more and is the same.
    pub(super) fn remove_packed_frames(&self, most: Waiting) -> Result<(), StoreError> {
        let first_id = self.head().first_id();
        let remove = move |conn: &mut Connection| {
            let taken = tables::forward::taken_by_all(conn)?;
            let wanted = taken.map_or(first_id, |taken| taken.saturating_add(1));
            let keep = wanted.clamp(first_id.saturating_sub(most.frames), first_id);
            let keep = tables::frame::from_within(conn, keep, first_id, most.bytes)?;
            tables::frame::remove_before(conn, keep, FRAMES)
        };
        while self.database.change_blocking(ACTOR, remove)? {}
        Ok(())
    }

    fn pack_window(&self, key: WindowKey, window: &Arc<Window>) -> Result<(), StoreError> {
        let (server, _) = key;
        let all = i64::MIN..i64::MAX;
        let mut packer = Packer::new(server, Span::Window);
        for number in window.series() {
            packer.add(number, &window.samples(number, &all));
        }
        let packs = self.numbered(packer.finish());
        self.database
            .change_blocking(ACTOR, move |conn| tables::pack::add(conn, &packs))?;
        self.listed.changed(server);
        let mut head = self.head.write().unwrap_or_else(PoisonError::into_inner);
        head.forget(key, window);
        Ok(())
    }

    /// Seals the hours that begin in `range`, whatever the time; how many.
    pub(super) fn seal_range(&self, range: &Range<i64>, force: bool) -> Result<usize, StoreError> {
        self.pack_now(UnixMs(range.end.saturating_add(HOUR_MS)))?;
        let servers: Vec<ServerId> = self.dictionary().servers().collect();
        let mut sealed = 0;
        for server in servers {
            let hours: BTreeSet<i64> = snapshot(self.database.readers(), |conn| {
                if force {
                    return tables::pack::hours(conn, server, range);
                }
                let hours = tables::pack::window_hours(conn, server, range)?;
                Ok::<_, StoreError>(hours.into_iter().collect())
            })?;
            for hour in hours.into_iter().filter(|hour| range.contains(hour)) {
                sealed += usize::from(self.seal_hour(server, hour)?);
            }
        }
        Ok(sealed)
    }

    /// Seals one hour; `false` when it holds damaged packs, which stay where they are.
    fn seal_hour(&self, server: ServerId, hour: i64) -> Result<bool, StoreError> {
        if self.damaged().contains(&(server, hour)) {
            return Ok(false);
        }
        let rows = self.packs_of(server, &(hour..hour + HOUR_MS))?;
        let Ok((packs, aggregates)) = sealed(server, hour, &rows) else {
            // Said once: it is looked at again with the next start.
            self.damaged().insert((server, hour));
            self.report_corrupt(server, 1);
            return Ok(false);
        };
        let packs = self.numbered(packs);
        let replaced: Vec<i64> = rows.iter().map(|row| row.id).collect();
        self.database.change_blocking(ACTOR, move |conn| {
            tables::pack::remove(conn, &replaced)?;
            tables::pack::add(conn, &packs)?;
            tables::aggregate::put(conn, Period::Hour, &aggregates)?;
            tables::stale_day::mark(conn, server, hour.div_euclid(DAY_MS))
        })?;
        self.listed.changed(server);
        Ok(true)
    }

    /// Packs with numbers that no pack had since the start.
    fn numbered(&self, packs: Vec<PackOf>) -> Vec<NewPack> {
        let number = |pack: PackOf| pack.numbered(self.next_pack.fetch_add(1, Ordering::Relaxed));
        packs.into_iter().map(number).collect()
    }

    fn damaged(&self) -> MutexGuard<'_, BTreeSet<(ServerId, i64)>> {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn packs_of(&self, server: ServerId, range: &Range<i64>) -> Result<Vec<PackRow>, StoreError> {
        snapshot(self.database.readers(), |conn| {
            let mut rows = Vec::new();
            for entry in tables::pack::reaching(conn, &[server], range, ALL_SERIES)? {
                rows.extend(tables::pack::get(conn, entry.id)?);
            }
            // A sealed hour is older than any window that came after it.
            rows.sort_by_key(|row| (row.span.0 == Span::Window, row.id));
            Ok::<_, StoreError>(rows)
        })
    }
}

/// Later or earlier in the time in which hours are sealed, always the same for a server.
fn spread(server: ServerId) -> i64 {
    let hash = i64::from(crc32fast::hash(server.0.as_bytes()));
    hash.rem_euclid(HOUR_SPREAD_MS)
}

/// The packs of an hour with the samples of `rows`, each once, those of later packs in the place of
/// earlier ones; and what each series came down to.
fn sealed(
    server: ServerId,
    hour: i64,
    rows: &[PackRow],
) -> Result<(Vec<PackOf>, Vec<AggregateRow>), BadPack> {
    let readers: Result<Vec<Reader>, BadPack> =
        rows.iter().map(|row| Reader::open(&row.body)).collect();
    let mut readers = readers?;
    let series: BTreeSet<SeriesNumber> = readers.iter().flat_map(Reader::series).collect();
    let mut packer = Packer::new(server, Span::Hour);
    let mut aggregates = Vec::with_capacity(series.len());
    // One series after the other: an hour of all of them would not be small in memory.
    for number in series {
        let mut found = Vec::new();
        for reader in &mut readers {
            if let Some((times, values)) = reader.samples(number)? {
                found.push((times, values));
            }
        }
        let found: Vec<Part> = found
            .iter()
            .map(|(times, values)| (&**times, &**values))
            .collect();
        let run = runs::merge(&found);
        packer.add(number, &run);
        let rollup = Rollup::of(&run.1);
        aggregates
            .extend(rollup.and_then(|rollup| rollups::row(number, Period::Hour, hour, &rollup)));
    }
    Ok((packer.finish(), aggregates))
}

fn effort(span: Span) -> Effort {
    match span {
        Span::Window => Effort::Little,
        Span::Hour => Effort::Much,
    }
}

/// A finished pack that has no number yet.
struct PackOf {
    server: ServerId,
    span: Span,
    packed: Packed,
}

impl PackOf {
    fn numbered(self, id: i64) -> NewPack {
        let Packed {
            series,
            span,
            samples,
            body,
        } = self.packed;
        NewPack {
            id,
            server: Blob(self.server),
            span: Word(self.span),
            first_at: span.0,
            last_at: span.1,
            first_series: series.0.into(),
            last_series: series.1.into(),
            samples: i64::try_from(samples).unwrap_or(i64::MAX),
            bytes: i64::try_from(body.len()).unwrap_or(i64::MAX),
            body,
        }
    }
}

/// Packs of a server in the making.
struct Packer {
    server: ServerId,
    span: Span,
    writer: Writer,
    packs: Vec<PackOf>,
}

impl Packer {
    fn new(server: ServerId, span: Span) -> Self {
        Self {
            server,
            span,
            writer: Writer::new(effort(span)),
            packs: Vec::new(),
        }
    }

    /// Adds a series; their numbers ascend.
    fn add(&mut self, number: SeriesNumber, (times, values): &Run) {
        self.writer.add(number, times, values);
        if self.writer.size() >= PACK_BYTES {
            self.end_pack();
        }
    }

    fn finish(mut self) -> Vec<PackOf> {
        self.end_pack();
        self.packs
    }

    fn end_pack(&mut self) {
        if self.writer.size() == 0 {
            return;
        }
        let packed = std::mem::replace(&mut self.writer, Writer::new(effort(self.span)));
        self.packs.push(PackOf {
            server: self.server,
            span: self.span,
            packed: packed.finish(),
        });
    }
}
