//! Table `rule`: the rules that people keep, and what a first start has put in; never their state.

use common::alert::{Rule, RuleInput};
use common::ids::RuleId;
use common::time::UnixMs;
use diesel::prelude::*;

use super::{Blob, Json, Moment};
use crate::store::connection::{Connection, MultiBackend, both};
use crate::store::error::StoreError;
use crate::store::schema::{rule, seeded};

/// A rule as it is stored.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rule, check_for_backend(MultiBackend))]
pub struct RuleRow {
    /// The same for ever.
    pub id: Blob<RuleId>,
    /// Unique; the same as in the definition.
    pub name: String,
    /// Counts its changes, from 1.
    pub version: i32,
    /// What a person wrote.
    pub definition: Json<RuleInput>,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
}

impl From<RuleRow> for Rule {
    fn from(row: RuleRow) -> Self {
        Self {
            id: row.id.0,
            version: row.version.unsigned_abs(),
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
            input: row.definition.0,
        }
    }
}

impl From<Rule> for RuleRow {
    fn from(rule: Rule) -> Self {
        Self {
            id: Blob(rule.id),
            name: rule.input.name.clone(),
            version: i32::try_from(rule.version).unwrap_or(i32::MAX),
            definition: Json(rule.input),
            created_at: Moment(rule.created_at),
            updated_at: Moment(rule.updated_at),
        }
    }
}

/// All rules, by name.
pub fn all(conn: &mut Connection) -> Result<Vec<RuleRow>, StoreError> {
    Ok(rule::table
        .order(rule::name)
        .select(RuleRow::as_select())
        .load(conn)?)
}

/// Up to `limit` rules by name, those after the name `after`.
pub fn page(
    conn: &mut Connection,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<RuleRow>, StoreError> {
    Ok(rule::table
        .filter(rule::name.gt(after.unwrap_or_default()))
        .order(rule::name)
        .limit(limit)
        .select(RuleRow::as_select())
        .load(conn)?)
}

/// The rule with that id; `None` when there is none.
pub fn find(conn: &mut Connection, id: RuleId) -> Result<Option<RuleRow>, StoreError> {
    Ok(rule::table
        .find(Blob(id))
        .select(RuleRow::as_select())
        .first(conn)
        .optional()?)
}

/// Adds a rule; a name that exists is a unique violation.
pub fn insert(conn: &mut Connection, row: &RuleRow) -> Result<(), StoreError> {
    diesel::insert_into(rule::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the rule with the row's id; a name that another has is a unique violation.
pub fn update(conn: &mut Connection, row: &RuleRow) -> Result<(), StoreError> {
    diesel::update(rule::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// Removes a rule.
pub fn delete(conn: &mut Connection, id: RuleId) -> Result<(), StoreError> {
    diesel::delete(rule::table.find(Blob(id))).execute(conn)?;
    Ok(())
}

/// Notes that `what` was put in; false when it had been before.
pub fn mark_seeded(conn: &mut Connection, what: &str, now: UnixMs) -> Result<bool, StoreError> {
    let added = both!(conn, conn => diesel::insert_into(seeded::table)
        .values((seeded::name.eq(what), seeded::at.eq(Moment(now))))
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(added > 0)
}
