//! Table `alert_picture`: the picture of an alert from when it fired; never how it is drawn.

use std::ops::RangeInclusive;

use common::ids::AlertId;
use common::time::UnixMs;
use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::{Blob, Moment};
use crate::store::connection::{Connection, both};
use crate::store::error::StoreError;
use crate::store::schema::{alert_history, alert_picture};

/// Up to `limit` alerts that fired then and have no picture, the oldest firing first.
pub fn missing(
    conn: &mut Connection,
    fired: RangeInclusive<UnixMs>,
    limit: i64,
) -> Result<Vec<AlertId>, StoreError> {
    let kept = alert_picture::table.filter(alert_picture::alert_id.eq(alert_history::alert_id));
    let ids: Vec<Blob<AlertId>> = alert_history::table
        // Written out, not bound: the index of firings is for this word alone.
        .filter(sql::<Bool>("alert_history.change = 'fired'"))
        .filter(alert_history::at.between(Moment(*fired.start()), Moment(*fired.end())))
        .filter(not(exists(kept)))
        .order((alert_history::at, alert_history::seq))
        .limit(limit)
        .select(alert_history::alert_id)
        .load(conn)?;
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// Keeps the picture of an alert; one that is there stays.
pub fn insert_once(
    conn: &mut Connection,
    alert: AlertId,
    png: &[u8],
    at: UnixMs,
) -> Result<(), StoreError> {
    both!(conn, conn => diesel::insert_into(alert_picture::table)
        .values((
            alert_picture::alert_id.eq(Blob(alert)),
            alert_picture::png.eq(png),
            alert_picture::at.eq(Moment(at)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(())
}

/// The picture of an alert; `None` when there is none.
pub fn find(conn: &mut Connection, alert: AlertId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(alert_picture::table
        .find(Blob(alert))
        .select(alert_picture::png)
        .first(conn)
        .optional()?)
}

/// Whether there is a picture of an alert.
pub fn is_kept(conn: &mut Connection, alert: AlertId) -> Result<bool, StoreError> {
    let found: Option<Blob<AlertId>> = alert_picture::table
        .find(Blob(alert))
        .select(alert_picture::alert_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}
