//! Table `notification_preference`: how one person wants to be told; never what is told.

use common::api::preferences::NotificationPreferences;
use common::ids::UserId;
use common::time::UnixMs;
use diesel::prelude::*;

use super::{Blob, Json, Moment};
use crate::store::connection::{Connection, both};
use crate::store::error::StoreError;
use crate::store::schema::notification_preference;

/// How a person wants to be told; `None` while nothing was chosen.
pub fn find(
    conn: &mut Connection,
    user: UserId,
) -> Result<Option<NotificationPreferences>, StoreError> {
    let found: Option<Json<NotificationPreferences>> = notification_preference::table
        .find(Blob(user))
        .select(notification_preference::definition)
        .first(conn)
        .optional()?;
    Ok(found.map(|definition| definition.0))
}

/// How everybody wants to be told who has chosen.
pub fn all(conn: &mut Connection) -> Result<Vec<(UserId, NotificationPreferences)>, StoreError> {
    let rows: Vec<(Blob<UserId>, Json<NotificationPreferences>)> = notification_preference::table
        .order(notification_preference::user_id)
        .select((
            notification_preference::user_id,
            notification_preference::definition,
        ))
        .load(conn)?;
    let each = rows.into_iter().map(|(user, wanted)| (user.0, wanted.0));
    Ok(each.collect())
}

/// Keeps how a person wants to be told, instead of what was before.
pub fn put(
    conn: &mut Connection,
    user: UserId,
    preferences: &NotificationPreferences,
    now: UnixMs,
) -> Result<(), StoreError> {
    let definition = Json(preferences.clone());
    both!(conn, conn => diesel::insert_into(notification_preference::table)
        .values((
            notification_preference::user_id.eq(Blob(user)),
            notification_preference::definition.eq(&definition),
            notification_preference::updated_at.eq(Moment(now)),
        ))
        .on_conflict(notification_preference::user_id)
        .do_update()
        .set((
            notification_preference::definition.eq(&definition),
            notification_preference::updated_at.eq(Moment(now)),
        ))
        .execute(conn)?);
    Ok(())
}

/// Forgets how a person wants to be told.
pub fn delete(conn: &mut Connection, user: UserId) -> Result<(), StoreError> {
    diesel::delete(notification_preference::table.find(Blob(user))).execute(conn)?;
    Ok(())
}
