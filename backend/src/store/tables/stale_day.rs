//! Table `stale_day`: days whose hours have to be merged; never what comes of it.

use std::ops::Range;

use common::ids::ServerId;
use diesel::prelude::*;

use super::Blob;
use crate::store::Connection;
use crate::store::connection::both;
use crate::store::error::StoreError;
use crate::store::schema::stale_day;

/// A day of a server whose hours have to be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct StaleDay {
    /// Whose.
    pub server: Blob<ServerId>,
    /// Days since the epoch.
    pub day: i64,
    /// How often one of its hours was sealed since it was merged.
    pub seals: i64,
}

/// Notes that an hour of a day was sealed.
pub fn mark(conn: &mut Connection, server: ServerId, day: i64) -> Result<(), StoreError> {
    both!(conn, conn => diesel::insert_into(stale_day::table)
        .values((
            stale_day::server.eq(Blob(server)),
            stale_day::day.eq(day),
            stale_day::seals.eq(1_i64),
        ))
        .on_conflict((stale_day::server, stale_day::day))
        .do_update()
        .set(stale_day::seals.eq(stale_day::seals + 1))
        .execute(conn)?);
    Ok(())
}

/// The days in `days`, the oldest first.
pub fn within(conn: &mut Connection, days: &Range<i64>) -> Result<Vec<StaleDay>, StoreError> {
    Ok(stale_day::table
        .filter(stale_day::day.ge(days.start))
        .filter(stale_day::day.lt(days.end))
        .order((stale_day::day, stale_day::server))
        .load(conn)?)
}

/// The days of a server in `days`.
pub fn of_server(
    conn: &mut Connection,
    server: ServerId,
    days: &Range<i64>,
) -> Result<Vec<i64>, StoreError> {
    Ok(stale_day::table
        .filter(stale_day::server.eq(Blob(server)))
        .filter(stale_day::day.ge(days.start))
        .filter(stale_day::day.lt(days.end))
        .select(stale_day::day)
        .load(conn)?)
}

/// Forgets a day that was merged, unless one of its hours was sealed since it was read.
pub fn clear(conn: &mut Connection, merged: StaleDay) -> Result<(), StoreError> {
    diesel::delete(stale_day::table)
        .filter(stale_day::server.eq(merged.server))
        .filter(stale_day::day.eq(merged.day))
        .filter(stale_day::seals.eq(merged.seals))
        .execute(conn)?;
    Ok(())
}

/// Forgets the days before one: nothing is kept of them.
pub fn remove_before(conn: &mut Connection, day: i64) -> Result<(), StoreError> {
    diesel::delete(stale_day::table)
        .filter(stale_day::day.lt(day))
        .execute(conn)?;
    Ok(())
}
