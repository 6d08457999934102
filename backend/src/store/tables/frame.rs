//! Table `frame`: samples that lie in no pack yet, one row for all that was written at once; never
//! what the bytes mean.

use common::time::UnixMs;
use diesel::dsl::{max, min, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};

use super::Moment;
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::schema::frame;

/// A stored row of frames.
#[derive(Debug, Clone, Queryable)]
pub struct FrameRow {
    /// The number of its last frame; the others have those before it.
    pub id: i64,
    /// How many frames it has.
    pub frames: i64,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// Stores a row whose last frame has the number `id`, higher than that of any before it.
pub fn add(
    conn: &mut Connection,
    id: i64,
    frames: u32,
    newest: UnixMs,
    body: &[u8],
) -> Result<(), StoreError> {
    diesel::insert_into(frame::table)
        .values((
            frame::id.eq(id),
            frame::frames.eq(i64::from(frames)),
            frame::newest_at.eq(Moment(newest)),
            frame::body.eq(body),
        ))
        .execute(conn)?;
    Ok(())
}

/// The next `count` rows whose numbers are above `id`, in the order of their numbers.
pub fn after(conn: &mut Connection, id: i64, count: i64) -> Result<Vec<FrameRow>, StoreError> {
    Ok(frame::table
        .filter(frame::id.gt(id))
        .order(frame::id)
        .limit(count)
        .select((frame::id, frame::frames, frame::body))
        .load(conn)?)
}

/// How many frames there are.
pub fn count(conn: &mut Connection) -> Result<u64, StoreError> {
    let count: i64 = frame::table
        .select(sql::<BigInt>("CAST(COALESCE(SUM(frames), 0) AS BIGINT)"))
        .first(conn)?;
    Ok(count.unsigned_abs())
}

/// The time of the newest frame; `None` when there is none.
pub fn newest(conn: &mut Connection) -> Result<Option<i64>, StoreError> {
    Ok(frame::table.select(max(frame::newest_at)).first(conn)?)
}

/// The first bytes of each row: so many, and so many more for each of its frames.
pub fn heads(conn: &mut Connection, start: usize, each: usize) -> Result<Vec<Vec<u8>>, StoreError> {
    let part = format!("substr(body, 1, CAST({start} + {each} * frames AS INTEGER))");
    Ok(frame::table.select(sql::<Binary>(&part)).load(conn)?)
}

/// The lowest number, `from` at least, from which the rows below `end` have at most `bytes` together.
pub fn from_within(
    conn: &mut Connection,
    from: i64,
    end: i64,
    bytes: i64,
) -> Result<i64, StoreError> {
    // Without reading the bytes: their length stands before them.
    let rows: Vec<(i64, i64)> = frame::table
        .filter(frame::id.ge(from))
        .filter(frame::id.lt(end))
        .order(frame::id.desc())
        .select((frame::id, sql::<BigInt>("CAST(length(body) AS BIGINT)")))
        .load(conn)?;
    let mut left = bytes;
    for (id, length) in rows {
        left -= length;
        if left < 0 {
            return Ok(id + 1);
        }
    }
    Ok(from)
}

/// Removes rows all of whose frames have numbers below `id`, the oldest first and about `count` frames
/// at most; whether there may be more of them.
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
