//! Table `setting`: how one person wants to see things; never a setting of the server.

use common::api::settings::{ByteUnits, StartPage, Theme};
use common::ids::UserId;
use diesel::prelude::*;

use super::{Blob, Word};
use crate::store::connection::{Connection, MultiBackend, both};
use crate::store::error::StoreError;
use crate::store::schema::setting;

/// A person's preferences as stored; the time zone stands in the table `user`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = setting, primary_key(user_id), check_for_backend(MultiBackend))]
pub struct SettingRow {
    /// Whose they are.
    pub user_id: Blob<UserId>,
    /// The colours.
    pub theme: Word<Theme>,
    /// How bytes are counted.
    pub units: Word<ByteUnits>,
    /// What opens after the login.
    pub start_page: Word<StartPage>,
}

/// A person's preferences; `None` while nothing was chosen.
pub fn find(conn: &mut Connection, user: UserId) -> Result<Option<SettingRow>, StoreError> {
    Ok(setting::table
        .find(Blob(user))
        .select(SettingRow::as_select())
        .first(conn)
        .optional()?)
}

/// Keeps a person's preferences instead of those before.
pub fn put(conn: &mut Connection, row: &SettingRow) -> Result<(), StoreError> {
    both!(conn, conn => diesel::insert_into(setting::table)
        .values(row)
        .on_conflict(setting::user_id)
        .do_update()
        .set(row)
        .execute(conn)?);
    Ok(())
}
