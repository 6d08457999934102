//! Table `frame`: samples that lie in no pack yet, one row a server and moment; never what the bytes mean.

use common::ids::ServerId;
use common::time::UnixMs;
use diesel::dsl::{max, min};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer};

use super::{Blob, Moment};
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::schema::frame;

#[diesel::declare_sql_function]
extern "SQL" {
    /// A part of some bytes; the first has number 1.
    fn substr(bytes: Binary, first: Integer, length: Integer) -> Binary;
}

/// A stored frame.
#[derive(Debug, Clone, Queryable)]
pub struct FrameRow {
    /// Its number; a later one has a higher one.
    pub id: i64,
    /// Whose.
    pub server: Blob<ServerId>,
    /// Of which moment.
    pub at: Moment,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// Stores a frame under a number that is higher than that of any before it.
pub fn add(
    conn: &mut Connection,
    id: i64,
    server: ServerId,
    at: UnixMs,
    body: &[u8],
) -> Result<(), StoreError> {
    diesel::insert_into(frame::table)
        .values((
            frame::id.eq(id),
            frame::server.eq(Blob(server)),
            frame::at.eq(Moment(at)),
            frame::body.eq(body),
        ))
        .execute(conn)?;
    Ok(())
}

/// The next `count` frames whose numbers are above `id`, in the order of their numbers.
pub fn after(conn: &mut Connection, id: i64, count: i64) -> Result<Vec<FrameRow>, StoreError> {
    Ok(frame::table
        .filter(frame::id.gt(id))
        .order(frame::id)
        .limit(count)
        .load(conn)?)
}

/// How many frames there are.
pub fn count(conn: &mut Connection) -> Result<u64, StoreError> {
    let count: i64 = frame::table.count().get_result(conn)?;
    Ok(count.unsigned_abs())
}

/// The time of the newest frame; `None` when there is none.
pub fn newest(conn: &mut Connection) -> Result<Option<i64>, StoreError> {
    Ok(frame::table.select(max(frame::at)).first(conn)?)
}

/// The first bytes of every frame, which name its layout.
pub fn heads(conn: &mut Connection, length: i32) -> Result<Vec<Vec<u8>>, StoreError> {
    Ok(frame::table
        .select(substr(frame::body, 1, length))
        .distinct()
        .load(conn)?)
}

/// Removes frames whose numbers are below `id`, the oldest first and about `count` at most; whether
/// there may be more of them.
pub fn remove_before(conn: &mut Connection, id: i64, count: i64) -> Result<bool, StoreError> {
    let first: Option<i64> = frame::table.select(min(frame::id)).first(conn)?;
    let Some(first) = first.filter(|first| *first < id) else {
        return Ok(false);
    };
    let end = id.min(first.saturating_add(count));
    diesel::delete(frame::table)
        .filter(frame::id.lt(end))
        .execute(conn)?;
    Ok(end < id)
}
