//! Table `setting`: how one person wants to see things; never a setting of the server.

use common::api::settings::{ByteUnits, Preferences, StartPage, Theme};
use common::ids::UserId;
use diesel::prelude::*;

use super::user::UserRow;
use super::{Blob, Word};
use crate::store::connection::{Connection, MultiBackend, both};
use crate::store::error::StoreError;
use crate::store::schema::setting;

/// A person's preferences as stored; time zone and language stand in the table `user`.
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

/// How a person sees things, by both tables.
pub fn to_wire(person: &UserRow, row: Option<SettingRow>) -> Preferences {
    let own = Preferences {
        time_zone: person.time_zone.clone(),
        locale: person.locale.as_deref().and_then(|name| name.parse().ok()),
        ..Preferences::default()
    };
    match row {
        None => own,
        Some(row) => Preferences {
            theme: row.theme.0,
            units: row.units.0,
            start_page: row.start_page.0,
            ..own
        },
    }
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
