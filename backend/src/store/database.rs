//! One database: its lock-free readers and its one writer.

use std::sync::mpsc;

use tokio::sync::oneshot;

use super::actor::Actor;
use super::connection::Connection;
use super::engine::Engine;
use super::error::StoreError;
use super::readers::{self, ReadPool};
use super::writer::{Job, Operation, Writer};

/// An open database.
#[derive(Debug)]
pub(super) struct Database {
    engine: Engine,
    writer: Writer,
    readers: ReadPool,
}

impl Database {
    /// Opens or creates it, brings it to this version, and starts its writer.
    pub(super) fn open(engine: Engine) -> Result<Self, StoreError> {
        let conn = engine.open()?;
        let readers = readers::open(&engine)?;
        Ok(Self {
            writer: Writer::start(engine.clone(), conn)?,
            engine,
            readers,
        })
    }

    /// Reads one snapshot on the blocking pool.
    pub(super) async fn read<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let pool = self.readers.clone();
        match tokio::task::spawn_blocking(move || readers::snapshot(&pool, look)).await {
            Ok(outcome) => outcome,
            Err(error) if error.is_panic() => Err(StoreError::Panicked.into()),
            Err(_) => Err(StoreError::Closed.into()),
        }
    }

    /// What it is worked with.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The readers, for work that is on the blocking pool already.
    pub(super) fn readers(&self) -> &ReadPool {
        &self.readers
    }

    /// Runs a change in the next group; answers after its commit.
    pub(super) async fn change<T, E, F>(&self, actor: Actor, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        // Who asked may have gone away; the change stands all the same.
        let reply = move |outcome| drop(reply.send(outcome));
        self.submit(Box::new(Operation::new(actor, change, reply)))?;
        match answer.await {
            Ok(outcome) => outcome,
            Err(_) => Err(StoreError::Closed.into()),
        }
    }

    /// As [`Database::change`], for threads that may wait: it blocks until the commit.
    pub(super) fn change_blocking<T, E, F>(&self, actor: Actor, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = mpsc::sync_channel(1);
        let reply = move |outcome| drop(reply.send(outcome));
        self.submit(Box::new(Operation::new(actor, change, reply)))?;
        match answer.recv() {
            Ok(outcome) => outcome,
            Err(_) => Err(StoreError::Closed.into()),
        }
    }

    /// Queues a job that answers by its own way.
    pub(super) fn submit(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        self.writer.submit(job)
    }

    /// Whether nothing can be written now; it is tried again by itself.
    pub(super) fn is_read_only(&self) -> bool {
        self.writer.is_read_only()
    }

    /// Changes that wait, or are being made.
    pub(super) fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// Commits what is queued and ends the writer; blocks until then.
    pub(super) fn close(&self) {
        self.writer.close();
    }
}
