//! Table `pack`: what is old in it, and its removal; never how far it may go.

use common::ids::ServerId;
use diesel::dsl::min;
use diesel::prelude::*;

use super::{Blob, pack::remove};
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::schema::pack;

/// The first time of a sample in the packs of some servers; `None` when they have none.
pub fn oldest(conn: &mut Connection, servers: &[ServerId]) -> Result<Option<i64>, StoreError> {
    let mut oldest: Option<i64> = None;
    for server in servers {
        // One server at a time: that is the first entry of the index.
        let first: Option<i64> = pack::table
            .filter(pack::server.eq(Blob(*server)))
            .select(min(pack::first_at))
            .first(conn)?;
        oldest = oldest.into_iter().chain(first).min();
    }
    Ok(oldest)
}

/// How many packs of a server hold nothing but samples from before a moment.
pub fn count_before(
    conn: &mut Connection,
    server: ServerId,
    before: i64,
) -> Result<usize, StoreError> {
    let count: i64 = pack::table
        .filter(pack::server.eq(Blob(server)))
        .filter(pack::first_at.lt(before))
        .filter(pack::last_at.lt(before))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Removes packs of a server that hold nothing but samples from before a moment, at most `count`,
/// the oldest first; how many.
pub fn remove_before(
    conn: &mut Connection,
    server: ServerId,
    before: i64,
    count: i64,
) -> Result<usize, StoreError> {
    let ids: Vec<i64> = pack::table
        .filter(pack::server.eq(Blob(server)))
        .filter(pack::first_at.lt(before))
        .filter(pack::last_at.lt(before))
        .order(pack::first_at)
        .limit(count)
        .select(pack::id)
        .load(conn)?;
    remove(conn, &ids)
}
