//! Table `server_secret`: what the server keeps to itself, sealed; never what it says.

use diesel::prelude::*;
use uuid::Uuid;

use super::{Blob, Moment};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::server_secret;

/// A secret as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = server_secret, check_for_backend(MultiBackend))]
pub struct ServerSecretRow {
    /// What it is sealed with.
    pub id: Blob<Uuid>,
    /// What it is for; unique.
    pub name: String,
    /// Sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: Moment,
}

/// The secret of that name; `None` when there is none.
pub fn find(conn: &mut Connection, name: &str) -> Result<Option<ServerSecretRow>, StoreError> {
    Ok(server_secret::table
        .filter(server_secret::name.eq(name))
        .select(ServerSecretRow::as_select())
        .first(conn)
        .optional()?)
}

/// Puts a secret in the place of that of its name.
pub fn put(conn: &mut Connection, row: &ServerSecretRow) -> Result<(), StoreError> {
    let old = server_secret::table.filter(server_secret::name.eq(&row.name));
    diesel::delete(old).execute(conn)?;
    diesel::insert_into(server_secret::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}
