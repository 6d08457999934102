//! Table `frame`: samples that lie in no pack yet, one row a server and moment; never what the bytes mean.

use common::ids::ServerId;
use common::time::UnixMs;
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer};

use super::{Blob, Moment};
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

/// Stores a frame; its number, or `None` when there is one of that server and moment already.
pub fn add(
    conn: &mut SqliteConnection,
    server: ServerId,
    at: UnixMs,
    body: &[u8],
) -> Result<Option<i64>, StoreError> {
    Ok(diesel::insert_into(frame::table)
        .values((
            frame::server.eq(Blob(server)),
            frame::at.eq(Moment(at)),
            frame::body.eq(body),
        ))
        .on_conflict_do_nothing()
        .returning(frame::id)
        .get_result(conn)
        .optional()?)
}

/// The bytes of the frame of a server and moment; `None` when there is none.
pub fn find(
    conn: &mut SqliteConnection,
    server: ServerId,
    at: UnixMs,
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(frame::table
        .filter(frame::server.eq(Blob(server)))
        .filter(frame::at.eq(Moment(at)))
        .select(frame::body)
        .first(conn)
        .optional()?)
}

/// Replaces the frame of a server and moment; its number, which is the highest from now on.
pub fn replace(
    conn: &mut SqliteConnection,
    server: ServerId,
    at: UnixMs,
    body: &[u8],
) -> Result<i64, StoreError> {
    let highest: Option<i64> = frame::table.select(max(frame::id)).first(conn)?;
    let id = highest.unwrap_or_default() + 1;
    diesel::update(frame::table)
        .filter(frame::server.eq(Blob(server)))
        .filter(frame::at.eq(Moment(at)))
        .set((frame::id.eq(id), frame::body.eq(body)))
        .execute(conn)?;
    Ok(id)
}

/// The next `count` frames whose numbers are above `id`, in the order of their numbers.
pub fn after(
    conn: &mut SqliteConnection,
    id: i64,
    count: i64,
) -> Result<Vec<FrameRow>, StoreError> {
    Ok(frame::table
        .filter(frame::id.gt(id))
        .order(frame::id)
        .limit(count)
        .load(conn)?)
}

/// How many frames there are.
pub fn count(conn: &mut SqliteConnection) -> Result<u64, StoreError> {
    let count: i64 = frame::table.count().get_result(conn)?;
    Ok(count.unsigned_abs())
}

/// The time of the newest frame; `None` when there is none.
pub fn newest(conn: &mut SqliteConnection) -> Result<Option<i64>, StoreError> {
    Ok(frame::table.select(max(frame::at)).first(conn)?)
}

/// The first bytes of every frame, which name its layout.
pub fn heads(conn: &mut SqliteConnection, length: i32) -> Result<Vec<Vec<u8>>, StoreError> {
    Ok(frame::table
        .select(substr(frame::body, 1, length))
        .distinct()
        .load(conn)?)
}

/// Removes the frames of a server with `from ≤ at < to` whose numbers are not above `last_id`.
pub fn remove(
    conn: &mut SqliteConnection,
    server: ServerId,
    range: &std::ops::Range<i64>,
    last_id: i64,
) -> Result<(), StoreError> {
    diesel::delete(frame::table)
        .filter(frame::server.eq(Blob(server)))
        .filter(frame::at.ge(range.start))
        .filter(frame::at.lt(range.end))
        .filter(frame::id.le(last_id))
        .execute(conn)?;
    Ok(())
}
