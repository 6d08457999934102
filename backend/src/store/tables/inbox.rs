//! Table `inbox`: the messages behind each person's bell; never who gets one.

use common::alert::{AlertChange, Severity};
use common::api::inbox::InboxItem;
use common::ids::{AlertId, InboxItemId, ServerId, UserId};
use common::time::UnixMs;
use diesel::prelude::*;

use super::{Blob, Moment, Word};
use crate::store::connection::{Connection, MultiBackend, both};
use crate::store::error::StoreError;
use crate::store::schema::{inbox, server};

/// A message as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = inbox, check_for_backend(MultiBackend))]
pub struct InboxRow {
    /// The same for ever; grows with time.
    pub id: Blob<InboxItemId>,
    /// Whose inbox.
    pub user_id: Blob<UserId>,
    /// The intent that is told; each person once.
    pub intent_seq: i64,
    /// When the alert changed.
    pub at: Moment,
    /// The alert.
    pub alert_id: Blob<AlertId>,
    /// What happened to it.
    pub change: Word<AlertChange>,
    /// How bad it was.
    pub severity: Word<Severity>,
    /// The server it is about.
    pub server_id: Blob<ServerId>,
    /// One line.
    pub title: String,
    /// One sentence.
    pub body: String,
    /// When the person read it.
    pub read_at: Option<Moment>,
}

impl From<InboxRow> for InboxItem {
    fn from(row: InboxRow) -> Self {
        Self {
            id: row.id.0,
            at: row.at.0,
            alert_id: row.alert_id.0,
            change: row.change.0,
            severity: row.severity.0,
            server_id: row.server_id.0,
            title: row.title,
            body: row.body,
            read_at: row.read_at.map(|at| at.0),
        }
    }
}

/// The servers of some groups, as a part of a query.
macro_rules! servers_of {
    ($groups:ident) => {
        server::table
            .filter(server::group_name.eq_any($groups))
            .select(server::id)
    };
}

/// Whose messages are meant, and of which servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whose {
    /// The person.
    pub user: UserId,
    /// Only those about servers of these groups.
    pub groups: Option<Vec<String>>,
}

/// Adds a message unless that person has one of the same intent; whether it was added.
pub fn insert_once(conn: &mut Connection, row: &InboxRow) -> Result<bool, StoreError> {
    let added = both!(conn, conn => diesel::insert_into(inbox::table)
        .values(row)
        .on_conflict((inbox::user_id, inbox::intent_seq))
        .do_nothing()
        .execute(conn)?);
    Ok(added > 0)
}

/// Up to `limit` of somebody's messages, the newest first, those older than `before`.
pub fn page(
    conn: &mut Connection,
    whose: &Whose,
    before: Option<InboxItemId>,
    limit: i64,
) -> Result<Vec<InboxRow>, StoreError> {
    let mut query = inbox::table
        .filter(inbox::user_id.eq(Blob(whose.user)))
        .order(inbox::id.desc())
        .limit(limit)
        .select(InboxRow::as_select())
        .into_boxed();
    if let Some(groups) = &whose.groups {
        query = query.filter(inbox::server_id.eq_any(servers_of!(groups)));
    }
    if let Some(before) = before {
        query = query.filter(inbox::id.lt(Blob(before)));
    }
    Ok(query.load(conn)?)
}

/// How many of somebody's messages are unread.
pub fn unread(conn: &mut Connection, whose: &Whose) -> Result<i64, StoreError> {
    let mut query = inbox::table
        .filter(inbox::user_id.eq(Blob(whose.user)))
        .filter(inbox::read_at.is_null())
        .select(diesel::dsl::count_star())
        .into_boxed();
    if let Some(groups) = &whose.groups {
        query = query.filter(inbox::server_id.eq_any(servers_of!(groups)));
    }
    Ok(query.get_result(conn)?)
}

/// One of those messages; `None` when there is none, or it is none of them.
pub fn find(
    conn: &mut Connection,
    whose: &Whose,
    id: InboxItemId,
) -> Result<Option<InboxRow>, StoreError> {
    let mut query = inbox::table
        .find(Blob(id))
        .filter(inbox::user_id.eq(Blob(whose.user)))
        .select(InboxRow::as_select())
        .into_boxed();
    if let Some(groups) = &whose.groups {
        query = query.filter(inbox::server_id.eq_any(servers_of!(groups)));
    }
    Ok(query.first(conn).optional()?)
}

/// Marks a message as read; one that is read already keeps its time.
pub fn mark_read(conn: &mut Connection, id: InboxItemId, now: UnixMs) -> Result<(), StoreError> {
    diesel::update(inbox::table.find(Blob(id)))
        .filter(inbox::read_at.is_null())
        .set(inbox::read_at.eq(Moment(now)))
        .execute(conn)?;
    Ok(())
}

/// Marks all messages of a person as read; how many were not.
pub fn mark_all_read(
    conn: &mut Connection,
    user: UserId,
    now: UnixMs,
) -> Result<usize, StoreError> {
    Ok(diesel::update(inbox::table)
        .filter(inbox::user_id.eq(Blob(user)))
        .filter(inbox::read_at.is_null())
        .set(inbox::read_at.eq(Moment(now)))
        .execute(conn)?)
}

/// Removes a person's whole inbox.
pub fn delete_of_user(conn: &mut Connection, user: UserId) -> Result<(), StoreError> {
    diesel::delete(inbox::table)
        .filter(inbox::user_id.eq(Blob(user)))
        .execute(conn)?;
    Ok(())
}

/// The steps of an alert that a person was told of.
pub fn told_of(
    conn: &mut Connection,
    user: UserId,
    alert: AlertId,
) -> Result<Vec<i64>, StoreError> {
    Ok(inbox::table
        .filter(inbox::user_id.eq(Blob(user)))
        .filter(inbox::alert_id.eq(Blob(alert)))
        .select(inbox::intent_seq)
        .load(conn)?)
}
