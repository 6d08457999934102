//! What sets the engines apart, in one place: opening, migrating, transactions, space. Never a query
//! of a table.

mod postgres;
mod sqlite;

use std::path::Path;
use std::time::Duration;

use diesel::PgConnection;
use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::result::Error as DieselError;
use diesel_migrations::EmbeddedMigrations;

use super::connection::Connection;
use super::error::StoreError;
use super::migrate;
use crate::config::database::DatabaseUrl;

/// Which of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// People, servers, rules, alerts, outbox.
    State,
    /// Samples and processes.
    Metrics,
}

impl Part {
    /// Its tables, in a file and in a schema of a server: of the same names.
    pub(super) fn migrations(self) -> (EmbeddedMigrations, EmbeddedMigrations) {
        match self {
            Self::State => (migrate::STATE, migrate::STATE_POSTGRES),
            Self::Metrics => (migrate::METRICS, migrate::METRICS_POSTGRES),
        }
    }

    /// Makes the tables of its schema those that a session means, until the transaction ends.
    pub(super) fn enter(self, conn: &mut PgConnection) -> Result<(), StoreError> {
        let schema = postgres::schema(self);
        Ok(conn.batch_execute(&format!("SET LOCAL search_path = {schema}"))?)
    }
}

/// How large a database is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_field_names, reason = "units stand in names")]
pub(super) struct Sizes {
    /// On the disk, without the log.
    pub(super) file_bytes: u64,
    /// Of all pages, those included that are not folded into the file yet.
    pub(super) page_bytes: u64,
    /// Changes that are not folded in yet; 0 where they are the server's own affair.
    pub(super) log_bytes: u64,
    /// Space that nothing lies in; 0 where nobody counts it.
    pub(super) free_bytes: u64,
}

/// Where one of the databases is, and how it is worked with.
#[derive(Debug, Clone)]
pub(super) enum Engine {
    /// A file in the data directory.
    Sqlite(sqlite::File),
    /// A schema on a server.
    Postgres(postgres::Schema),
}

impl Engine {
    /// A database: on the server at `url`, or in a file when there is none.
    pub(super) fn of(data_dir: &Path, url: Option<&DatabaseUrl>, part: Part) -> Self {
        match url {
            None => Self::Sqlite(sqlite::File::of(data_dir, part)),
            Some(url) => Self::Postgres(postgres::Schema::of(url, part)),
        }
    }

    /// What a person knows it by.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Sqlite(file) => file.path.display().to_string(),
            Self::Postgres(schema) => schema.to_string(),
        }
    }

    /// Opens it for writing, at the start: made when missing, of this version, ours alone.
    pub(super) fn open(&self) -> Result<Connection, StoreError> {
        match self {
            Self::Sqlite(file) => file.create().map(Connection::Sqlite),
            Self::Postgres(schema) => schema.create().map(Connection::Pg),
        }
    }

    /// Opens it for writing once more, after the connection was lost.
    pub(super) fn reopen(&self) -> Result<Connection, StoreError> {
        match self {
            Self::Sqlite(file) => file.writer().map(Connection::Sqlite),
            Self::Postgres(schema) => schema.take_up().map(Connection::Pg),
        }
    }

    /// Opens it for reading alone: each transaction sees one moment.
    pub(super) fn reader(&self) -> Result<Connection, StoreError> {
        match self {
            Self::Sqlite(file) => file.reader().map(Connection::Sqlite),
            Self::Postgres(schema) => schema.reader().map(Connection::Pg),
        }
    }

    /// Failed commits in a row after which nothing is written until a try has shown that it can be:
    /// a full disk is not emptied by the next commit. A server says itself what it is.
    pub(super) fn most_failures(&self) -> u32 {
        match self {
            Self::Sqlite(_) => 2,
            Self::Postgres(_) => u32::MAX,
        }
    }

    /// What a person may do while nothing can be written.
    pub(super) fn advice(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => {
                "nothing is written until the disk takes it again: make room or look at the disk"
            }
            Self::Postgres(_) => {
                "nothing is written until the server of the database answers again"
            }
        }
    }

    /// What is answered while nothing can be written.
    pub(super) fn refusal(&self, cause: &str) -> StoreError {
        match self {
            Self::Sqlite(_) => StoreError::ReadOnly,
            Self::Postgres(_) => StoreError::Unreachable {
                cause: cause.to_owned(),
            },
        }
    }

    /// Whether there is one already.
    pub(super) fn is_there(&self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(file) => Ok(file.path.is_file()),
            Self::Postgres(schema) => schema.is_there(),
        }
    }

    /// A short name for a list.
    pub(super) fn short_name(&self) -> String {
        match self {
            Self::Sqlite(file) => file.name().to_owned(),
            Self::Postgres(schema) => schema.name().to_owned(),
        }
    }

    /// How large it is.
    pub(super) fn sizes(&self, conn: &mut Connection) -> Result<Sizes, StoreError> {
        match (self, conn) {
            (Self::Sqlite(file), Connection::Sqlite(conn)) => file.sizes(conn),
            (Self::Postgres(schema), Connection::Pg(conn)) => schema.sizes(conn),
            _ => Ok(Sizes::default()),
        }
    }

    /// Between two tries at most.
    pub(super) fn longest_pause(&self) -> Duration {
        match self {
            Self::Sqlite(_) => Duration::from_secs(30),
            Self::Postgres(_) => Duration::from_secs(5),
        }
    }

    /// For how long an answer waits to learn whether a commit that got none was done.
    pub(super) fn outcome_patience(&self) -> Duration {
        match self {
            Self::Sqlite(_) => Duration::ZERO,
            Self::Postgres(_) => Duration::from_secs(5),
        }
    }
}

