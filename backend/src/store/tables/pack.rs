//! Table `pack`: samples of many series of one server; never what the bytes mean.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use common::ids::ServerId;
use diesel::dsl::{auto_type, max, min, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use serde::{Deserialize, Serialize};

use super::{Blob, Word};
use crate::query::{HOUR_MS, Period};
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::schema::pack;

/// Servers that are asked about in one statement.
const TOGETHER: usize = 500;

/// What a pack covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// Minutes; what it holds replaces what the hour holds.
    Window,
    /// An hour, sealed.
    Hour,
}

/// A new pack.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = pack)]
pub struct NewPack {
    /// Its number, higher than that of any before it.
    pub id: i64,
    /// Whose.
    pub server: Blob<ServerId>,
    /// What it covers.
    pub span: Word<Span>,
    /// The first time of a sample.
    pub first_at: i64,
    /// The last time of a sample.
    pub last_at: i64,
    /// The lowest number of its series.
    pub first_series: i64,
    /// The highest number of its series.
    pub last_series: i64,
    /// How many samples it has.
    pub samples: i64,
    /// The length of its bytes.
    pub bytes: i64,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// A stored pack.
#[derive(Debug, Clone, Queryable)]
pub struct PackRow {
    /// Its number; a later one has a higher one.
    pub id: i64,
    /// What it covers.
    pub span: Word<Span>,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// A stored pack with what tells it from others.
#[derive(Debug, Clone, Queryable)]
pub struct WholeRow {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub server: Blob<ServerId>,
    /// The first time of a sample.
    pub first_at: i64,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// The next `count` packs whose numbers are above `id`, in the order of their numbers.
pub fn after(conn: &mut Connection, id: i64, count: i64) -> Result<Vec<WholeRow>, StoreError> {
    Ok(pack::table
        .filter(pack::id.gt(id))
        .order(pack::id)
        .limit(count)
        .select((pack::id, pack::server, pack::first_at, pack::body))
        .load(conn)?)
}

/// Stores packs.
pub fn add(conn: &mut Connection, packs: &[NewPack]) -> Result<(), StoreError> {
    for one in packs {
        diesel::insert_into(pack::table).values(one).execute(conn)?;
    }
    Ok(())
}

/// How many packs there are.
pub fn count(conn: &mut Connection) -> Result<u64, StoreError> {
    let count: i64 = pack::table.count().get_result(conn)?;
    Ok(count.unsigned_abs())
}

/// When the first and the last pack begin; `None` when there is none.
pub fn first_and_last(conn: &mut Connection) -> Result<Option<(i64, i64)>, StoreError> {
    let first: Option<i64> = pack::table.select(min(pack::first_at)).first(conn)?;
    let last: Option<i64> = pack::table.select(max(pack::first_at)).first(conn)?;
    Ok(first.zip(last))
}

/// A pack that may have what is looked for, as an index knows it.
#[derive(Debug, Clone, Queryable)]
pub struct PackEntry {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub server: Blob<ServerId>,
    /// The lowest number of its series.
    pub first_series: i64,
    /// The highest number of its series.
    pub last_series: i64,
    /// The first time of a sample in it.
    pub first_at: i64,
    /// The last time of a sample in it.
    pub last_at: i64,
}

impl PackEntry {
    /// The numbers between which those of its series lie.
    pub fn series(&self) -> RangeInclusive<u32> {
        let first = u32::try_from(self.first_series).unwrap_or_default();
        first..=u32::try_from(self.last_series).unwrap_or(u32::MAX)
    }
}

/// The columns of a [`PackEntry`]; an index has them all.
type Entry = (
    pack::id,
    pack::server,
    pack::first_series,
    pack::last_series,
    pack::first_at,
    pack::last_at,
);
const ENTRY: Entry = (
    pack::id,
    pack::server,
    pack::first_series,
    pack::last_series,
    pack::first_at,
    pack::last_at,
);

/// Every series.
pub const ALL_SERIES: (u32, u32) = (0, u32::MAX);

/// The packs of `servers` that may have samples of `range` and of series in `series` (the lowest and the
/// highest number), in the order of their numbers. An index alone is read.
pub fn reaching(
    conn: &mut Connection,
    servers: &[ServerId],
    range: &Range<i64>,
    series: (u32, u32),
) -> Result<Vec<PackEntry>, StoreError> {
    let inside = pack::table.filter(reaches(
        range.start,
        range.end,
        i64::from(series.0),
        i64::from(series.1),
    ));
    let inside = inside.select(ENTRY);
    let mut found: Vec<PackEntry> = Vec::new();
    if let [server] = servers {
        // Prepared once, as a list of servers cannot be.
        found = inside.filter(pack::server.eq(Blob(*server))).load(conn)?;
    } else {
        for some in servers.chunks(TOGETHER) {
            let some: Vec<Blob<ServerId>> = some.iter().copied().map(Blob).collect();
            let entries: Vec<PackEntry> = inside.filter(pack::server.eq_any(some)).load(conn)?;
            found.extend(entries);
        }
    }
    found.sort_unstable_by_key(|entry| entry.id);
    Ok(found)
}

/// The packs of a server that begin at a moment or later, at most `most` of them, in the order of their numbers.
pub fn since(
    conn: &mut Connection,
    server: ServerId,
    from_ms: i64,
    most: usize,
) -> Result<Vec<PackEntry>, StoreError> {
    let inside = pack::table
        .filter(pack::server.eq(Blob(server)))
        .filter(pack::first_at.ge(from_ms));
    let mut found: Vec<PackEntry> = inside
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select(ENTRY)
        .load(conn)?;
    found.sort_unstable_by_key(|entry| entry.id);
    Ok(found)
}

/// Those that may have samples of `start ≤ time < end` and of series from `lowest` to `highest`.
#[auto_type(no_type_alias)]
fn reaches(start: i64, end: i64, lowest: i64, highest: i64) -> _ {
    let begun_after: i64 = start.saturating_sub(HOUR_MS);
    pack::first_at
        .gt(begun_after)
        .and(pack::first_at.lt(end))
        .and(pack::last_at.ge(start))
        .and(pack::first_series.le(highest))
        .and(pack::last_series.ge(lowest))
}

/// How many samples the packs of a server have that may have some of `range` and of series in
/// `series`: lowest and highest number of their series, and samples. The index alone is read.
pub fn sample_counts(
    conn: &mut Connection,
    server: ServerId,
    range: &Range<i64>,
    series: (u32, u32),
) -> Result<Vec<(i64, i64, i64)>, StoreError> {
    Ok(pack::table
        .filter(pack::server.eq(Blob(server)))
        .filter(reaches(
            range.start,
            range.end,
            i64::from(series.0),
            i64::from(series.1),
        ))
        .group_by((pack::first_series, pack::last_series))
        .select((
            pack::first_series,
            pack::last_series,
            sql::<BigInt>("CAST(SUM(samples) AS BIGINT)"),
        ))
        .load(conn)?)
}

/// A pack by its number; `None` when it is not there any more.
pub fn get(conn: &mut Connection, id: i64) -> Result<Option<PackRow>, StoreError> {
    let found = pack::table
        .filter(pack::id.eq(id))
        .select((pack::id, pack::span, pack::body));
    Ok(found.first(conn).optional()?)
}

/// The highest number of a pack; 0 when there is none.
pub fn last_number(conn: &mut Connection) -> Result<i64, StoreError> {
    let last: Option<i64> = pack::table.select(max(pack::id)).first(conn)?;
    Ok(last.unwrap_or_default())
}

/// The hours of a server in `range`, by their starts, that have packs.
pub fn hours(
    conn: &mut Connection,
    server: ServerId,
    range: &Range<i64>,
) -> Result<BTreeSet<i64>, StoreError> {
    let starts: Vec<i64> = pack::table
        .filter(pack::server.eq(Blob(server)))
        .filter(pack::first_at.ge(range.start))
        .filter(pack::first_at.lt(range.end))
        .select(pack::first_at)
        .load(conn)?;
    Ok(starts.into_iter().map(hour_of).collect())
}

/// A first and a last time between which all samples of a server in `range` lie; `None` when there
/// is no pack.
pub fn extent(
    conn: &mut Connection,
    server: ServerId,
    range: &Range<i64>,
) -> Result<Option<(i64, i64)>, StoreError> {
    let inside = pack::table
        .filter(pack::server.eq(Blob(server)))
        .filter(pack::first_at.gt(range.start.saturating_sub(HOUR_MS)))
        .filter(pack::first_at.lt(range.end))
        .filter(pack::last_at.ge(range.start));
    // Two questions: SQLite answers the first from the index, both at once by a scan.
    let first: Option<i64> = inside.select(min(pack::first_at)).first(conn)?;
    let newest: Option<i64> = inside.select(max(pack::first_at)).first(conn)?;
    let (Some(first), Some(newest)) = (first, newest) else {
        return Ok(None);
    };
    let last: Option<i64> = inside
        .filter(pack::first_at.gt(newest.saturating_sub(HOUR_MS)))
        .select(max(pack::last_at))
        .first(conn)?;
    let last = last.unwrap_or(newest).min(range.end.saturating_sub(1));
    Ok(Some((first.max(range.start), last)))
}

/// The hours, by server and start, that have packs of windows that began before `before_ms`.
pub fn unsealed_hours(
    conn: &mut Connection,
    before_ms: i64,
) -> Result<Vec<(ServerId, i64)>, StoreError> {
    let rows: Vec<(Blob<ServerId>, i64)> = pack::table
        .filter(is_window())
        .filter(pack::first_at.lt(before_ms))
        .select((pack::server, pack::first_at))
        .load(conn)?;
    let hours: BTreeSet<(ServerId, i64)> = rows
        .into_iter()
        .map(|(server, first_at)| (server.0, hour_of(first_at)))
        .collect();
    Ok(hours.into_iter().collect())
}

/// The hours of a server in `range`, by their starts, that have packs of windows.
pub fn window_hours(
    conn: &mut Connection,
    server: ServerId,
    range: &Range<i64>,
) -> Result<Vec<i64>, StoreError> {
    let starts: Vec<i64> = pack::table
        .filter(pack::server.eq(Blob(server)))
        .filter(is_window())
        .filter(pack::first_at.ge(range.start))
        .filter(pack::first_at.lt(range.end))
        .select(pack::first_at)
        .load(conn)?;
    Ok(starts.into_iter().map(hour_of).collect())
}

/// The packs of windows of a server that begin in `range`.
pub fn windows(
    conn: &mut Connection,
    server: ServerId,
    range: &Range<i64>,
) -> Result<Vec<i64>, StoreError> {
    Ok(pack::table
        .filter(pack::server.eq(Blob(server)))
        .filter(is_window())
        .filter(pack::first_at.ge(range.start))
        .filter(pack::first_at.lt(range.end))
        .select(pack::id)
        .load(conn)?)
}

/// In letters: an index has those alone, and is not used for a value that is bound later.
fn is_window() -> SqlLiteral<Bool> {
    sql("span = 'window'")
}

/// The hour of a moment, by its start.
fn hour_of(at: i64) -> i64 {
    Period::Hour.start(at)
}

/// Removes packs by their numbers; how many there were.
pub fn remove(conn: &mut Connection, ids: &[i64]) -> Result<usize, StoreError> {
    Ok(diesel::delete(pack::table)
        .filter(pack::id.eq_any(ids))
        .execute(conn)?)
}
