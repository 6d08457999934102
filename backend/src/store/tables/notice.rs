//! Tables `notice` and `notice_group`: what channels are told later, together; never why.

use common::ids::{AlertId, ChannelId, UserId};
use common::time::UnixMs;
use diesel::dsl::min;
use diesel::prelude::*;

use super::{Blob, Moment};
use crate::store::connection::{Connection, MultiBackend, both};
use crate::store::error::StoreError;
use crate::store::schema::{notice, notice_group};

/// A notice that is to be written.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = notice, check_for_backend(MultiBackend))]
pub struct NewNotice {
    /// Where it goes.
    pub channel_id: Blob<ChannelId>,
    /// What it goes together with.
    pub group_key: String,
    /// What is told.
    pub intent_seq: i64,
    /// Its alert.
    pub alert_id: Blob<AlertId>,
    /// Not earlier than this.
    pub due_at: Moment,
    /// What still fires is told again after so long; 0: never.
    pub repeat_seconds: i32,
    /// It was told before.
    pub again: bool,
    /// While it fires it goes with whatever else its group tells.
    pub grouped: bool,
    /// It is held back: due when that ends.
    pub held: bool,
    /// The person for whom alone the channel is told; `None`: it is told for itself.
    pub person_id: Option<Blob<UserId>>,
}

/// A notice as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = notice, check_for_backend(MultiBackend))]
pub struct NoticeRow {
    /// Grows with every notice.
    pub id: i64,
    /// Where it goes.
    pub channel_id: Blob<ChannelId>,
    /// What it goes together with.
    pub group_key: String,
    /// What is told.
    pub intent_seq: i64,
    /// Its alert.
    pub alert_id: Blob<AlertId>,
    /// Not earlier than this.
    pub due_at: Moment,
    /// What still fires is told again after so long; 0: never.
    pub repeat_seconds: i32,
    /// It was told before.
    pub again: bool,
    /// While it fires it goes with whatever else its group tells.
    pub grouped: bool,
    /// It is held back: due when that ends.
    pub held: bool,
    /// The person for whom alone the channel is told; `None`: it is told for itself.
    pub person_id: Option<Blob<UserId>>,
}

impl NoticeRow {
    /// The same, for telling it again.
    pub fn renewed(self) -> NewNotice {
        NewNotice {
            channel_id: self.channel_id,
            group_key: self.group_key,
            intent_seq: self.intent_seq,
            alert_id: self.alert_id,
            due_at: self.due_at,
            repeat_seconds: self.repeat_seconds,
            again: true,
            grouped: self.grouped,
            held: false,
            person_id: self.person_id,
        }
    }
}

