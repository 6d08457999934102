//! Table `job`: scheduled jobs, their plans and their last runs; never what they do.

use common::api::jobs::{Job, JobKind, JobOutcome, JobRun};
use common::ids::JobId;
use common::schedule::Schedule;
use common::time::UnixMs;
use diesel::prelude::*;

use super::{Blob, Moment, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::job;

/// A job as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = job, check_for_backend(MultiBackend), treat_none_as_null = true)]
pub struct JobRow {
    /// The same for ever.
    pub id: Blob<JobId>,
    /// Which job; there is one of each.
    pub kind: Word<JobKind>,
    /// Counts the changes of its plan, from 1.
    pub version: i64,
    /// When it runs.
    pub schedule: Word<Schedule>,
    /// Whether it runs by itself.
    pub enabled: bool,
    /// Since when there is a plan.
    pub created_at: Moment,
    /// When the last run began; `None` before the first.
    pub started_at: Option<Moment>,
    /// Milliseconds that it took; `None` until it has ended.
    pub duration_ms: Option<i64>,
    /// How it ended; `None` before the first.
    pub outcome: Option<Word<JobOutcome>>,
    /// What it did, in a sentence.
    pub result: String,
}

impl JobRow {
    /// A job that never ran, by its first plan.
    pub fn new(id: JobId, kind: JobKind, now: UnixMs) -> Self {
        Self {
            id: Blob(id),
            kind: Word(kind),
            version: 1,
            schedule: Word(kind.first_schedule()),
            enabled: true,
            created_at: Moment(now),
            started_at: None,
            duration_ms: None,
            outcome: None,
            result: String::new(),
        }
    }

    /// When it is due; `None` while it is disabled.
    pub fn due(&self) -> Option<UnixMs> {
        let last = self.started_at.map(|at| at.0);
        let due = self.schedule.0.next(last, self.created_at.0);
        self.enabled.then_some(due)
    }
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        let next_run_at = row.due();
        let last_run = row.started_at.zip(row.outcome).map(|(at, outcome)| JobRun {
            started_at: at.0,
            duration_seconds: row.duration_ms.map(seconds),
            outcome: outcome.0,
            result: row.result,
        });
        let kind = row.kind.0;
        Self {
            id: row.id.0,
            kind,
            name: kind.name().to_owned(),
            description: kind.description().to_owned(),
            schedule: row.schedule.0,
            enabled: row.enabled,
            next_run_at,
            last_run,
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no run takes thousands of years"
)]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}

/// All jobs, the one that was made first first.
pub fn all(conn: &mut Connection) -> Result<Vec<JobRow>, StoreError> {
    Ok(job::table
        .order(job::id)
        .select(JobRow::as_select())
        .load(conn)?)
}

/// The job with that id; `None` when there is none.
pub fn find(conn: &mut Connection, id: JobId) -> Result<Option<JobRow>, StoreError> {
    Ok(job::table
        .find(Blob(id))
        .select(JobRow::as_select())
        .first(conn)
        .optional()?)
}

/// The job of that kind; `None` when there is none.
pub fn of_kind(conn: &mut Connection, kind: JobKind) -> Result<Option<JobRow>, StoreError> {
    Ok(job::table
        .filter(job::kind.eq(Word(kind)))
        .select(JobRow::as_select())
        .first(conn)
        .optional()?)
}

/// Adds a job; a kind that exists is a unique violation.
pub fn insert(conn: &mut Connection, row: &JobRow) -> Result<(), StoreError> {
    diesel::insert_into(job::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the job with the row's id.
pub fn update(conn: &mut Connection, row: &JobRow) -> Result<(), StoreError> {
    diesel::update(job::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}
