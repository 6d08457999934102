//! Table `alert_snapshot`: what a server looked like when an alert fired; never what the bytes mean.

use common::ids::AlertId;
use diesel::prelude::*;

use super::Blob;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::alert_snapshot;

/// Keeps the snapshot of an alert.
pub fn insert(conn: &mut Connection, alert: AlertId, body: &[u8]) -> Result<(), StoreError> {
    diesel::insert_into(alert_snapshot::table)
        .values((
            alert_snapshot::alert_id.eq(Blob(alert)),
            alert_snapshot::body.eq(body),
        ))
        .execute(conn)?;
    Ok(())
}

/// The snapshot of an alert; `None` when there is none.
pub fn find(conn: &mut Connection, alert: AlertId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(alert_snapshot::table
        .find(Blob(alert))
        .select(alert_snapshot::body)
        .first(conn)
        .optional()?)
}
