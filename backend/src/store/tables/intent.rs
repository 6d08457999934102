//! Table `intent`, the outbox: what has to be told; never to whom.

use common::alert::AlertChange;
use common::ids::AlertId;
use common::time::UnixMs;
use diesel::dsl::min;
use diesel::prelude::*;

use super::alert_history::StepRow;
use super::{Blob, Moment, Word};
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::schema::{alert, alert_history, intent};

/// The steps that tell how bad an alert is that fires.
pub(super) const TELLING: [AlertChange; 5] = [
    AlertChange::Fired,
    AlertChange::Escalated,
    AlertChange::Deescalated,
    AlertChange::Flapping,
    AlertChange::Calmed,
];

/// An intent that is to be written, in the transaction of its step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Insertable)]
#[diesel(table_name = intent)]
pub struct NewIntent {
    /// The number of the step that is told.
    pub seq: i64,
    /// The alert.
    pub alert_id: Blob<AlertId>,
    /// Not told earlier than this.
    pub due_at: Moment,
}

/// A step that has to be told, with what the message says.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The step.
    pub step: StepRow,
    /// The alert as it is now.
    pub alert: super::alert::AlertRow,
}

/// Writes an intent; a second one of the same step is a unique violation.
pub fn insert(conn: &mut Connection, row: &NewIntent) -> Result<(), StoreError> {
    diesel::insert_into(intent::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Numbers of up to `limit` due intents that nobody has consumed, the oldest first.
pub fn due(conn: &mut Connection, now: UnixMs, limit: i64) -> Result<Vec<i64>, StoreError> {
    Ok(intent::table
        .filter(intent::consumed_at.is_null())
        .filter(intent::due_at.le(Moment(now)))
        .order(intent::seq)
        .limit(limit)
        .select(intent::seq)
        .load(conn)?)
}

/// Marks an intent as consumed; false when somebody had done so before.
pub fn consume(conn: &mut Connection, seq: i64, now: UnixMs) -> Result<bool, StoreError> {
    let consumed = diesel::update(intent::table.find(seq))
        .filter(intent::consumed_at.is_null())
        .set(intent::consumed_at.eq(Moment(now)))
        .execute(conn)?;
    Ok(consumed > 0)
}

/// What an intent is about; `None` when its alert is gone.
pub fn told(conn: &mut Connection, seq: i64) -> Result<Option<Told>, StoreError> {
    let found: Option<(StepRow, super::alert::AlertRow)> = alert_history::table
        .inner_join(alert::table)
        .filter(alert_history::seq.eq(seq))
        .select((StepRow::as_select(), super::alert::AlertRow::as_select()))
        .first(conn)
        .optional()?;
    Ok(found.map(|(step, alert)| Told { step, alert }))
}

/// The intents of an alert: the number of each, and when it was consumed; the oldest first.
pub fn of_alert(
    conn: &mut Connection,
    alert: AlertId,
) -> Result<Vec<(i64, Option<Moment>)>, StoreError> {
    Ok(intent::table
        .filter(intent::alert_id.eq(Blob(alert)))
        .order(intent::seq)
        .select((intent::seq, intent::consumed_at))
        .load(conn)?)
}

/// When the next intent that waits is due; `None` when none waits.
pub fn next_at(conn: &mut Connection, now: UnixMs) -> Result<Option<UnixMs>, StoreError> {
    let next: Option<Moment> = intent::table
        .filter(intent::consumed_at.is_null())
        .filter(intent::due_at.gt(Moment(now)))
        .select(min(intent::due_at))
        .get_result(conn)?;
    Ok(next.map(|at| at.0))
}

/// Moves the waits of intents after the wall clock jumped by so many milliseconds. After a jump
/// forward nothing waits longer than it did.
pub fn shift(conn: &mut Connection, by_ms: i64) -> Result<(), StoreError> {
    diesel::update(intent::table)
        .filter(intent::consumed_at.is_null())
        .set(intent::due_at.eq(intent::due_at + by_ms.min(0)))
        .execute(conn)?;
    Ok(())
}

/// By whom the intent is held back; `None` when it is not.
pub fn held_by(conn: &mut Connection, seq: i64) -> Result<Option<String>, StoreError> {
    let found: Option<Option<String>> = intent::table
        .find(seq)
        .select(intent::held_by)
        .first(conn)
        .optional()?;
    Ok(found.flatten())
}

/// Leaves the intent in the outbox until `until`, held back by `by`.
pub fn hold(conn: &mut Connection, seq: i64, until: UnixMs, by: &str) -> Result<(), StoreError> {
    diesel::update(intent::table.find(seq))
        .set((
            intent::due_at.eq(Moment(until)),
            intent::held_by.eq(Some(by)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Lets everything that is held back be looked at again.
pub fn look_again(conn: &mut Connection, now: UnixMs) -> Result<(), StoreError> {
    diesel::update(intent::table)
        .filter(intent::consumed_at.is_null())
        .filter(intent::held_by.is_not_null())
        .set(intent::due_at.eq(Moment(now)))
        .execute(conn)?;
    Ok(())
}

/// Lets what is held back by `by`, among others, be looked at again.
pub fn look_again_at(conn: &mut Connection, by: &str, now: UnixMs) -> Result<(), StoreError> {
    diesel::update(intent::table)
        .filter(intent::consumed_at.is_null())
        .filter(intent::held_by.is_not_null())
        .filter(intent::held_by.like(format!("%{by}%")).assume_not_null())
        .set(intent::due_at.eq(Moment(now)))
        .execute(conn)?;
    Ok(())
}

/// Whether a later step of the alert that tells how bad it is waits in the outbox as well.
pub fn is_followed(conn: &mut Connection, alert: AlertId, seq: i64) -> Result<bool, StoreError> {
    let later: Option<i64> = intent::table
        .inner_join(alert_history::table)
        .filter(intent::alert_id.eq(Blob(alert)))
        .filter(intent::seq.gt(seq))
        .filter(intent::consumed_at.is_null())
        .filter(alert_history::change.eq_any(TELLING.map(Word)))
        .select(intent::seq)
        .first(conn)
        .optional()?;
    Ok(later.is_some())
}
