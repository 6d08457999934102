//! Tables `frame` and `processes`: one row a server and turn; never what the bytes mean.

use common::ids::ServerId;
use common::time::UnixMs;
use diesel::connection::DefaultLoadingMode;
use diesel::dsl::{max, min};
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::{Blob, Moment};
use crate::store::error::StoreError;
use crate::store::schema::{frame, processes};

/// Stores a frame; one of the same server and time is replaced.
pub fn put(
    conn: &mut SqliteConnection,
    server: ServerId,
    at: UnixMs,
    body: &[u8],
) -> Result<(), StoreError> {
    diesel::insert_into(frame::table)
        .values((
            frame::server.eq(Blob(server)),
            frame::at.eq(Moment(at)),
            frame::body.eq(body),
        ))
        .on_conflict((frame::server, frame::at))
        .do_update()
        .set(frame::body.eq(excluded(frame::body)))
        .execute(conn)?;
    Ok(())
}

/// Hands the frames of a server with `from ≤ at < to` to `take`, oldest first, one at a time.
pub fn each<E: From<StoreError>>(
    conn: &mut SqliteConnection,
    server: ServerId,
    range: std::ops::Range<i64>,
    mut take: impl FnMut(i64, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let rows = frame::table
        .filter(frame::server.eq(Blob(server)))
        .filter(frame::at.ge(range.start))
        .filter(frame::at.lt(range.end))
        .order(frame::at)
        .select((frame::at, frame::body))
        .load_iter::<(i64, Vec<u8>), DefaultLoadingMode>(conn)
        .map_err(StoreError::from)?;
    for row in rows {
        let (at, body) = row.map_err(StoreError::from)?;
        take(at, &body)?;
    }
    Ok(())
}

/// The times of the first and the last frame with `from ≤ at < to`; `None` when there is none.
pub fn span(
    conn: &mut SqliteConnection,
    server: ServerId,
    range: &std::ops::Range<i64>,
) -> Result<Option<(i64, i64)>, StoreError> {
    let inside = frame::table
        .filter(frame::server.eq(Blob(server)))
        .filter(frame::at.ge(range.start))
        .filter(frame::at.lt(range.end));
    // Two questions: SQLite answers each from the index, both at once by a scan.
    let first: Option<i64> = inside.select(min(frame::at)).first(conn)?;
    let last: Option<i64> = inside.select(max(frame::at)).first(conn)?;
    Ok(first.zip(last))
}

/// The newest frame of a server; `None` when it has none.
pub fn latest(
    conn: &mut SqliteConnection,
    server: ServerId,
) -> Result<Option<(UnixMs, Vec<u8>)>, StoreError> {
    let row: Option<(Moment, Vec<u8>)> = frame::table
        .filter(frame::server.eq(Blob(server)))
        .order(frame::at.desc())
        .select((frame::at, frame::body))
        .first(conn)
        .optional()?;
    Ok(row.map(|(at, body)| (at.0, body)))
}

/// Stores the processes of a server at one moment; a list of the same time is replaced.
pub fn put_processes(
    conn: &mut SqliteConnection,
    server: ServerId,
    at: UnixMs,
    body: &[u8],
) -> Result<(), StoreError> {
    diesel::insert_into(processes::table)
        .values((
            processes::server.eq(Blob(server)),
            processes::at.eq(Moment(at)),
            processes::body.eq(body),
        ))
        .on_conflict((processes::server, processes::at))
        .do_update()
        .set(processes::body.eq(excluded(processes::body)))
        .execute(conn)?;
    Ok(())
}

/// The newest list of processes with `since ≤ time ≤ at`; `None` when there is none.
pub fn processes_at(
    conn: &mut SqliteConnection,
    server: ServerId,
    since: UnixMs,
    at: UnixMs,
) -> Result<Option<(UnixMs, Vec<u8>)>, StoreError> {
    let row: Option<(Moment, Vec<u8>)> = processes::table
        .filter(processes::server.eq(Blob(server)))
        .filter(processes::at.between(Moment(since), Moment(at)))
        .order(processes::at.desc())
        .select((processes::at, processes::body))
        .first(conn)
        .optional()?;
    Ok(row.map(|(at, body)| (at.0, body)))
}
