//! Table `setting`: how one person wants to see things; never a setting of the server.

use common::api::settings::{ByteUnits, StartPage, Theme};
use common::ids::UserId;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;

use super::{Blob, Word};
use crate::store::error::StoreError;
use crate::store::schema::setting;

/// A person's preferences as stored; the time zone stands in the table `user`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = setting, check_for_backend(Sqlite))]
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
pub fn find(conn: &mut SqliteConnection, user: UserId) -> Result<Option<SettingRow>, StoreError> {
    Ok(setting::table
        .find(Blob(user))
        .select(SettingRow::as_select())
        .first(conn)
        .optional()?)
}

/// Keeps a person's preferences instead of those before.
pub fn put(conn: &mut SqliteConnection, row: &SettingRow) -> Result<(), StoreError> {
    diesel::replace_into(setting::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}