/// Begins a transaction that writes.
pub(super) fn begin(conn: &mut Connection) -> Result<(), DieselError> {
    match conn {
        Connection::Sqlite(conn) => {
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")
        }
        Connection::Pg(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN"),
    }
}

/// What names the open transaction, so that its outcome can be asked for when its commit gets no
/// answer; `None` when that cannot be.
pub(super) fn transaction(conn: &mut Connection) -> Result<Option<i64>, DieselError> {
    match conn {
        Connection::Sqlite(_) => Ok(None),
        Connection::Pg(conn) => postgres::transaction(conn).map(Some),
    }
}

/// Whether a transaction was committed, once nobody works on it any more.
pub(super) fn was_committed(conn: &mut Connection, transaction: i64) -> Result<bool, DieselError> {
    match conn {
        Connection::Sqlite(_) => Ok(false),
        Connection::Pg(conn) => postgres::was_committed(conn, transaction),
    }
}

/// Writes something that changes nothing, and commits it: whether that can be done.
pub(super) fn try_to_write(conn: &mut Connection) -> Result<(), DieselError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::try_to_write(conn),
        // Who has the lock can write.
        Connection::Pg(_) => Ok(()),
    }
}

/// Bytes of a table and of its rows alone, without its other indexes.
pub(super) fn table_bytes(conn: &mut Connection, table: &str) -> Result<u64, StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::table_bytes(conn, table),
        Connection::Pg(conn) => postgres::table_bytes(conn, table),
    }
}

/// What is wrong with the files, as the engine says it; a server looks after its own.
pub(super) fn faults(conn: &mut Connection, is_quick: bool) -> Result<Vec<String>, StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::faults(conn, is_quick),
        Connection::Pg(_) => Ok(Vec::new()),
    }
}

/// Folds the log in and cuts it; what a reader still needs stays for the next time.
pub(super) fn empty_log(conn: &mut Connection) -> Result<(), StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::empty_log(conn),
        Connection::Pg(_) => Ok(()),
    }
}

/// What is left to do with a writing connection at the end.
pub(super) fn end(conn: &mut Connection) -> Result<(), DieselError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::end(conn),
        Connection::Pg(_) => Ok(()),
    }
}

/// Gives up to `pages` of the space that nothing lies in back to the system, all but `spare` pages;
/// whether there is more. `PostgreSQL` does so by itself.
pub(super) fn give_back(conn: &mut Connection, pages: u32, spare: u32) -> Result<bool, StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::give_back(conn, pages, spare),
        Connection::Pg(_) => Ok(false),
    }
}

/// Pages that hold nothing; `None` where nobody counts them.
#[cfg(test)]
pub(super) fn free_pages(conn: &mut Connection) -> Result<Option<u32>, StoreError> {
    match conn {
        Connection::Sqlite(conn) => sqlite::free_pages(conn).map(Some),
        Connection::Pg(_) => Ok(None),
    }
}
