//! Table `session`: logins on devices; never an access token, never a refresh token as it is.

use common::api::auth::Session;
use common::ids::{SessionId, UserId};
use common::time::UnixMs;
use diesel::prelude::*;

use super::{Blob, Moment};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::session;

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = session, check_for_backend(MultiBackend), treat_none_as_null = true)]
pub struct SessionRow {
    /// The same for ever.
    pub id: Blob<SessionId>,
    /// Whose it is.
    pub user_id: Blob<UserId>,
    /// When the person logged in.
    pub created_at: Moment,
    /// When it last got an access token.
    pub last_used_at: Moment,
    /// When it ends unless it is used before.
    pub expires_at: Moment,
    /// Where it was last used from; `None` when unknown.
    pub address: Option<String>,
    /// What the browser called itself; `None` when it did not.
    pub user_agent: Option<String>,
    /// How often the refresh token was rotated.
    pub generation: i64,
    /// SHA-256 of the newest refresh token's secret.
    pub token_hash: Vec<u8>,
    /// When that token was made.
    pub rotated_at: Moment,
}

impl SessionRow {
    /// The session as the API gives it, `current` being the one that asks.
    pub fn to_wire(self, current: Option<SessionId>) -> Session {
        Session {
            id: self.id.0,
            created_at: self.created_at.0,
            last_used_at: self.last_used_at.0,
            expires_at: self.expires_at.0,
            address: self.address,
            user_agent: self.user_agent,
            current: current == Some(self.id.0),
        }
    }
}

/// Every session that is not over.
pub fn live(conn: &mut Connection, now: UnixMs) -> Result<Vec<SessionRow>, StoreError> {
    Ok(session::table
        .filter(session::expires_at.gt(Moment(now)))
        .select(SessionRow::as_select())
        .load(conn)?)
}

/// A person's sessions that are not over, the one used last first.
pub fn of_user(
    conn: &mut Connection,
    user: UserId,
    now: UnixMs,
) -> Result<Vec<SessionRow>, StoreError> {
    Ok(session::table
        .filter(session::user_id.eq(Blob(user)))
        .filter(session::expires_at.gt(Moment(now)))
        .order((session::last_used_at.desc(), session::id.desc()))
        .select(SessionRow::as_select())
        .load(conn)?)
}

/// The session with that id; `None` when there is none.
pub fn find(conn: &mut Connection, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
    Ok(session::table
        .find(Blob(id))
        .select(SessionRow::as_select())
        .first(conn)
        .optional()?)
}

/// Adds a session.
pub fn insert(conn: &mut Connection, row: &SessionRow) -> Result<(), StoreError> {
    diesel::insert_into(session::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Writes all columns of a session.
pub fn update(conn: &mut Connection, row: &SessionRow) -> Result<(), StoreError> {
    diesel::update(session::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// Removes a session; whether it was there.
pub fn delete(conn: &mut Connection, id: SessionId) -> Result<bool, StoreError> {
    let removed = diesel::delete(session::table.find(Blob(id))).execute(conn)?;
    Ok(removed > 0)
}

/// Removes a person's sessions, all but `keep`.
pub fn delete_of_user(
    conn: &mut Connection,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<(), StoreError> {
    let kept = keep.map_or_else(Vec::new, |id| vec![Blob(id)]);
    diesel::delete(session::table)
        .filter(session::user_id.eq(Blob(user)))
        .filter(session::id.ne_all(kept))
        .execute(conn)?;
    Ok(())
}

/// Removes every session that is over.
pub fn delete_over(conn: &mut Connection, now: UnixMs) -> Result<(), StoreError> {
    diesel::delete(session::table)
        .filter(session::expires_at.le(Moment(now)))
        .execute(conn)?;
    Ok(())
}
