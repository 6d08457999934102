//! Table `recording`: what a server did in ten minutes; never what the bytes mean.

use std::ops::RangeInclusive;

use common::alert::AlertChange;
use common::ids::ServerId;
use common::time::UnixMs;
use diesel::prelude::*;

use super::{Blob, Moment, Word};
use crate::store::connection::{Connection, both};
use crate::store::error::StoreError;
use crate::store::schema::{alert, alert_history, recording};

/// Where and when alerts fired since a moment.
pub fn fired_since(
    conn: &mut Connection,
    since: UnixMs,
) -> Result<Vec<(ServerId, UnixMs)>, StoreError> {
    let rows: Vec<(Blob<ServerId>, Moment)> = alert_history::table
        .inner_join(alert::table)
        .filter(alert_history::change.eq(Word(AlertChange::Fired)))
        .filter(alert_history::at.ge(Moment(since)))
        .select((alert::server_id, alert_history::at))
        .distinct()
        .load(conn)?;
    let rows = rows.into_iter().map(|(server, at)| (server.0, at.0));
    Ok(rows.collect())
}

/// The slots of a server that are recorded.
pub fn slots(
    conn: &mut Connection,
    server: ServerId,
    range: RangeInclusive<i64>,
) -> Result<Vec<i64>, StoreError> {
    Ok(recording::table
        .filter(recording::server_id.eq(Blob(server)))
        .filter(recording::slot.between(*range.start(), *range.end()))
        .select(recording::slot)
        .load(conn)?)
}

/// Keeps a recording; one that is there stays.
pub fn insert_once(
    conn: &mut Connection,
    server: ServerId,
    slot: i64,
    body: &[u8],
) -> Result<(), StoreError> {
    both!(conn, conn => diesel::insert_into(recording::table)
        .values((
            recording::server_id.eq(Blob(server)),
            recording::slot.eq(slot),
            recording::body.eq(body),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(())
}

/// A recording; `None` when there is none.
pub fn find(
    conn: &mut Connection,
    server: ServerId,
    slot: i64,
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(recording::table
        .find((Blob(server), slot))
        .select(recording::body)
        .first(conn)
        .optional()?)
}

/// Removes recordings of slots before one.
pub fn remove_before(conn: &mut Connection, slot: i64) -> Result<usize, StoreError> {
    Ok(diesel::delete(recording::table.filter(recording::slot.lt(slot))).execute(conn)?)
}
