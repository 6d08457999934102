//! The plans of the jobs: read, changed, and runs asked for; never a run itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use common::api::jobs::{Job, JobKind, JobOutcome, JobPatch, JobRun, RunJob};
use common::ids::JobId;
use common::version::{Seen, Version};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::error::JobError;
use super::scheduler::{Ask, Runner};
use super::work::Work;
use crate::auth::{Allowed, Scraper, may};
use crate::clock::Clock;
use crate::store::tables::job::JobRow;
use crate::store::tables::{self, Word};
use crate::store::{Actor, Connection, Store, StoreError};
use crate::tasks::Tasks;

/// Asks that may wait for one job: one that waits stands for all.
const ASKS: usize = 1;

/// The jobs. Clones share them.
#[derive(Debug, Clone)]
pub struct Jobs {
    store: Store,
    asks: Arc<BTreeMap<JobKind, mpsc::Sender<Ask>>>,
}

impl Jobs {
    /// Adds the jobs that are new, notes which runs the last stop interrupted, and starts a task
    /// for each.
    pub async fn start(tasks: &Tasks, clock: &Clock, work: Work) -> Result<Self, JobError> {
        let store = work.store.clone();
        let now = clock.now();
        store
            .change(&Actor::System("jobs"), move |conn| {
                JobKind::ALL
                    .into_iter()
                    .try_for_each(|kind| prepare(conn, kind, now))
            })
            .await?;
        let mut asks = BTreeMap::new();
        for kind in JobKind::ALL {
            let (ask, asked) = mpsc::channel(ASKS);
            asks.insert(kind, ask);
            let runner = Runner::new(kind, clock.clone(), work.clone());
            tasks.spawn(kind.name(), runner.serve(asked, tasks.token()));
        }
        let asks = Arc::new(asks);
        Ok(Self { store, asks })
    }

    /// All jobs, in the order in which data passes them.
    pub async fn all(&self, _may: &Allowed<may::DatabaseManage>) -> Result<Vec<Job>, JobError> {
        let rows = self.store.read(tables::job::all).await?;
        let mut jobs: Vec<Job> = rows.into_iter().map(Job::from).collect();
        jobs.sort_by_key(|job| job.kind);
        Ok(jobs)
    }

    /// The last run of each job that ever ran, for the page of metrics.
    pub async fn last_runs(&self, _: &Scraper) -> Result<Vec<(JobKind, JobRun)>, JobError> {
        let rows = self.store.read(tables::job::all).await?;
        let jobs = rows.into_iter().map(Job::from);
        Ok(jobs
            .filter_map(|job| Some((job.kind, job.last_run?)))
            .collect())
    }

    /// Changes the plan of a job that the caller saw as `seen`.
    pub async fn change(
        &self,
        may: &Allowed<may::DatabaseManage>,
        id: JobId,
        patch: JobPatch,
        seen: Seen,
    ) -> Result<(Job, Version), JobError> {
        let row = self
            .store
            .change(&may.actor(), move |conn| {
                let mut row = tables::job::find(conn, id)?.ok_or(JobError::NotFound)?;
                if !seen.fits(Version(row.version)) {
                    return Err(JobError::Changed);
                }
                let before = row.clone();
                row.schedule = patch.schedule.map_or(row.schedule, Word);
                row.enabled = patch.enabled.unwrap_or(row.enabled);
                if row != before {
                    row.version += 1;
                    tables::job::update(conn, &row)?;
                }
                Ok::<_, JobError>(row)
            })
            .await?;
        self.ask(row.kind.0, Ask::LookAgain);
        let version = Version(row.version);
        Ok((row.into(), version))
    }

    /// Has a job run now, also one that is disabled. While it runs, that is the run.
    pub async fn run(
        &self,
        _may: &Allowed<may::DatabaseManage>,
        id: JobId,
        run: RunJob,
    ) -> Result<Job, JobError> {
        let row = self
            .store
            .read(move |conn| tables::job::find(conn, id))
            .await?
            .ok_or(JobError::NotFound)?;
        if row.outcome != Some(Word(JobOutcome::Running)) {
            self.ask(
                row.kind.0,
                Ask::Run {
                    confirmed: run.confirm,
                },
            );
        }
        Ok(row.into())
    }

    /// An ask that waits already is as good.
    fn ask(&self, kind: JobKind, ask: Ask) {
        if let Some(asks) = self.asks.get(&kind) {
            asks.try_send(ask).ok();
        }
    }
}

/// Adds the row of a kind, or ends a run in it that the last stop of the server cut off.
fn prepare(
    conn: &mut Connection,
    kind: JobKind,
    now: common::time::UnixMs,
) -> Result<(), StoreError> {
    match tables::job::of_kind(conn, kind)? {
        None => tables::job::insert(conn, &JobRow::new(JobId(Uuid::now_v7()), kind, now)),
        Some(mut row) if row.outcome == Some(Word(JobOutcome::Running)) => {
            row.outcome = Some(Word(JobOutcome::Interrupted));
            "The server stopped meanwhile.".clone_into(&mut row.result);
            tables::job::update(conn, &row)
        }
        Some(_) => Ok(()),
    }
}
