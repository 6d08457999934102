//! Table `alert_history`: every step of every alert, numbered; never changed afterwards.

use common::alert::{AlertChange, AlertEvent, Severity};
use common::api::personal_data::PersonalAct;
use common::ids::{AlertId, UserId};
use common::time::UnixMs;
use diesel::prelude::*;

use super::{Blob, Moment, Real, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::alert_history;

/// A step that is to be written.
#[derive(Debug, Clone, PartialEq, Insertable)]
#[diesel(table_name = alert_history, check_for_backend(MultiBackend))]
pub struct NewStep {
    /// The alert.
    pub alert_id: Blob<AlertId>,
    /// When.
    pub at: Moment,
    /// What happened.
    pub change: Word<AlertChange>,
    /// How bad it was then.
    pub severity: Word<Severity>,
    /// The value then; `None` for an absence or a person's step.
    pub value: Option<Real>,
    /// The alert's sentence then.
    pub message: String,
    /// Who did it; `None` when the rule did.
    pub by_user: Option<Blob<UserId>>,
    /// What the person said, or why the server did it by itself.
    pub comment: Option<String>,
    /// Who looks after the alert from then on; `None` for nobody, and for every other change.
    pub assignee: Option<Blob<UserId>>,
    /// Nobody is told: the alert was flapping.
    pub held: bool,
}

/// A step as it is stored.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = alert_history, check_for_backend(MultiBackend))]
pub struct StepRow {
    /// Grows with every step of every alert.
    pub seq: i64,
    /// The alert.
    pub alert_id: Blob<AlertId>,
    /// When.
    pub at: Moment,
    /// What happened.
    pub change: Word<AlertChange>,
    /// How bad it was then.
    pub severity: Word<Severity>,
    /// The value then; `None` for an absence or a person's step.
    pub value: Option<Real>,
    /// The alert's sentence then.
    pub message: String,
    /// Who did it; `None` when the rule did.
    pub by_user: Option<Blob<UserId>>,
    /// What the person said, or why the server did it by itself.
    pub comment: Option<String>,
    /// Who looks after the alert from then on; `None` for nobody, and for every other change.
    pub assignee: Option<Blob<UserId>>,
    /// Nobody is told: the alert was flapping.
    pub held: bool,
}

impl From<StepRow> for AlertEvent {
    fn from(row: StepRow) -> Self {
        Self {
            seq: row.seq.unsigned_abs(),
            at: row.at.0,
            change: row.change.0,
            severity: row.severity.0,
            value: row.value.map(|it| it.0),
            by: row.by_user.map(|id| id.0),
            comment: row.comment,
            assignee: row.assignee.map(|id| id.0),
            held: row.held,
        }
    }
}

impl From<StepRow> for PersonalAct {
    fn from(row: StepRow) -> Self {
        Self {
            alert: row.alert_id.0,
            at: row.at.0,
            change: row.change.0,
            comment: row.comment,
        }
    }
}

/// Writes a step; its number.
pub fn insert(conn: &mut Connection, step: &NewStep) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(alert_history::table)
        .values(step)
        .returning(alert_history::seq)
        .get_result(conn)?)
}

/// The steps of an alert, the oldest first.
pub fn of(conn: &mut Connection, alert: AlertId) -> Result<Vec<StepRow>, StoreError> {
    Ok(alert_history::table
        .filter(alert_history::alert_id.eq(Blob(alert)))
        .order(alert_history::seq)
        .select(StepRow::as_select())
        .load(conn)?)
}

/// The steps that a person took, the newest first.
pub fn by(conn: &mut Connection, person: UserId) -> Result<Vec<StepRow>, StoreError> {
    Ok(alert_history::table
        .filter(alert_history::by_user.eq(Blob(person)))
        .order(alert_history::seq.desc())
        .select(StepRow::as_select())
        .load(conn)?)
}

/// When the alert fired, or last became worse; `None` when that is not known.
pub fn worse_at(conn: &mut Connection, alert: AlertId) -> Result<Option<UnixMs>, StoreError> {
    let worse = [AlertChange::Fired, AlertChange::Escalated];
    let at: Option<Moment> = alert_history::table
        .filter(alert_history::alert_id.eq(Blob(alert)))
        .filter(alert_history::change.eq_any(worse.map(Word)))
        .select(diesel::dsl::max(alert_history::at))
        .first(conn)?;
    Ok(at.map(|at| at.0))
}

/// The number of the last step of all; 0 before the first.
pub fn last_seq(conn: &mut Connection) -> Result<i64, StoreError> {
    let last: Option<i64> = alert_history::table
        .select(diesel::dsl::max(alert_history::seq))
        .first(conn)?;
    Ok(last.unwrap_or(0))
}
