//! When one job runs: at its time, or when asked; what it did is written down.

use std::time::Duration;

use common::api::jobs::{JobKind, JobOutcome};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::work::{Done, Work};
use crate::clock::Clock;
use crate::store::tables::job::JobRow;
use crate::store::tables::{self, Moment, Word};
use crate::store::{Actor, StoreError};

/// The plan is looked at this often at least: the clock may have been set.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// What a job is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// Run now.
    Run {
        /// A person has agreed to what waits for that.
        confirmed: bool,
    },
    /// The plan is another.
    LookAgain,
}

/// The task of one job.
pub(super) struct Runner {
    kind: JobKind,
    clock: Clock,
    work: Work,
}

impl Runner {
    pub(super) fn new(kind: JobKind, clock: Clock, work: Work) -> Self {
        Self { kind, clock, work }
    }

    /// Runs the job whenever it is due, until `stop`.
    pub(super) async fn serve(self, mut asked: mpsc::Receiver<Ask>, stop: CancellationToken) {
        let mut failing = false;
        loop {
            // What cannot be read now is looked at again soon.
            let row = self.row().await.ok().flatten();
            let wait = row.and_then(|row| self.wait(&row));
            // A job that is due and cannot be written down stays due: it must not be tried at once.
            let pause = wait.filter(|_| !failing).unwrap_or(LOOK_EVERY);
            let ask = tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause.min(LOOK_EVERY)) => None,
                ask = asked.recv() => ask,
            };
            let confirmed = match ask {
                Some(Ask::Run { confirmed }) => Some(confirmed),
                Some(Ask::LookAgain) => None,
                None => (wait == Some(Duration::ZERO)).then_some(false),
            };
            let Some(confirmed) = confirmed else { continue };
            let run = self.run(confirmed);
            match stop.run_until_cancelled(run).await {
                None => return,
                Some(Ok(())) => failing = false,
                // Said once: it goes on until the disk has room again.
                Some(Err(_)) if failing => {}
                Some(Err(error)) => {
                    failing = true;
                    tracing::error!(job = self.kind.name(), %error, "a run cannot be written down");
                }
            }
        }
    }

    async fn row(&self) -> Result<Option<JobRow>, StoreError> {
        let kind = self.kind;
        let find = move |conn: &mut _| tables::job::of_kind(conn, kind);
        self.work.store.read(find).await
    }

    /// Time until the job is due; `None` while it is disabled.
    fn wait(&self, row: &JobRow) -> Option<Duration> {
        let (due, now) = (row.due()?, self.clock.now());
        // The clock was set back: that run does not count.
        let is_ahead = row.started_at.is_some_and(|at| at.0 > now);
        let left = if is_ahead {
            0
        } else {
            due.0.saturating_sub(now.0).max(0)
        };
        Some(Duration::from_millis(left.unsigned_abs()))
    }

    /// One run, its start and its end written down.
    async fn run(&self, confirmed: bool) -> Result<(), StoreError> {
        let (now, began) = (self.clock.now(), self.clock.monotonic());
        self.note(move |row| {
            row.started_at = Some(Moment(now));
            row.duration_ms = None;
            row.outcome = Some(Word(JobOutcome::Running));
            row.result = String::new();
        })
        .await?;
        let done = match self.work.run(self.kind, now, confirmed).await {
            Ok(done) => done,
            Err(error) => Done::failed(error.to_string()),
        };
        if done.outcome == JobOutcome::Failed {
            tracing::error!(job = self.kind.name(), result = done.result, "a job failed");
        }
        let took = self.clock.monotonic().saturating_sub(began);
        self.note(move |row| {
            row.duration_ms = i64::try_from(took.as_millis()).ok();
            row.outcome = Some(Word(done.outcome));
            row.result = done.result;
        })
        .await
    }

    async fn note(
        &self,
        write: impl FnOnce(&mut JobRow) + Send + 'static,
    ) -> Result<(), StoreError> {
        let kind = self.kind;
        let store = &self.work.store;
        store
            .change(&Actor::System("jobs"), move |conn| {
                let Some(mut row) = tables::job::of_kind(conn, kind)? else {
                    return Ok(());
                };
                write(&mut row);
                tables::job::update(conn, &row)
            })
            .await
    }
}
