//! Table `api_key`: keys of scripts; never a secret as it is.

use common::api::keys::{ApiKey, Scope};
use common::ids::{ApiKeyId, UserId};
use common::time::UnixMs;
use diesel::prelude::*;

use super::{Blob, Json, Moment};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::{api_key, user};

/// A key as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_key, check_for_backend(MultiBackend))]
pub struct ApiKeyRow {
    /// The same for ever; grows with time.
    pub id: Blob<ApiKeyId>,
    /// Whose it is.
    pub user_id: Blob<UserId>,
    /// What it is for.
    pub name: String,
    /// How its secret begins.
    pub prefix: String,
    /// SHA-256 of its secret.
    pub secret_hash: Vec<u8>,
    /// What it may do.
    pub scopes: Json<Vec<Scope>>,
    /// When it was made.
    pub created_at: Moment,
    /// From when on it is refused; `None`: never.
    pub expires_at: Option<Moment>,
    /// When it was last used; `None`: never.
    pub last_used_at: Option<Moment>,
}

impl ApiKeyRow {
    /// The key as the API gives it; `username` is its person's.
    pub fn to_wire(self, username: String) -> ApiKey {
        ApiKey {
            id: self.id.0,
            name: self.name,
            prefix: self.prefix,
            scopes: self.scopes.0,
            user_id: self.user_id.0,
            username,
            created_at: self.created_at.0,
            expires_at: self.expires_at.map(|at| at.0),
            last_used_at: self.last_used_at.map(|at| at.0),
        }
    }
}

/// Every key.
pub fn all(conn: &mut Connection) -> Result<Vec<ApiKeyRow>, StoreError> {
    Ok(api_key::table.select(ApiKeyRow::as_select()).load(conn)?)
}

/// Up to `limit` keys with their person's login name, the newest first, those older than
/// `before`: of that person, or of everyone.
pub fn page(
    conn: &mut Connection,
    of: Option<UserId>,
    before: Option<ApiKeyId>,
    limit: i64,
) -> Result<Vec<(ApiKeyRow, String)>, StoreError> {
    let mut query = api_key::table
        .inner_join(user::table)
        .order(api_key::id.desc())
        .limit(limit)
        .select((ApiKeyRow::as_select(), user::username))
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(api_key::user_id.eq(Blob(of)));
    }
    if let Some(before) = before {
        query = query.filter(api_key::id.lt(Blob(before)));
    }
    Ok(query.load(conn)?)
}

/// How many keys a person has.
pub fn count(conn: &mut Connection, of: UserId) -> Result<i64, StoreError> {
    Ok(api_key::table
        .filter(api_key::user_id.eq(Blob(of)))
        .count()
        .get_result(conn)?)
}

/// Adds a key.
pub fn insert(conn: &mut Connection, row: &ApiKeyRow) -> Result<(), StoreError> {
    diesel::insert_into(api_key::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Removes a key, when it belongs to `of` or that is `None`; whether it was there.
pub fn delete(conn: &mut Connection, id: ApiKeyId, of: Option<UserId>) -> Result<bool, StoreError> {
    let mut removal = diesel::delete(api_key::table)
        .filter(api_key::id.eq(Blob(id)))
        .into_boxed();
    if let Some(of) = of {
        removal = removal.filter(api_key::user_id.eq(Blob(of)));
    }
    Ok(removal.execute(conn)? > 0)
}

/// Notes a use; a key that is gone is left alone.
pub fn note_use(conn: &mut Connection, id: ApiKeyId, at: UnixMs) -> Result<(), StoreError> {
    diesel::update(api_key::table.find(Blob(id)))
        .set(api_key::last_used_at.eq(Some(Moment(at))))
        .execute(conn)?;
    Ok(())
}
