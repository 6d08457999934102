//! Table `escalation`: the next step of each escalation; never who is told by it.

use common::ids::{AlertId, PolicyId};
use common::time::UnixMs;
use diesel::dsl::min;
use diesel::prelude::*;

use super::{Blob, Moment};
use crate::store::connection::{Connection, MultiBackend, both};
use crate::store::error::StoreError;
use crate::store::schema::escalation;

/// A step that is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Insertable)]
#[diesel(table_name = escalation, check_for_backend(MultiBackend))]
pub struct NewEscalation {
    /// The alert.
    pub alert_id: Blob<AlertId>,
    /// What is told.
    pub intent_seq: i64,
    /// By which policy.
    pub policy_id: Blob<PolicyId>,
    /// Which step, from 0.
    pub step: i32,
    /// Which time, from 0.
    pub round: i32,
    /// Not earlier than this.
    pub due_at: Moment,
    /// Its targets were told.
    pub told: bool,
}

/// A step as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = escalation, check_for_backend(MultiBackend))]
pub struct EscalationRow {
    /// Grows with every step.
    pub id: i64,
    /// The alert.
    pub alert_id: Blob<AlertId>,
    /// What is told.
    pub intent_seq: i64,
    /// By which policy.
    pub policy_id: Blob<PolicyId>,
    /// Which step, from 0.
    pub step: i32,
    /// Which time, from 0.
    pub round: i32,
    /// Not earlier than this.
    pub due_at: Moment,
    /// When it was told or cancelled.
    pub ended_at: Option<Moment>,
    /// Its targets were told.
    pub told: bool,
}

/// Writes a step; one of an alert and policy that has an open one already is left out.
pub fn insert_once(conn: &mut Connection, row: &NewEscalation) -> Result<(), StoreError> {
    both!(conn, conn => diesel::insert_into(escalation::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(())
}

/// Up to `limit` open steps that are due, the oldest first.
pub fn due(
    conn: &mut Connection,
    now: UnixMs,
    limit: i64,
) -> Result<Vec<EscalationRow>, StoreError> {
    Ok(escalation::table
        .filter(escalation::ended_at.is_null())
        .filter(escalation::due_at.le(Moment(now)))
        .order(escalation::id)
        .limit(limit)
        .select(EscalationRow::as_select())
        .load(conn)?)
}

/// Whether a step is due.
pub fn is_due(conn: &mut Connection, now: UnixMs) -> Result<bool, StoreError> {
    let first: Option<i64> = escalation::table
        .filter(escalation::ended_at.is_null())
        .filter(escalation::due_at.le(Moment(now)))
        .select(escalation::id)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

/// When the next one is due; `None` when none waits.
pub fn next_at(conn: &mut Connection, now: UnixMs) -> Result<Option<UnixMs>, StoreError> {
    let next: Option<Moment> = escalation::table
        .filter(escalation::ended_at.is_null())
        .filter(escalation::due_at.gt(Moment(now)))
        .select(min(escalation::due_at))
        .get_result(conn)?;
    Ok(next.map(|at| at.0))
}

/// Moves open steps after the wall clock jumped by so many milliseconds: after a jump forward none
/// waits longer than it did.
pub fn shift(conn: &mut Connection, by_ms: i64) -> Result<(), StoreError> {
    diesel::update(escalation::table)
        .filter(escalation::ended_at.is_null())
        .set(escalation::due_at.eq(escalation::due_at + by_ms.min(0)))
        .execute(conn)?;
    Ok(())
}

/// Ends a step: it was told or cancelled.
pub fn end(conn: &mut Connection, id: i64, now: UnixMs, told: bool) -> Result<(), StoreError> {
    diesel::update(escalation::table.find(id))
        .set((
            escalation::ended_at.eq(Some(Moment(now))),
            escalation::told.eq(told),
        ))
        .execute(conn)?;
    Ok(())
}

/// The steps of a policy that were told of an alert, each once.
pub fn told_steps(
    conn: &mut Connection,
    alert: AlertId,
    policy: PolicyId,
) -> Result<Vec<i32>, StoreError> {
    Ok(escalation::table
        .filter(escalation::alert_id.eq(Blob(alert)))
        .filter(escalation::policy_id.eq(Blob(policy)))
        .filter(escalation::told.eq(true))
        .select(escalation::step)
        .distinct()
        .order(escalation::step)
        .load(conn)?)
}

/// The open step of an alert and policy; `None` when the policy is not at work.
pub fn open(
    conn: &mut Connection,
    alert: AlertId,
    policy: PolicyId,
) -> Result<Option<i64>, StoreError> {
    Ok(escalation::table
        .filter(escalation::alert_id.eq(Blob(alert)))
        .filter(escalation::policy_id.eq(Blob(policy)))
        .filter(escalation::ended_at.is_null())
        .select(escalation::id)
        .first(conn)
        .optional()?)
}

/// Has an open step, and those after it, tell something newer.
pub fn renew(conn: &mut Connection, id: i64, intent_seq: i64) -> Result<(), StoreError> {
    diesel::update(escalation::table.find(id))
        .set(escalation::intent_seq.eq(intent_seq))
        .execute(conn)?;
    Ok(())
}

/// Puts a step off that is held back.
pub fn hold(conn: &mut Connection, id: i64, until: UnixMs) -> Result<(), StoreError> {
    diesel::update(escalation::table.find(id))
        .set((
            escalation::due_at.eq(Moment(until)),
            escalation::held.eq(true),
        ))
        .execute(conn)?;
    Ok(())
}

/// Lets every open step that is held back be looked at again.
pub fn look_again(conn: &mut Connection, now: UnixMs) -> Result<(), StoreError> {
    diesel::update(escalation::table)
        .filter(escalation::held)
        .filter(escalation::ended_at.is_null())
        .set(escalation::due_at.eq(Moment(now)))
        .execute(conn)?;
    Ok(())
}

/// Cancels all open steps of an alert.
pub fn cancel(conn: &mut Connection, alert: AlertId, now: UnixMs) -> Result<(), StoreError> {
    diesel::update(escalation::table)
        .filter(escalation::alert_id.eq(Blob(alert)))
        .filter(escalation::ended_at.is_null())
        .set(escalation::ended_at.eq(Some(Moment(now))))
        .execute(conn)?;
    Ok(())
}
