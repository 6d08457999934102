//! Table `forward`: how far each receiver of a remote write has taken what is stored; never what was sent.

use diesel::dsl::min;
use diesel::prelude::*;

use crate::store::connection::{Connection, MultiBackend, both};
use crate::store::error::StoreError;
use crate::store::schema::forward;

/// How far a receiver has come.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = forward, primary_key(receiver), check_for_backend(MultiBackend), treat_none_as_null = true)]
pub struct ForwardRow {
    /// The receiver's name.
    pub receiver: String,
    /// The number of the last frame that it took.
    pub frame: i64,
    /// The newest time among the frames that it took, milliseconds since 1970.
    pub moment: i64,
    /// From when it missed samples, which are read from packs; `None` when it missed none.
    pub missed_from: Option<i64>,
    /// Until when it missed some.
    pub missed_to: Option<i64>,
}

/// How far a receiver has come; `None` when it never took anything.
pub fn find(conn: &mut Connection, receiver: &str) -> Result<Option<ForwardRow>, StoreError> {
    Ok(forward::table
        .find(receiver)
        .select(ForwardRow::as_select())
        .first(conn)
        .optional()?)
}

/// The number of the last frame that every receiver took; `None` without receivers.
pub fn taken_by_all(conn: &mut Connection) -> Result<Option<i64>, StoreError> {
    Ok(forward::table.select(min(forward::frame)).first(conn)?)
}

/// Remembers how far a receiver has come.
pub fn put(conn: &mut Connection, row: &ForwardRow) -> Result<(), StoreError> {
    both!(conn, conn => diesel::insert_into(forward::table)
        .values(row)
        .on_conflict(forward::receiver)
        .do_update()
        .set(row)
        .execute(conn)?);
    Ok(())
}

/// Forgets the receivers that are not among these.
pub fn keep_only(conn: &mut Connection, receivers: &[String]) -> Result<(), StoreError> {
    diesel::delete(forward::table)
        .filter(forward::receiver.ne_all(receivers))
        .execute(conn)?;
    Ok(())
}
