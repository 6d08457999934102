//! Table `cleanup`: how far the last clean-up went; never what it removed.

use diesel::prelude::*;

use crate::store::Connection;
use crate::store::connection::both;
use crate::store::error::StoreError;
use crate::store::schema::cleanup;

/// Before when samples went with the last clean-up; `None` when there was none.
pub fn last(conn: &mut Connection) -> Result<Option<i64>, StoreError> {
    Ok(cleanup::table
        .select(cleanup::samples_before)
        .first(conn)
        .optional()?)
}

/// Remembers a clean-up in the place of the last one.
pub fn record(conn: &mut Connection, samples_before: i64) -> Result<(), StoreError> {
    let samples_before = cleanup::samples_before.eq(samples_before);
    both!(conn, conn => diesel::insert_into(cleanup::table)
        .values((cleanup::id.eq(1_i64), samples_before))
        .on_conflict(cleanup::id)
        .do_update()
        .set(samples_before)
        .execute(conn)?);
    Ok(())
}
