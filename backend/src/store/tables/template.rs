//! Tables `template` and `template_version`: what messages say, and said; never how it is rendered.

use common::api::channels::ChannelKind;
use common::api::templates::{TemplateInput, TemplateParts, Translations};
use common::ids::{TemplateId, UserId};
use diesel::prelude::*;

use super::{Blob, Json, Moment, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::{channel, template, template_version};

/// A template as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = template, check_for_backend(MultiBackend))]
pub struct TemplateRow {
    /// The same for ever.
    pub id: Blob<TemplateId>,
    /// Counts its changes, from 1.
    pub version: i64,
    /// Unique.
    pub name: String,
    /// The kind of channel it is for.
    pub kind: Word<ChannelKind>,
    /// What it says.
    pub parts: Json<TemplateParts>,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
    /// What it says to people of other languages.
    pub languages: Json<Translations>,
}

impl TemplateRow {
    /// Whether a person wrote just this.
    pub fn says(&self, input: &TemplateInput) -> bool {
        self.name == input.name
            && self.parts.0 == input.parts
            && self.languages.0 == input.languages
    }
}

/// What a template said at some time.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = template_version, check_for_backend(MultiBackend))]
pub struct VersionRow {
    /// The template.
    pub template_id: Blob<TemplateId>,
    /// The version.
    pub version: i64,
    /// What it said.
    pub parts: Json<TemplateParts>,
    /// Since when.
    pub at: Moment,
    /// Who wrote it.
    pub by_user: Option<Blob<UserId>>,
    /// What it said to people of other languages.
    pub languages: Json<Translations>,
}

/// Up to `limit` templates by name, those after the name `after`.
pub fn page(
    conn: &mut Connection,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<TemplateRow>, StoreError> {
    Ok(template::table
        .filter(template::name.gt(after.unwrap_or_default()))
        .order(template::name)
        .limit(limit)
        .select(TemplateRow::as_select())
        .load(conn)?)
}

/// How many templates there are.
pub fn count(conn: &mut Connection) -> Result<i64, StoreError> {
    Ok(template::table.count().get_result(conn)?)
}

/// The template with that id; `None` when there is none.
pub fn find(conn: &mut Connection, id: TemplateId) -> Result<Option<TemplateRow>, StoreError> {
    Ok(template::table
        .find(Blob(id))
        .select(TemplateRow::as_select())
        .first(conn)
        .optional()?)
}

/// Adds a template with its first version; a name that exists is a unique violation.
pub fn insert(
    conn: &mut Connection,
    row: &TemplateRow,
    by: Option<UserId>,
) -> Result<(), StoreError> {
    diesel::insert_into(template::table)
        .values(row)
        .execute(conn)?;
    keep_version(conn, row, by)
}

/// Replaces the template with the row's id and keeps what it says now; a name that another has is a
/// unique violation.
pub fn update(
    conn: &mut Connection,
    row: &TemplateRow,
    by: Option<UserId>,
) -> Result<(), StoreError> {
    diesel::update(template::table.find(row.id))
        .set(row)
        .execute(conn)?;
    keep_version(conn, row, by)
}

fn keep_version(
    conn: &mut Connection,
    row: &TemplateRow,
    by: Option<UserId>,
) -> Result<(), StoreError> {
    let version = VersionRow {
        template_id: row.id,
        version: row.version,
        parts: row.parts.clone(),
        at: row.updated_at,
        by_user: by.map(Blob),
        languages: row.languages.clone(),
    };
    diesel::insert_into(template_version::table)
        .values(&version)
        .execute(conn)?;
    Ok(())
}

/// What a template said, the newest first.
pub fn versions(conn: &mut Connection, id: TemplateId) -> Result<Vec<VersionRow>, StoreError> {
    Ok(template_version::table
        .filter(template_version::template_id.eq(Blob(id)))
        .order(template_version::version.desc())
        .select(VersionRow::as_select())
        .load(conn)?)
}

/// What a template said in that version; `None` when there was none.
pub fn version(
    conn: &mut Connection,
    id: TemplateId,
    version: i64,
) -> Result<Option<VersionRow>, StoreError> {
    Ok(template_version::table
        .find((Blob(id), version))
        .select(VersionRow::as_select())
        .first(conn)
        .optional()?)
}

/// Removes a template with all its versions; channels that used it say what the server says.
pub fn delete(conn: &mut Connection, id: TemplateId) -> Result<(), StoreError> {
    diesel::update(channel::table.filter(channel::template_id.eq(Blob(id))))
        .set(channel::template_id.eq(None::<Blob<TemplateId>>))
        .execute(conn)?;
    diesel::delete(template::table.find(Blob(id))).execute(conn)?;
    Ok(())
}
