//! Table `push_subscription`: browsers that asked to be told, their addresses and keys sealed; never a message.

use common::ids::{PushSubscriptionId, UserId};
use diesel::prelude::*;

use super::{Blob, Moment};
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

/// Puts a browser in the place of the one with the same address, whosever it was.
pub fn put(conn: &mut Connection, row: &PushSubscriptionRow) -> Result<(), StoreError> {
    let same = push_subscription::table.filter(push_subscription::digest.eq(&row.digest));
    diesel::delete(same).execute(conn)?;
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
) -> Result<bool, StoreError> {
    let own = push_subscription::table
        .find(Blob(id))
        .filter(push_subscription::user_id.eq(Blob(user)));
    Ok(diesel::delete(own).execute(conn)? > 0)
}

/// Forgets browsers that are gone.
pub fn delete(conn: &mut Connection, ids: &[PushSubscriptionId]) -> Result<(), StoreError> {
    let ids: Vec<_> = ids.iter().copied().map(Blob).collect();
    let gone = push_subscription::table.filter(push_subscription::id.eq_any(ids));
    diesel::delete(gone).execute(conn)?;
    Ok(())
}
