//! Table `channel`: where messages go, their secrets sealed; never what a secret is.

use common::api::channels::ChannelKind;
use common::ids::{ChannelId, TemplateId};
use diesel::prelude::*;
use serde_json::{Map, Value};

use super::{Blob, Json, Moment, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::channel;

/// A channel as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = channel, check_for_backend(MultiBackend), treat_none_as_null = true)]
pub struct ChannelRow {
    /// The same for ever.
    pub id: Blob<ChannelId>,
    /// Counts its changes, from 1.
    pub version: i64,
    /// Unique.
    pub name: String,
    /// What it speaks to.
    pub kind: Word<ChannelKind>,
    /// What the kind needs, without secrets.
    pub config: Json<Map<String, Value>>,
    /// The secrets, sealed with the id; `None` when there are none.
    pub secrets: Option<Vec<u8>>,
    /// Whether it gets messages.
    pub enabled: bool,
    /// Why the server disabled it by itself; `None` when it did not.
    pub disabled_because: Option<String>,
    /// The channel that gets what this one refuses.
    pub fallback_id: Option<Blob<ChannelId>>,
    /// What its messages say; `None`: what the server says by itself.
    pub template_id: Option<Blob<TemplateId>>,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
}

/// All channels, by name.
pub fn all(conn: &mut Connection) -> Result<Vec<ChannelRow>, StoreError> {
    Ok(channel::table
        .order(channel::name)
        .select(ChannelRow::as_select())
        .load(conn)?)
}

/// Adds a channel; a name that exists is a unique violation.
pub fn insert(conn: &mut Connection, row: &ChannelRow) -> Result<(), StoreError> {
    diesel::insert_into(channel::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Up to `limit` channels by name, those after the name `after`.
pub fn page(
    conn: &mut Connection,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<ChannelRow>, StoreError> {
    Ok(channel::table
        .filter(channel::name.gt(after.unwrap_or_default()))
        .order(channel::name)
        .limit(limit)
        .select(ChannelRow::as_select())
        .load(conn)?)
}

/// How many channels there are.
pub fn count(conn: &mut Connection) -> Result<i64, StoreError> {
    Ok(channel::table.count().get_result(conn)?)
}

/// The channel with that id; `None` when there is none.
pub fn find(conn: &mut Connection, id: ChannelId) -> Result<Option<ChannelRow>, StoreError> {
    Ok(channel::table
        .find(Blob(id))
        .select(ChannelRow::as_select())
        .first(conn)
        .optional()?)
}

/// Replaces the channel with the row's id; a name that another has is a unique violation.
pub fn update(conn: &mut Connection, row: &ChannelRow) -> Result<(), StoreError> {
    diesel::update(channel::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// Removes a channel; none falls back on it any more.
pub fn delete(conn: &mut Connection, id: ChannelId) -> Result<(), StoreError> {
    diesel::update(channel::table.filter(channel::fallback_id.eq(Blob(id))))
        .set(channel::fallback_id.eq(None::<Blob<ChannelId>>))
        .execute(conn)?;
    diesel::delete(channel::table.find(Blob(id))).execute(conn)?;
    Ok(())
}
