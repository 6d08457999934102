//! Tables `decision` and `rule_version`: what moved a rule's state, to what, and the rule as it was
//! then; never changed afterwards, never evaluated here.

use common::alert::RuleInput;
use common::ids::{AlertId, RuleId};
use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;

use super::{Blob, Json, Moment};
use crate::store::connection::{Connection, MultiBackend, both};
use crate::store::error::StoreError;
use crate::store::schema::{decision, rule_version};

/// A decision that is to be written.
#[derive(Debug, Clone, PartialEq, Insertable)]
#[diesel(table_name = decision, check_for_backend(MultiBackend))]
pub struct NewDecision {
    /// The alert.
    pub alert_id: Blob<AlertId>,
    /// The step that came of it; `None` when none was written.
    pub seq: Option<i64>,
    /// When.
    pub at: Moment,
    /// By which rule.
    pub rule_id: Blob<RuleId>,
    /// The rule's version then.
    pub rule_version: i32,
    /// What was evaluated, as `rules` writes it.
    pub input: String,
    /// What came of it, as `rules` writes it.
    pub outcome: String,
}

/// A decision with the rule as it was then.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionRow {
    /// Grows with every decision.
    pub id: i64,
    /// What was decided.
    pub decision: Decided,
    /// By what.
    pub definition: RuleInput,
}

/// A decision as it is stored.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = decision, check_for_backend(MultiBackend))]
pub struct Decided {
    /// The step that came of it; `None` when none was written.
    pub seq: Option<i64>,
    /// When.
    pub at: Moment,
    /// The rule's version then.
    pub rule_version: i32,
    /// What was evaluated, as `rules` writes it.
    pub input: String,
    /// What came of it, as `rules` writes it.
    pub outcome: String,
}

/// Writes a decision, and the rule unless that version of it is there.
pub fn insert(
    conn: &mut Connection,
    row: &NewDecision,
    definition: &RuleInput,
) -> Result<(), StoreError> {
    both!(conn, conn => diesel::insert_into(rule_version::table)
        .values((
            rule_version::rule_id.eq(row.rule_id),
            rule_version::version.eq(row.rule_version),
            rule_version::definition.eq(Json(definition)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?);
    diesel::insert_into(decision::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Up to `limit` decisions about an alert, the oldest first, those after the number `after`.
pub fn of(
    conn: &mut Connection,
    alert: AlertId,
    after: i64,
    limit: i64,
) -> Result<Vec<DecisionRow>, StoreError> {
    let rows: Vec<(i64, Decided, Json<RuleInput>)> = decision::table
        .inner_join(
            rule_version::table.on(rule_version::rule_id
                .eq(decision::rule_id)
                .and(rule_version::version.eq(decision::rule_version))),
        )
        .filter(decision::alert_id.eq(Blob(alert)))
        .filter(decision::id.gt(after))
        .order(decision::id)
        .limit(limit)
        .select((decision::id, Decided::as_select(), rule_version::definition))
        .load(conn)?;
    let rows = rows
        .into_iter()
        .map(|(id, decision, definition)| DecisionRow {
            id,
            decision,
            definition: definition.0,
        });
    Ok(rows.collect())
}

/// A rule as it was in a version that something was decided by; `None` when that is not kept.
pub fn definition(
    conn: &mut Connection,
    rule: RuleId,
    version: i32,
) -> Result<Option<RuleInput>, StoreError> {
    let found: Option<Json<RuleInput>> = rule_version::table
        .find((Blob(rule), version))
        .select(rule_version::definition)
        .first(conn)
        .optional()?;
    Ok(found.map(|definition| definition.0))
}

/// Removes decisions about an alert beyond the newest `most`, and rules as they were that nothing
/// was decided by; how many decisions.
pub fn prune(conn: &mut Connection, most: i64) -> Result<usize, StoreError> {
    let long: Vec<Blob<AlertId>> = decision::table
        .group_by(decision::alert_id)
        .having(count_star().gt(most))
        .select(decision::alert_id)
        .load(conn)?;
    let mut removed = 0;
    for alert in long {
        let of_alert = decision::table.filter(decision::alert_id.eq(alert));
        let oldest_kept: Option<i64> = of_alert
            .order(decision::id.desc())
            .offset(most - 1)
            .select(decision::id)
            .first(conn)
            .optional()?;
        if let Some(oldest_kept) = oldest_kept {
            let earlier = decision::table
                .filter(decision::alert_id.eq(alert))
                .filter(decision::id.lt(oldest_kept));
            removed += diesel::delete(earlier).execute(conn)?;
        }
    }
    let used = decision::table
        .filter(decision::rule_id.eq(rule_version::rule_id))
        .filter(decision::rule_version.eq(rule_version::version));
    diesel::delete(rule_version::table.filter(not(exists(used)))).execute(conn)?;
    Ok(removed)
}
