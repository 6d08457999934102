//! Table `intent_trace`: every decision about an intent, in its order; never the decision itself.

use std::collections::BTreeSet;

use common::alert::Severity;
use common::ids::{AlertId, UserId};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::delivery::Carried;
use super::intent::TELLING;
use super::{Blob, Json, Moment, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::{alert_history, intent_trace};

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraceStep {
    /// Whether somebody holds the alert back.
    Hold,
    /// Whom a route names.
    Route,
    /// With which others it goes.
    Group,
    /// Whether a channel has had too much.
    Rate,
    /// What a person wants.
    Preference,
    /// A step of an escalation policy.
    Escalation,
}

/// How it was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraceOutcome {
    /// It goes on.
    Told,
    /// It waits.
    Held,
    /// It never goes.
    Dropped,
}

/// A decision that is to be written.
#[derive(Debug, Clone, PartialEq, Insertable)]
#[diesel(table_name = intent_trace, check_for_backend(MultiBackend))]
pub struct NewTrace {
    /// The intent it was about.
    pub intent_seq: i64,
    /// When.
    pub at: Moment,
    /// What was decided.
    pub step: Word<TraceStep>,
    /// How.
    pub outcome: Word<TraceOutcome>,
    /// Why, for a person.
    pub reason: String,
    /// The objects that decided.
    pub objects: Json<Vec<Uuid>>,
}

/// A decision as it is stored.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = intent_trace, check_for_backend(MultiBackend))]
pub struct TraceRow {
    /// Grows with every decision.
    pub id: i64,
    /// The intent it was about.
    pub intent_seq: i64,
    /// When.
    pub at: Moment,
    /// What was decided.
    pub step: Word<TraceStep>,
    /// How.
    pub outcome: Word<TraceOutcome>,
    /// Why, for a person.
    pub reason: String,
    /// The objects that decided.
    pub objects: Json<Vec<Uuid>>,
}

/// Writes a decision.
pub fn insert(conn: &mut Connection, row: &NewTrace) -> Result<(), StoreError> {
    diesel::insert_into(intent_trace::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The decisions about the steps of an alert, the oldest first.
pub fn of(conn: &mut Connection, alert: AlertId) -> Result<Vec<TraceRow>, StoreError> {
    Ok(intent_trace::table
        .inner_join(alert_history::table.on(alert_history::seq.eq(intent_trace::intent_seq)))
        .filter(alert_history::alert_id.eq(Blob(alert)))
        .order(intent_trace::id)
        .select(TraceRow::as_select())
        .load(conn)?)
}

/// The people whom a delivery with these was for: those whose wishes were followed, now or later.
pub fn people_told(
    conn: &mut Connection,
    carried: &[Carried],
) -> Result<BTreeSet<UserId>, StoreError> {
    let intents = carried.iter().map(|one| one.intent_seq);
    let people: Vec<Json<Vec<Uuid>>> = intent_trace::table
        .filter(intent_trace::intent_seq.eq_any(intents))
        .filter(intent_trace::step.eq(Word(TraceStep::Preference)))
        .filter(intent_trace::outcome.ne(Word(TraceOutcome::Dropped)))
        .select(intent_trace::objects)
        .load(conn)?;
    let each = people.into_iter().flat_map(|people| people.0);
    Ok(each.map(UserId).collect())
}

/// How bad the alert was when it was last told so; `None` when it never was.
pub fn told_severity(
    conn: &mut Connection,
    alert: AlertId,
) -> Result<Option<Severity>, StoreError> {
    let found: Option<Word<Severity>> = intent_trace::table
        .inner_join(alert_history::table.on(alert_history::seq.eq(intent_trace::intent_seq)))
        .filter(alert_history::alert_id.eq(Blob(alert)))
        .filter(alert_history::change.eq_any(TELLING.map(Word)))
        .filter(intent_trace::step.eq(Word(TraceStep::Hold)))
        .filter(intent_trace::outcome.eq(Word(TraceOutcome::Told)))
        .order(intent_trace::id.desc())
        .select(alert_history::severity)
        .first(conn)
        .optional()?;
    Ok(found.map(|severity| severity.0))
}
