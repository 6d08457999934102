//! The writing thread: takes what is queued, commits it as one group, then answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;

use diesel::SqliteConnection;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::Error as DieselError;

use super::{Job, Open, Verdict};
use crate::store::error::StoreError;

/// Jobs of one commit; more wait for the next, so that the first is not kept waiting for long.
const GROUP: usize = 256;
/// Failed commits in a row after which nothing is written any more.
const FAILURES: u32 = 2;

type Manager = AnsiTransactionManager;

/// The state of the writing thread.
pub(super) struct Turns {
    name: String,
    /// `None` once read-only.
    conn: Option<SqliteConnection>,
    open: Open,
    failures: u32,
    read_only: Arc<AtomicBool>,
}

impl Turns {
    pub(super) fn new(
        name: String,
        conn: SqliteConnection,
        open: Open,
        read_only: Arc<AtomicBool>,
    ) -> Self {
        Self {
            name,
            conn: Some(conn),
            open,
            failures: 0,
            read_only,
        }
    }

    /// Works until the last sender is gone.
    pub(super) fn serve(mut self, queue: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = queue.recv() {
            self.turn(std::iter::once(first).chain(queue.try_iter()).take(GROUP));
        }
        if let Some(conn) = &mut self.conn
            && let Err(error) = conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")
        {
            tracing::warn!(database = self.name, %error, "the log was not folded in at the end");
        }
    }

    fn turn(&mut self, mut jobs: impl Iterator<Item = Box<dyn Job>>) {
        let Some(conn) = &mut self.conn else {
            jobs.for_each(|job| job.answer(Err(StoreError::ReadOnly)));
            return;
        };
        let mut ran = Vec::new();
        match group(conn, &mut jobs, &mut ran) {
            Ok(()) => {
                self.failures = 0;
                for job in ran {
                    job.answer(Ok(()));
                }
            }
            Err(error) => {
                let cause = error.to_string();
                tracing::error!(
                    database = self.name,
                    cause,
                    changes = ran.len(),
                    "commit failed"
                );
                self.recover();
                for job in ran {
                    job.answer(Err(StoreError::Commit {
                        cause: cause.clone(),
                    }));
                }
            }
        }
    }

    /// A new connection after the first failure, none after the second.
    fn recover(&mut self) {
        self.conn = None;
        self.failures += 1;
        if self.failures < FAILURES {
            match (self.open)() {
                Ok(conn) => self.conn = Some(conn),
                Err(error) => tracing::error!(database = self.name, %error, "not opened again"),
            }
        }
        if self.conn.is_none() {
            tracing::error!(database = self.name, "read-only until a restart");
            self.read_only.store(true, Ordering::SeqCst);
        }
    }
}

/// Runs jobs, each in its savepoint, and commits them together. All that ran are in `ran`,
/// also when the group is lost; the rest stays in `jobs`.
fn group(
    conn: &mut SqliteConnection,
    jobs: &mut impl Iterator<Item = Box<dyn Job>>,
    ran: &mut Vec<Box<dyn Job>>,
) -> Result<(), DieselError> {
    let begun = Manager::begin_transaction_sql(conn, "BEGIN IMMEDIATE");
    for mut job in jobs {
        let outcome = match &begun {
            Ok(()) => in_savepoint(conn, job.as_mut()),
            Err(_) => Ok(()),
        };
        ran.push(job);
        outcome?;
        if begun.is_err() {
            break;
        }
    }
    begun?;
    Manager::commit_transaction(conn)
}

/// An error means that the whole transaction is gone (a full disk ends it behind our back).
fn in_savepoint(conn: &mut SqliteConnection, job: &mut dyn Job) -> Result<(), DieselError> {
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

fn depth(conn: &mut SqliteConnection) -> Result<u32, DieselError> {
    let depth = Manager::transaction_manager_status_mut(conn).transaction_depth()?;
    Ok(depth.map_or(0, std::num::NonZero::get))
}