/// Writes a notice.
pub fn insert(conn: &mut Connection, row: &NewNotice) -> Result<(), StoreError> {
    diesel::insert_into(notice::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Up to `limit` notices that are due, the oldest first.
pub fn due(conn: &mut Connection, now: UnixMs, limit: i64) -> Result<Vec<NoticeRow>, StoreError> {
    Ok(notice::table
        .filter(notice::due_at.le(Moment(now)))
        .order(notice::id)
        .limit(limit)
        .select(NoticeRow::as_select())
        .load(conn)?)
}

/// All notices of a group, the oldest first.
pub fn of_group(
    conn: &mut Connection,
    channel: ChannelId,
    group_key: &str,
) -> Result<Vec<NoticeRow>, StoreError> {
    Ok(notice::table
        .filter(notice::channel_id.eq(Blob(channel)))
        .filter(notice::group_key.eq(group_key))
        .order(notice::id)
        .select(NoticeRow::as_select())
        .load(conn)?)
}

/// Those of these intents that are still to be told to a channel for the first time.
pub fn waiting_of(
    conn: &mut Connection,
    channel: ChannelId,
    intents: &[i64],
) -> Result<Vec<i64>, StoreError> {
    Ok(notice::table
        .filter(notice::channel_id.eq(Blob(channel)))
        .filter(notice::intent_seq.eq_any(intents))
        .filter(notice::again.eq(false))
        .select(notice::intent_seq)
        .load(conn)?)
}

/// Whether a notice is due.
pub fn is_due(conn: &mut Connection, now: UnixMs) -> Result<bool, StoreError> {
    let first: Option<i64> = notice::table
        .filter(notice::due_at.le(Moment(now)))
        .select(notice::id)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

/// When the next one is due; `None` when none waits.
pub fn next_at(conn: &mut Connection, now: UnixMs) -> Result<Option<UnixMs>, StoreError> {
    let next: Option<Moment> = notice::table
        .filter(notice::due_at.gt(Moment(now)))
        .select(min(notice::due_at))
        .get_result(conn)?;
    Ok(next.map(|at| at.0))
}

/// Moves what waits after the wall clock jumped by so many milliseconds: after a jump forward nothing
/// waits longer than it did. What a person is told at a time of the day stays there.
pub fn shift(conn: &mut Connection, by_ms: i64) -> Result<(), StoreError> {
    diesel::update(notice::table)
        .filter(notice::group_key.not_like("person %"))
        .set(notice::due_at.eq(notice::due_at + by_ms.min(0)))
        .execute(conn)?;
    Ok(())
}

/// When the next notice of a group is due that tells something new and is not held back; `None` when
/// none waits.
pub fn next_of_group(
    conn: &mut Connection,
    channel: ChannelId,
    group_key: &str,
) -> Result<Option<UnixMs>, StoreError> {
    let next: Option<Moment> = notice::table
        .filter(notice::channel_id.eq(Blob(channel)))
        .filter(notice::group_key.eq(group_key))
        .filter(notice::again.eq(false))
        .filter(notice::held.eq(false))
        .order(notice::due_at)
        .select(notice::due_at)
        .first(conn)
        .optional()?;
    Ok(next.map(|at| at.0))
}

/// All notices of an alert, the oldest first.
pub fn of_alert(conn: &mut Connection, alert: AlertId) -> Result<Vec<NoticeRow>, StoreError> {
    Ok(notice::table
        .filter(notice::alert_id.eq(Blob(alert)))
        .order(notice::id)
        .select(NoticeRow::as_select())
        .load(conn)?)
}

/// Puts a notice off.
pub fn put_off(conn: &mut Connection, id: i64, until: UnixMs) -> Result<(), StoreError> {
    diesel::update(notice::table.find(id))
        .set(notice::due_at.eq(Moment(until)))
        .execute(conn)?;
    Ok(())
}

/// Puts a notice off that is held back.
pub fn hold(conn: &mut Connection, id: i64, until: UnixMs) -> Result<(), StoreError> {
    diesel::update(notice::table.find(id))
        .set((notice::due_at.eq(Moment(until)), notice::held.eq(true)))
        .execute(conn)?;
    Ok(())
}

/// Lets everything that is held back be looked at again.
pub fn look_again(conn: &mut Connection, now: UnixMs) -> Result<(), StoreError> {
    diesel::update(notice::table)
        .filter(notice::held)
        .set(notice::due_at.eq(Moment(now)))
        .execute(conn)?;
    Ok(())
}

/// Removes a notice.
pub fn delete(conn: &mut Connection, id: i64) -> Result<(), StoreError> {
    diesel::delete(notice::table.find(id)).execute(conn)?;
    Ok(())
}

/// Removes what would tell a channel of an alert again, whatever it goes together with.
pub fn delete_again(
    conn: &mut Connection,
    channel: ChannelId,
    alert: AlertId,
) -> Result<(), StoreError> {
    diesel::delete(notice::table)
        .filter(notice::channel_id.eq(Blob(channel)))
        .filter(notice::alert_id.eq(Blob(alert)))
        .filter(notice::again.eq(true))
        .execute(conn)?;
    Ok(())
}

/// When the group was last told to the channel; `None`: never.
pub fn told_at(
    conn: &mut Connection,
    channel: ChannelId,
    group_key: &str,
) -> Result<Option<UnixMs>, StoreError> {
    let told: Option<Moment> = notice_group::table
        .find((Blob(channel), group_key))
        .select(notice_group::told_at)
        .first(conn)
        .optional()?;
    Ok(told.map(|at| at.0))
}

/// Notes that the group was told to the channel.
pub fn set_told(
    conn: &mut Connection,
    channel: ChannelId,
    group_key: &str,
    now: UnixMs,
) -> Result<(), StoreError> {
    both!(conn, conn => diesel::insert_into(notice_group::table)
        .values((
            notice_group::channel_id.eq(Blob(channel)),
            notice_group::group_key.eq(group_key),
            notice_group::told_at.eq(Moment(now)),
        ))
        .on_conflict((notice_group::channel_id, notice_group::group_key))
        .do_update()
        .set(notice_group::told_at.eq(Moment(now)))
        .execute(conn)?);
    Ok(())
}

/// Forgets groups that were last told before a moment.
pub fn forget_groups(conn: &mut Connection, before: UnixMs) -> Result<usize, StoreError> {
    Ok(diesel::delete(notice_group::table)
        .filter(notice_group::told_at.lt(Moment(before)))
        .execute(conn)?)
}

/// Under this key goes together what a person is told later.
pub fn key_of_person(user: UserId) -> String {
    format!("person {user}")
}

/// Removes all notices of a group.
pub fn delete_group(conn: &mut Connection, group_key: &str) -> Result<(), StoreError> {
    diesel::delete(notice::table)
        .filter(notice::group_key.eq(group_key))
        .execute(conn)?;
    Ok(())
}
