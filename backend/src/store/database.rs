//! One SQLite file: its lock-free readers and its one writer.

use std::path::{Path, PathBuf};
use std::sync::mpsc;

use diesel::SqliteConnection;
use diesel_migrations::EmbeddedMigrations;
use tokio::sync::oneshot;

use super::actor::Actor;
use super::connection::{self, ReadPool};
use super::error::StoreError;
use super::migrate::{self, Copy};
use super::writer::{Job, Operation, Writer};

/// What sets one file apart from the other.
pub(super) struct Form {
    /// Its name in the data directory.
    pub(super) name: &'static str,
    /// Bytes of a page, fixed when the file is made.
    pub(super) page_size_bytes: u32,
    /// Its tables.
    pub(super) migrations: EmbeddedMigrations,
    /// Whether it is copied before a migration.
    pub(super) copy: Copy,
}

/// An open file.
#[derive(Debug)]
pub(super) struct Database {
    path: PathBuf,
    writer: Writer,
    readers: ReadPool,
}

impl Database {
    /// Opens or creates the file, brings it to this version, and starts its writer.
    pub(super) fn open(directory: &Path, form: Form) -> Result<Self, StoreError> {
        let path = directory.join(form.name);
        let is_new = !path.exists();
        let mut conn = connection::writer(&path, form.page_size_bytes)?;
        migrate::run(&mut conn, &path, form.migrations, form.copy)?;
        if is_new {
            migrate::sync(&path).map_err(|source| StoreError::Directory {
                path: directory.to_owned(),
                source,
            })?;
        }
        let readers = connection::readers(&path)?;
        let again = path.clone();
        let open = Box::new(move || connection::writer(&again, form.page_size_bytes));
        Ok(Self {
            path: path.clone(),
            writer: Writer::start(&path, conn, open)?,
            readers,
        })
    }

    /// Reads one snapshot on the blocking pool.
    pub(super) async fn read<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: FnOnce(&mut SqliteConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let pool = self.readers.clone();
        match tokio::task::spawn_blocking(move || connection::snapshot(&pool, look)).await {
            Ok(outcome) => outcome,
            Err(error) if error.is_panic() => Err(StoreError::Panicked.into()),
            Err(_) => Err(StoreError::Closed.into()),
        }
    }

    /// Where the file lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The readers, for work that is on the blocking pool already.
    pub(super) fn readers(&self) -> &ReadPool {
        &self.readers
    }

    /// Runs a change in the next group; answers after its commit.
    pub(super) async fn change<T, E, F>(&self, actor: Actor, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut SqliteConnection) -> Result<T, E> + Send + 'static,
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
        F: FnOnce(&mut SqliteConnection) -> Result<T, E> + Send + 'static,
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

    /// Whether nothing can be written, after failed commits, until the disk takes it again.
    pub(super) fn is_read_only(&self) -> bool {
        self.writer.is_read_only()
    }

    /// Commits what is queued and ends the writer; blocks until then.
    pub(super) fn close(&self) {
        self.writer.close();
    }
}
