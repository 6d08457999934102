//! Table `alerting_document`: what people wrote about who is told and who is not; never what it means.

use common::ids::UserId;
use common::time::UnixMs;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Blob, Json, Moment, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::alerting_document;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A silence.
    Silence,
    /// A maintenance window.
    Window,
    /// An inhibition.
    Inhibition,
    /// A route of notifications.
    Route,
    /// An escalation policy.
    Policy,
    /// An on-call schedule.
    Schedule,
}

/// A document as it is stored.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = alerting_document, check_for_backend(MultiBackend), treat_none_as_null = true)]
pub struct DocumentRow {
    /// The same for ever; grows with the time of its making.
    pub id: Blob<Uuid>,
    /// What it is.
    pub kind: Word<DocumentKind>,
    /// Counts its changes, from 1.
    pub version: i32,
    /// What a person wrote, as JSON of its kind.
    pub definition: String,
    /// From when on it says nothing any more; `None`: never.
    pub ends_at: Option<Moment>,
    /// Who made it; `None` when the server did.
    pub created_by: Option<Blob<UserId>>,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
    /// It says nothing of servers outside these groups; empty: of all.
    pub server_groups: Json<Vec<String>>,
}

/// All of a kind that still say something at `now`, the oldest first.
pub fn current(
    conn: &mut Connection,
    kind: DocumentKind,
    now: UnixMs,
) -> Result<Vec<DocumentRow>, StoreError> {
    let goes_on = alerting_document::ends_at
        .is_null()
        .or(alerting_document::ends_at.gt(Moment(now)).assume_not_null());
    Ok(alerting_document::table
        .filter(alerting_document::kind.eq(Word(kind)))
        .filter(goes_on)
        .order(alerting_document::id)
        .select(DocumentRow::as_select())
        .load(conn)?)
}

/// Up to `limit` of a kind, the youngest first, those older than `before`.
pub fn page(
    conn: &mut Connection,
    kind: DocumentKind,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<DocumentRow>, StoreError> {
    let mut query = alerting_document::table
        .filter(alerting_document::kind.eq(Word(kind)))
        .order(alerting_document::id.desc())
        .limit(limit)
        .select(DocumentRow::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(alerting_document::id.lt(Blob(before)));
    }
    Ok(query.load(conn)?)
}

/// The document of that kind and id; `None` when there is none.
pub fn find(
    conn: &mut Connection,
    kind: DocumentKind,
    id: Uuid,
) -> Result<Option<DocumentRow>, StoreError> {
    Ok(alerting_document::table
        .find(Blob(id))
        .filter(alerting_document::kind.eq(Word(kind)))
        .select(DocumentRow::as_select())
        .first(conn)
        .optional()?)
}

/// The document with that id, whatever its kind; `None` when there is none.
pub fn any(conn: &mut Connection, id: Uuid) -> Result<Option<DocumentRow>, StoreError> {
    Ok(alerting_document::table
        .find(Blob(id))
        .select(DocumentRow::as_select())
        .first(conn)
        .optional()?)
}

/// How many of a kind still say something at `now`.
pub fn count(conn: &mut Connection, kind: DocumentKind, now: UnixMs) -> Result<i64, StoreError> {
    let goes_on = alerting_document::ends_at
        .is_null()
        .or(alerting_document::ends_at.gt(Moment(now)).assume_not_null());
    Ok(alerting_document::table
        .filter(alerting_document::kind.eq(Word(kind)))
        .filter(goes_on)
        .count()
        .get_result(conn)?)
}

/// Removes what has said nothing since a moment; how much that was.
pub fn remove_ended(conn: &mut Connection, before: UnixMs) -> Result<usize, StoreError> {
    let is_over = alerting_document::ends_at.lt(Moment(before));
    Ok(diesel::delete(alerting_document::table)
        .filter(is_over.assume_not_null())
        .execute(conn)?)
}

/// Grows with each change of a route, policy or schedule that stays.
pub fn versions(conn: &mut Connection) -> Result<i64, StoreError> {
    let kinds = [
        DocumentKind::Route,
        DocumentKind::Policy,
        DocumentKind::Schedule,
    ];
    let sum: Option<i64> = alerting_document::table
        .filter(alerting_document::kind.eq_any(kinds.map(Word)))
        .select(diesel::dsl::sum(alerting_document::version))
        .first(conn)?;
    Ok(sum.unwrap_or_default())
}

/// Adds a document.
pub fn insert(conn: &mut Connection, row: &DocumentRow) -> Result<(), StoreError> {
    diesel::insert_into(alerting_document::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Replaces the document with the row's id.
pub fn update(conn: &mut Connection, row: &DocumentRow) -> Result<(), StoreError> {
    diesel::update(alerting_document::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// Removes a document.
pub fn delete(conn: &mut Connection, id: Uuid) -> Result<(), StoreError> {
    diesel::delete(alerting_document::table.find(Blob(id))).execute(conn)?;
    Ok(())
}
