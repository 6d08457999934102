//! Table `user`: people with a login; never their sessions, never a password as it was typed.

use common::access::Role;
use common::api::auth::LoginUser;
use common::api::people::Person;
use common::api::users::User;
use common::ids::UserId;
use common::time::UnixMs;
use common::version::Version;
use diesel::prelude::*;

use super::{Blob, Json, Moment, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::user;

/// A person as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = user, check_for_backend(MultiBackend), treat_none_as_null = true)]
pub struct UserRow {
    /// The same for ever.
    pub id: Blob<UserId>,
    /// Grows with each change.
    pub version: i64,
    /// Unique, in lower case.
    pub username: String,
    /// `None`: the login name is shown.
    pub display_name: Option<String>,
    /// `None` when not given.
    pub email: Option<String>,
    /// `None` when not given.
    pub phone: Option<String>,
    /// IANA name; `None`: that of the browser.
    pub time_zone: Option<String>,
    /// BCP 47 name; `None`: that of the browser.
    pub locale: Option<String>,
    /// What the person may do.
    pub role: Word<Role>,
    /// Cannot log in.
    pub disabled: bool,
    /// Argon2id in PHC form; `None`: nobody can log in.
    pub password_hash: Option<String>,
    /// The password is a generated first one.
    pub must_change_password: bool,
    /// When the person was added.
    pub created_at: Moment,
    /// When anything of it last changed.
    pub updated_at: Moment,
    /// `None`: never logged in.
    pub last_login_at: Option<Moment>,
    /// Groups whose servers the person sees, sorted; none: all servers.
    pub server_groups: Json<Vec<String>>,
}

impl UserRow {
    /// The name to show.
    pub fn shown_name(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.username)
    }

    /// The version for `ETag`.
    pub fn version(&self) -> Version {
        Version(self.version)
    }
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id.0,
            display_name: row.shown_name().to_owned(),
            username: row.username,
            email: row.email,
            phone: row.phone,
            time_zone: row.time_zone,
            locale: row.locale,
            role: row.role.0,
            disabled: row.disabled,
            must_change_password: row.must_change_password,
            created_at: row.created_at.0,
            last_login_at: row.last_login_at.map(|at| at.0),
            groups: row.server_groups.0,
        }
    }
}

impl From<&UserRow> for LoginUser {
    fn from(row: &UserRow) -> Self {
        Self {
            id: row.id.0,
            username: row.username.clone(),
            display_name: row.shown_name().to_owned(),
            role: row.role.0,
            must_change_password: row.must_change_password,
        }
    }
}

impl From<UserRow> for Person {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id.0,
            display_name: row.shown_name().to_owned(),
        }
    }
}

/// Everyone, by login name.
pub fn all(conn: &mut Connection) -> Result<Vec<UserRow>, StoreError> {
    Ok(user::table
        .order(user::username)
        .select(UserRow::as_select())
        .load(conn)?)
}

/// Up to `limit` people by login name, those after the login name `after`.
pub fn page(
    conn: &mut Connection,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<UserRow>, StoreError> {
    Ok(user::table
        .filter(user::username.gt(after.unwrap_or_default()))
        .order(user::username)
        .limit(limit)
        .select(UserRow::as_select())
        .load(conn)?)
}

/// The person with that id; `None` when there is none.
pub fn find(conn: &mut Connection, id: UserId) -> Result<Option<UserRow>, StoreError> {
    Ok(user::table
        .find(Blob(id))
        .select(UserRow::as_select())
        .first(conn)
        .optional()?)
}

/// The person with that login name (in lower case); `None` when there is none.
pub fn find_by_name(conn: &mut Connection, username: &str) -> Result<Option<UserRow>, StoreError> {
    Ok(user::table
        .filter(user::username.eq(username))
        .select(UserRow::as_select())
        .first(conn)
        .optional()?)
}

/// Adds a person; a login name that exists is a unique violation.
pub fn insert(conn: &mut Connection, row: &UserRow) -> Result<(), StoreError> {
    diesel::insert_into(user::table).values(row).execute(conn)?;
    Ok(())
}

/// Writes all columns of a person; a login name that exists is a unique violation.
pub fn update(conn: &mut Connection, row: &UserRow) -> Result<(), StoreError> {
    diesel::update(user::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// Removes a person with all sessions and settings.
pub fn delete(conn: &mut Connection, id: UserId) -> Result<(), StoreError> {
    diesel::delete(user::table.find(Blob(id))).execute(conn)?;
    Ok(())
}

/// Notes a login; not a change of the person, so the version stays.
pub fn note_login(conn: &mut Connection, id: UserId, at: UnixMs) -> Result<(), StoreError> {
    diesel::update(user::table.find(Blob(id)))
        .set(user::last_login_at.eq(Moment(at)))
        .execute(conn)?;
    Ok(())
}

/// How many administrators can log in, `without` not counted.
pub fn other_admins(conn: &mut Connection, without: UserId) -> Result<i64, StoreError> {
    Ok(user::table
        .filter(user::role.eq(Word(Role::Admin)))
        .filter(user::disabled.eq(false))
        .filter(user::password_hash.is_not_null())
        .filter(user::id.ne(Blob(without)))
        .count()
        .get_result(conn)?)
}
