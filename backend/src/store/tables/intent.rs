//! Table `intent`, the outbox: what has to be told; never to whom.

use common::ids::AlertId;
use common::time::UnixMs;
use diesel::dsl::min;
use diesel::prelude::*;

use super::alert_history::StepRow;
use super::{Blob, Moment};
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::schema::{alert, alert_history, intent};

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
