//! The writing thread: takes what is queued, commits it as one group, then answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use diesel::SqliteConnection;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::Error as DieselError;

use super::{Job, Open, Verdict};
use crate::clock::Clock;
use crate::store::connection;
use crate::store::error::StoreError;

/// Jobs of one commit; more wait for the next, so that the first is not kept waiting for long.
const GROUP: usize = 256;
/// Failed commits in a row after which nothing is written until a try has shown that it can be.
const FAILURES: u32 = 2;
/// Until the first such try; each that fails makes the pause twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LAST_PAUSE: Duration = Duration::from_secs(30);

type Manager = AnsiTransactionManager;

/// The state of the writing thread.
pub(super) struct Turns {
    name: String,
    /// `None` while nothing can be written.
    conn: Option<SqliteConnection>,
    open: Open,
    failures: u32,
    pause: Duration,
    /// When it is tried again, by the monotonic clock.
    next_try: Duration,
    clock: Clock,
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
            pause: FIRST_PAUSE,
            next_try: Duration::ZERO,
            clock: Clock::system(),
            read_only,
        }
    }

    /// Works until the last sender is gone.
    pub(super) fn serve(mut self, queue: &Receiver<Box<dyn Job>>) {
        loop {
            let first = match self.conn {
                Some(_) => queue.recv().map_err(RecvTimeoutError::from),
                None => queue.recv_timeout(self.until_next_try()),
            };
            match first {
                Ok(first) => self.turn(std::iter::once(first).chain(queue.try_iter()).take(GROUP)),
                Err(RecvTimeoutError::Timeout) => self.try_again(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if let Some(conn) = &mut self.conn
            && let Err(error) = conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")
        {
            tracing::warn!(database = self.name, %error, "the log was not folded in at the end");
        }
    }

    fn turn(&mut self, mut jobs: impl Iterator<Item = Box<dyn Job>>) {
        if self.conn.is_none() && self.until_next_try().is_zero() {
            self.try_again();
        }
        let Some(conn) = &mut self.conn else {
            jobs.for_each(|job| job.answer(Err(StoreError::ReadOnly)));
            return;
        };
        let mut ran = Vec::new();
        match group(conn, &mut jobs, &mut ran) {
            Ok(()) => {
                self.failures = 0;
                self.pause = FIRST_PAUSE;
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

    /// A new connection after the first failure, a pause after the second.
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
            tracing::error!(
                database = self.name,
                "nothing is written until the disk takes it again: make room or look at the disk"
            );
            self.read_only.store(true, Ordering::SeqCst);
            self.put_off();
        }
    }

    fn until_next_try(&self) -> Duration {
        self.next_try.saturating_sub(self.clock.monotonic())
    }

    fn put_off(&mut self) {
        self.next_try = self.clock.monotonic() + self.pause;
        self.pause = (self.pause * 2).min(LAST_PAUSE);
    }

    /// Opens the file again, when a small commit shows that it can be written.
    fn try_again(&mut self) {
        let opened = (self.open)().and_then(|mut conn| {
            connection::try_to_write(&mut conn)?;
            Ok(conn)
        });
        match opened {
            Ok(conn) => {
                self.conn = Some(conn);
                self.read_only.store(false, Ordering::SeqCst);
                tracing::info!(database = self.name, "the disk takes changes again");
            }
            Err(error) => {
                tracing::debug!(database = self.name, %error, "still nothing can be written");
                self.put_off();
            }
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
