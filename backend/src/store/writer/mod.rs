//! The one writer of a database: a bounded queue before a thread that commits in groups.

mod link;
mod operation;
mod turn;
mod waiting;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::connection::Connection;
use super::engine::Engine;
use super::error::StoreError;
pub(super) use operation::Operation;
use turn::Turns;
use waiting::Waiting;

/// Changes that may wait; one more is refused as busy.
const QUEUE: usize = 1024;

/// What to do with the savepoint of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It joins the group's commit.
    Keep,
    /// It is rolled back alone.
    Undo,
}

/// One change on its way through the writer.
pub(super) trait Job: Send {
    /// Runs in a savepoint of its own; must not panic.
    fn run(&mut self, conn: &mut Connection) -> Verdict;
    /// Called once, after the commit of the group or after its failure.
    fn answer(self: Box<Self>, commit: Result<(), StoreError>);
}

/// The way to the writing thread.
#[derive(Debug)]
pub(super) struct Writer {
    running: Mutex<Option<Running>>,
    waiting: Waiting,
    read_only: Arc<AtomicBool>,
}

#[derive(Debug)]
struct Running {
    queue: SyncSender<Box<dyn Job>>,
    thread: JoinHandle<()>,
}

impl Writer {
    /// Starts the thread on a connection that the engine opened.
    pub(super) fn start(engine: Engine, conn: Connection) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(QUEUE);
        let read_only = Arc::new(AtomicBool::new(false));
        let database = engine.name();
        let turns = Turns::new(engine, conn, Arc::clone(&read_only));
        let thread = std::thread::Builder::new()
            .name("write".to_owned())
            .spawn(move || turns.serve(&jobs))
            .map_err(|error| StoreError::Open {
                database,
                cause: error.to_string(),
            })?;
        Ok(Self {
            running: Mutex::new(Some(Running { queue, thread })),
            waiting: Waiting::default(),
            read_only,
        })
    }

    /// Queues a job. An error means that it was dropped without having run.
    pub(super) fn submit(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(running) = running.as_ref() else {
            return Err(StoreError::Closed);
        };
        let job = self.waiting.counted(job);
        running.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Closed,
        })
    }

    /// Changes that wait, or are being made.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.count()
    }

    /// Whether nothing can be written now; it is tried again by itself.
    pub(super) fn is_read_only(&self) -> bool {
        self.read_only.load(Ordering::SeqCst)
    }

    /// Commits what is queued and ends the thread. Blocks until then.
    pub(super) fn close(&self) {
        let running = self
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(Running { queue, thread }) = running else {
            return;
        };
        drop(queue);
        // A job may hold the last clone of the store: the thread cannot wait for itself.
        if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
            tracing::error!("a writing thread panicked");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}
