//! The writing connection: lost, tried again, opened again; never a job.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::clock::Clock;
use crate::store::connection::Connection;
use crate::store::engine::{self, Engine};
use crate::store::error::StoreError;

/// Until the first try; each that fails makes the pause twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// A connection that may be away.
pub(super) struct Link {
    engine: Engine,
    conn: Option<Connection>,
    /// Commits that failed in a row.
    failures: u32,
    /// Why there is no connection.
    cause: String,
    pause: Duration,
    /// When it is tried again, by the monotonic clock; `None`: only a restart helps.
    next_try: Option<Duration>,
    /// A commit that was answered as failed and may have been done.
    unanswered: Option<i64>,
    read_only: Arc<AtomicBool>,
    clock: Clock,
}

impl Link {
    pub(super) fn new(engine: Engine, conn: Connection, read_only: Arc<AtomicBool>) -> Self {
        Self {
            engine,
            conn: Some(conn),
            failures: 0,
            cause: String::new(),
            pause: FIRST_PAUSE,
            next_try: Some(Duration::ZERO),
            unanswered: None,
            read_only,
            clock: Clock::system(),
        }
    }

    /// What its log lines call the database.
    pub(super) fn name(&self) -> String {
        self.engine.name()
    }

    /// The connection, in a new transaction. One that was lost since the last time is opened again
    /// at once, and then now and again. `None` when there is none.
    pub(super) fn begin(&mut self) -> Option<&mut Connection> {
        self.begin_on_what_is_there();
        if self.conn.is_none() && self.is_due() {
            self.reopen_late();
            self.begin_on_what_is_there();
        }
        self.conn.as_mut()
    }

    /// A group was committed.
    pub(super) fn succeeded(&mut self) {
        self.failures = 0;
        self.pause = FIRST_PAUSE;
    }

    /// Gives the connection up after a failure, and opens another unless that has to wait.
    pub(super) fn fail(&mut self, cause: &str) {
        self.lose(cause);
        self.look_again();
    }

    /// As [`Link::fail`], after a commit that got no answer: whether it was done all the same. Waits
    /// for the server, though not for ever.
    pub(super) fn fail_in_commit(&mut self, cause: &str, transaction: i64) -> bool {
        self.lose(cause);
        self.unanswered = Some(transaction);
        let patience = self.engine.outcome_patience();
        let asked = self.clock.monotonic();
        loop {
            if let Some(was_committed) = self.reopen() {
                return was_committed;
            }
            let waited = self.clock.monotonic().saturating_sub(asked);
            if self.next_try.is_none() || waited > patience {
                return false;
            }
            std::thread::sleep(FIRST_PAUSE);
        }
    }

    /// When nothing waits to be written: how long until it is tried again; `None` when it need not.
    pub(super) fn until_next_try(&self) -> Option<Duration> {
        let next_try = self.next_try.filter(|_| self.conn.is_none())?;
        Some(next_try.saturating_sub(self.clock.monotonic()))
    }

    /// Tries again when it is time.
    pub(super) fn look_again(&mut self) {
        if self.conn.is_none() && self.is_due() {
            self.reopen_late();
        }
    }

    /// What is answered while there is no connection.
    pub(super) fn refusal(&self) -> StoreError {
        match self.next_try {
            Some(_) => self.engine.refusal(&self.cause),
            None => StoreError::Taken {
                database: self.name(),
            },
        }
    }

    /// Does what is left to do at the end.
    pub(super) fn end(&mut self) {
        if let Some(conn) = &mut self.conn
            && let Err(error) = engine::end(conn)
        {
            tracing::warn!(database = self.name(), %error, "the log was not folded in at the end");
        }
    }

    fn begin_on_what_is_there(&mut self) {
        if let Some(conn) = &mut self.conn
            && let Err(error) = engine::begin(conn)
        {
            self.lose(&error.to_string());
        }
    }

    fn lose(&mut self, cause: &str) {
        self.conn = None;
        cause.clone_into(&mut self.cause);
        self.failures = self.failures.saturating_add(1);
        self.next_try = Some(self.clock.monotonic());
        if self.failures >= self.engine.most_failures() {
            self.stay_away();
        }
    }

    /// Opens the connection; `None` when that fails, else whether a commit that got no answer was
    /// done.
    fn reopen(&mut self) -> Option<bool> {
        let opened = self.engine.reopen().and_then(|mut conn| {
            engine::try_to_write(&mut conn)?;
            let unanswered = self.unanswered;
            let known = unanswered.map(|it| engine::was_committed(&mut conn, it));
            Ok((conn, known.transpose()?))
        });
        match opened {
            Ok((conn, was_committed)) => {
                self.conn = Some(conn);
                self.unanswered = None;
                if self.read_only.swap(false, Ordering::SeqCst) {
                    tracing::info!(database = self.name(), "changes are taken again");
                }
                Some(was_committed.unwrap_or_default())
            }
            Err(error @ StoreError::Taken { .. }) => {
                tracing::error!(%error, "nothing is written any more");
                self.read_only.store(true, Ordering::SeqCst);
                self.next_try = None;
                None
            }
            Err(error) => {
                self.cause = error.to_string();
                self.stay_away();
                None
            }
        }
    }

    /// As [`Link::reopen`], when nobody waits for that answer any more.
    fn reopen_late(&mut self) {
        if self.reopen() == Some(true) {
            tracing::error!(
                database = self.name(),
                "changes that were answered as failed are stored: restart, so that memory has them too"
            );
        }
    }

    /// Puts the next try off.
    fn stay_away(&mut self) {
        self.next_try = Some(self.clock.monotonic() + self.pause);
        self.pause = (self.pause * 2).min(self.engine.longest_pause());
        let (database, cause) = (self.name(), &self.cause);
        if self.read_only.swap(true, Ordering::SeqCst) {
            tracing::debug!(database, cause, "still nothing can be written");
        } else {
            tracing::error!(database, cause, "{}", self.engine.advice());
        }
    }

    fn is_due(&self) -> bool {
        let now = self.clock.monotonic();
        self.next_try.is_some_and(|next_try| next_try <= now)
    }
}
