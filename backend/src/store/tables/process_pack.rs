//! Table `process_pack`: the lists of processes of a server in one window; never what the bytes mean.

use std::ops::Range;

use common::ids::ServerId;
use common::time::UnixMs;
use diesel::dsl::min;
use diesel::prelude::*;

use super::{Blob, Moment};
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::schema::process_pack;

/// Milliseconds between the first and the last list of a pack at most.
const MOST_MS: i64 = 300_000;

/// A new pack.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = process_pack)]
pub struct NewProcessPack {
    server: Blob<ServerId>,
    first_at: Moment,
    last_at: Moment,
    lists: i64,
    bytes: i64,
    body: Vec<u8>,
}

impl NewProcessPack {
    /// A pack of so many lists of a server, the first and the last of these moments.
    pub fn new(
        server: ServerId,
        first_at: UnixMs,
        last_at: UnixMs,
        lists: usize,
        body: Vec<u8>,
    ) -> Self {
        Self {
            server: Blob(server),
            first_at: Moment(first_at),
            last_at: Moment(last_at),
            lists: i64::try_from(lists).unwrap_or(i64::MAX),
            bytes: i64::try_from(body.len()).unwrap_or(i64::MAX),
            body,
        }
    }
}

/// A stored pack with what tells it from others.
#[derive(Debug, Clone, Queryable)]
pub struct WholeRow {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub server: Blob<ServerId>,
    /// The time of its first list.
    pub first_at: Moment,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// The next `count` packs whose numbers are above `id`, in the order of their numbers.
pub fn after(conn: &mut Connection, id: i64, count: i64) -> Result<Vec<WholeRow>, StoreError> {
    Ok(process_pack::table
        .filter(process_pack::id.gt(id))
        .order(process_pack::id)
        .limit(count)
        .select((
            process_pack::id,
            process_pack::server,
            process_pack::first_at,
            process_pack::body,
        ))
        .load(conn)?)
}

/// Stores a pack.
pub fn add(conn: &mut Connection, pack: &NewProcessPack) -> Result<(), StoreError> {
    diesel::insert_into(process_pack::table)
        .values(pack)
        .execute(conn)?;
    Ok(())
}

/// The bytes of the packs of a server that may have lists in `range`, the last that came first.
pub fn around(
    conn: &mut Connection,
    server: ServerId,
    range: &Range<i64>,
) -> Result<Vec<Vec<u8>>, StoreError> {
    Ok(process_pack::table
        .filter(process_pack::server.eq(Blob(server)))
        .filter(process_pack::first_at.gt(range.start.saturating_sub(MOST_MS)))
        .filter(process_pack::first_at.lt(range.end))
        .filter(process_pack::last_at.ge(range.start))
        .order(process_pack::id.desc())
        .select(process_pack::body)
        .load(conn)?)
}

/// The time of the first list in the packs of a server; `None` when there is none.
pub fn oldest(conn: &mut Connection, server: ServerId) -> Result<Option<i64>, StoreError> {
    Ok(process_pack::table
        .filter(process_pack::server.eq(Blob(server)))
        .select(min(process_pack::first_at))
        .first(conn)?)
}

/// How many lists are in packs of a server that hold nothing but lists from before a moment.
pub fn count_before(
    conn: &mut Connection,
    server: ServerId,
    before: i64,
) -> Result<usize, StoreError> {
    let lists: Vec<i64> = process_pack::table
        .filter(process_pack::server.eq(Blob(server)))
        .filter(process_pack::first_at.lt(before))
        .filter(process_pack::last_at.lt(before))
        .select(process_pack::lists)
        .load(conn)?;
    Ok(usize::try_from(lists.iter().sum::<i64>()).unwrap_or(usize::MAX))
}

/// Removes packs of a server that hold nothing but lists from before a moment, at most `count`, the
/// oldest first; how many lists they had.
pub fn remove_before(
    conn: &mut Connection,
    server: ServerId,
    before: i64,
    count: i64,
) -> Result<usize, StoreError> {
    let rows: Vec<(i64, i64)> = process_pack::table
        .filter(process_pack::server.eq(Blob(server)))
        .filter(process_pack::first_at.lt(before))
        .filter(process_pack::last_at.lt(before))
        .order(process_pack::first_at)
        .limit(count)
        .select((process_pack::id, process_pack::lists))
        .load(conn)?;
    let (ids, lists): (Vec<i64>, Vec<i64>) = rows.into_iter().unzip();
    diesel::delete(process_pack::table)
        .filter(process_pack::id.eq_any(ids))
        .execute(conn)?;
    Ok(usize::try_from(lists.iter().sum::<i64>()).unwrap_or(usize::MAX))
}
