//! Table `processes`: the processes of a server at one moment; never what the bytes mean.

use common::ids::ServerId;
use common::time::UnixMs;
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::{Blob, Moment};
use crate::store::error::StoreError;
use crate::store::schema::processes;

/// Stores the processes of a server at one moment; a list of the same time is replaced.
pub fn put(
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

/// How many lists of a server there are from before a moment.
pub fn count_before(
    conn: &mut SqliteConnection,
    server: ServerId,
    before: i64,
) -> Result<usize, StoreError> {
    let count: i64 = processes::table
        .filter(processes::server.eq(Blob(server)))
        .filter(processes::at.lt(before))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Removes lists of a server from before a moment, at most `count`, the oldest first; how many.
pub fn remove_before(
    conn: &mut SqliteConnection,
    server: ServerId,
    before: i64,
    count: i64,
) -> Result<usize, StoreError> {
    let ids: Vec<i64> = processes::table
        .filter(processes::server.eq(Blob(server)))
        .filter(processes::at.lt(before))
        .order(processes::at)
        .limit(count)
        .select(processes::id)
        .load(conn)?;
    Ok(diesel::delete(processes::table)
        .filter(processes::id.eq_any(ids))
        .execute(conn)?)
}

/// The newest list of processes with `since ≤ time ≤ at`; `None` when there is none.
pub fn at(
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
