//! Table `push_subscription`: browsers that asked to be told, their addresses and keys sealed, with the
//! consent of each; never a message.

use common::ids::{PushSubscriptionId, UserId};
use common::time::UnixMs;
use diesel::prelude::*;

use super::{Blob, Moment, consent};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::push_subscription;

/// A browser as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = push_subscription, check_for_backend(MultiBackend))]
pub struct PushSubscriptionRow {
    /// Its id.
    pub id: Blob<PushSubscriptionId>,
    /// Whose browser it is.
    pub user_id: Blob<UserId>,
    /// Of its address; unique.
    pub digest: Vec<u8>,
    /// Address and keys, sealed with the id.
    pub secrets: Vec<u8>,
    /// When it asked.
    pub created_at: Moment,
}

/// Somebody's browsers, the youngest first.
pub fn of_user(
    conn: &mut Connection,
    user: UserId,
) -> Result<Vec<PushSubscriptionRow>, StoreError> {
    Ok(push_subscription::table
        .filter(push_subscription::user_id.eq(Blob(user)))
        .order(push_subscription::id.desc())
        .select(PushSubscriptionRow::as_select())
        .load(conn)?)
}

/// The browsers of these people, the oldest first.
pub fn of_users(
    conn: &mut Connection,
    users: &[Blob<UserId>],
) -> Result<Vec<PushSubscriptionRow>, StoreError> {
    Ok(push_subscription::table
        .filter(push_subscription::user_id.eq_any(users))
        .order(push_subscription::id)
        .select(PushSubscriptionRow::as_select())
        .load(conn)?)
}

/// Puts a browser in the place of the one with the same address, whosever it was; `host` is its push
/// service.
pub fn put(conn: &mut Connection, row: &PushSubscriptionRow, host: &str) -> Result<(), StoreError> {
    let same = push_subscription::table
        .filter(push_subscription::digest.eq(&row.digest))
        .select(push_subscription::id);
    let same: Vec<Blob<PushSubscriptionId>> = same.load(conn)?;
    let same: Vec<_> = same.into_iter().map(|id| id.0).collect();
    delete(conn, &same, row.created_at.0)?;
    consent::give_browser(conn, row.user_id.0, (row.id.0, host), row.created_at.0)?;
    diesel::insert_into(push_subscription::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Forgets one of somebody's browsers; whether there was one.
pub fn delete_of(
    conn: &mut Connection,
    user: UserId,
    id: PushSubscriptionId,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let own = push_subscription::table
        .find(Blob(id))
        .filter(push_subscription::user_id.eq(Blob(user)));
    let was_there = diesel::delete(own).execute(conn)? > 0;
    if was_there {
        consent::withdraw_browsers(conn, &[id], now)?;
    }
    Ok(was_there)
}

/// Forgets browsers that are gone.
pub fn delete(
    conn: &mut Connection,
    ids: &[PushSubscriptionId],
    now: UnixMs,
) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    consent::withdraw_browsers(conn, ids, now)?;
    let ids: Vec<_> = ids.iter().copied().map(Blob).collect();
    let gone = push_subscription::table.filter(push_subscription::id.eq_any(ids));
    diesel::delete(gone).execute(conn)?;
    Ok(())
}
