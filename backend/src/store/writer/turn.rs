//! The writing thread: takes what is queued, commits it as one group, then answers.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError};

use diesel::connection::TransactionManager;
use diesel::result::Error as DieselError;

use super::link::Link;
use super::{Job, Verdict};
use crate::store::connection::Connection;
use crate::store::engine::{self, Engine};
use crate::store::error::StoreError;

/// Jobs of one commit; more wait for the next, so that the first is not kept waiting for long.
const GROUP: usize = 256;

type Manager = Connection;

/// The state of the writing thread.
pub(super) struct Turns {
    link: Link,
}

impl Turns {
    pub(super) fn new(engine: Engine, conn: Connection, read_only: Arc<AtomicBool>) -> Self {
        Self {
            link: Link::new(engine, conn, read_only),
        }
    }

    /// Works until the last sender is gone.
    pub(super) fn serve(mut self, queue: &Receiver<Box<dyn Job>>) {
        loop {
            let first = match self.link.until_next_try() {
                None => queue.recv().map_err(RecvTimeoutError::from),
                Some(pause) => queue.recv_timeout(pause),
            };
            match first {
                Ok(first) => {
                    self.turn(std::iter::once(first).chain(queue.try_iter()).take(GROUP));
                }
                Err(RecvTimeoutError::Timeout) => self.link.look_again(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.link.end();
    }

    fn turn(&mut self, mut jobs: impl Iterator<Item = Box<dyn Job>>) {
        let mut ran = Vec::new();
        let Some(conn) = self.link.begin() else {
            jobs.for_each(|job| job.answer(Err(self.link.refusal())));
            return;
        };
        let answer = match group(conn, &mut jobs, &mut ran) {
            Ok(()) => {
                self.link.succeeded();
                Ok(())
            }
            Err(lost) => self.lose(&lost, ran.len()),
        };
        for job in ran {
            job.answer(answer.clone().map_err(|cause| StoreError::Commit { cause }));
        }
    }

    /// What the jobs of a lost group are answered: their commit may have been done all the same.
    fn lose(&mut self, lost: &Lost, changes: usize) -> Result<(), String> {
        let cause = lost.cause.to_string();
        let database = self.link.name();
        tracing::error!(database, cause, changes, "commit failed");
        let Some(transaction) = lost.transaction else {
            self.link.fail(&cause);
            return Err(cause);
        };
        if self.link.fail_in_commit(&cause, transaction) {
            tracing::info!(database, changes, "the commit was done all the same");
            return Ok(());
        }
        Err(cause)
    }
}

/// Why a group is lost.
struct Lost {
    cause: DieselError,
    /// The transaction, when its commit was asked for and may have been done.
    transaction: Option<i64>,
}

impl From<DieselError> for Lost {
    fn from(cause: DieselError) -> Self {
        Self {
            cause,
            transaction: None,
        }
    }
}

/// Runs jobs in the open transaction, each in its savepoint, and commits them together. All that
/// ran are in `ran`, also when the group is lost; the rest stays in `jobs`.
fn group(
    conn: &mut Connection,
    jobs: &mut impl Iterator<Item = Box<dyn Job>>,
    ran: &mut Vec<Box<dyn Job>>,
) -> Result<(), Lost> {
    for mut job in jobs {
        let outcome = in_savepoint(conn, job.as_mut());
        ran.push(job);
        outcome?;
    }
    let transaction = engine::transaction(conn)?;
    Manager::commit_transaction(conn).map_err(|cause| Lost { cause, transaction })
}

/// An error means that the whole transaction is gone (a full disk ends it behind our back).
fn in_savepoint(conn: &mut Connection, job: &mut dyn Job) -> Result<(), DieselError> {
    Manager::begin_transaction(conn)?;
    let verdict = job.run(conn);
    if verdict == Verdict::Keep && depth(conn)? == 2 {
        Manager::commit_transaction(conn)?;
    }
    // A job that panicked may have left transactions of its own open.
    while depth(conn)? > 1 {
        Manager::rollback_transaction(conn)?;
    }
    match depth(conn)? {
        1 => Ok(()),
        _ => Err(DieselError::NotInTransaction),
    }
}

fn depth(conn: &mut Connection) -> Result<u32, DieselError> {
    let depth = Manager::transaction_manager_status_mut(conn).transaction_depth()?;
    Ok(depth.map_or(0, std::num::NonZero::get))
}
