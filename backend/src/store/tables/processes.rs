//! Table `processes`: the processes of a server at one moment; never what the bytes mean.

use std::ops::Range;

use common::ids::ServerId;
use common::time::UnixMs;
use diesel::dsl::min;
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::{Blob, Moment};
use crate::store::Connection;
use crate::store::connection::both;
use crate::store::error::StoreError;
use crate::store::schema::processes;

/// A stored list.
#[derive(Debug, Clone, Queryable)]
pub struct ListRow {
    /// When it was read.
    pub at: Moment,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// Stores the processes of a server at one moment; a list of the same time is replaced.
pub fn put(
    conn: &mut Connection,
    server: ServerId,
    at: UnixMs,
    body: &[u8],
) -> Result<(), StoreError> {
    both!(conn, conn => diesel::insert_into(processes::table)
        .values((
            processes::server.eq(Blob(server)),
            processes::at.eq(Moment(at)),
            processes::bytes.eq(i64::try_from(body.len()).unwrap_or(i64::MAX)),
            processes::body.eq(body),
        ))
        .on_conflict((processes::server, processes::at))
        .do_update()
        .set((
            processes::bytes.eq(excluded(processes::bytes)),
            processes::body.eq(excluded(processes::body)),
        ))
        .execute(conn)?);
    Ok(())
}

/// The servers that have lists from before a moment.
pub fn servers_before(conn: &mut Connection, before: i64) -> Result<Vec<ServerId>, StoreError> {
    let servers: Vec<Blob<ServerId>> = processes::table
        .filter(processes::at.lt(before))
        .select(processes::server)
        .distinct()
        .load(conn)?;
    Ok(servers.into_iter().map(|server| server.0).collect())
}

/// How many lists of a server there are from before a moment.
pub fn count_before(
    conn: &mut Connection,
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
    conn: &mut Connection,
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

/// The time of the first list of a server in `range`; `None` when there is none.
pub fn first_in(
    conn: &mut Connection,
    server: ServerId,
    range: &Range<i64>,
) -> Result<Option<i64>, StoreError> {
    Ok(processes::table
        .filter(processes::server.eq(Blob(server)))
        .filter(processes::at.ge(range.start))
        .filter(processes::at.lt(range.end))
        .select(min(processes::at))
        .first(conn)?)
}

/// The lists of a server in `range`, by time.
pub fn in_range(
    conn: &mut Connection,
    server: ServerId,
    range: &Range<i64>,
) -> Result<Vec<ListRow>, StoreError> {
    Ok(processes::table
        .filter(processes::server.eq(Blob(server)))
        .filter(processes::at.ge(range.start))
        .filter(processes::at.lt(range.end))
        .order(processes::at)
        .select((processes::at, processes::body))
        .load(conn)?)
}

/// Removes these lists of a server, but for those that have other bytes by now.
pub fn remove(
    conn: &mut Connection,
    server: ServerId,
    lists: &[ListRow],
) -> Result<(), StoreError> {
    for list in lists {
        diesel::delete(processes::table)
            .filter(processes::server.eq(Blob(server)))
            .filter(processes::at.eq(list.at))
            .filter(processes::body.eq(&list.body))
            .execute(conn)?;
    }
    Ok(())
}
