//! How a connection to one of the files is opened: pragmas of the writer and of the readers.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Error as PoolError, Pool};
use diesel::result::Error as DieselError;
use diesel::{Connection, SqliteConnection};

use super::error::StoreError;

/// Read-only connections to one file.
pub(super) type ReadPool = Pool<ConnectionManager<SqliteConnection>>;

/// Readers of one file. More would not be faster on few cores, and each keeps its own page cache.
const READERS: u32 = 4;

/// Opens the connection that writes. A new file gets its page size and its vacuum mode, which
/// cannot be changed once it has a table.
pub(super) fn writer(path: &Path, page_size_bytes: u32) -> Result<SqliteConnection, StoreError> {
    let failed = |cause: String| StoreError::Open {
        path: path.to_owned(),
        cause,
    };
    let mut conn =
        SqliteConnection::establish(&text(path)?).map_err(|error| failed(error.to_string()))?;
    conn.batch_execute(&format!(
        "PRAGMA busy_timeout = 5000;
         PRAGMA page_size = {page_size_bytes};
         PRAGMA auto_vacuum = INCREMENTAL;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cache_size = -2048;
         PRAGMA wal_autocheckpoint = 256;
         PRAGMA journal_size_limit = 4194304;"
    ))
    .map_err(|error| failed(error.to_string()))?;
    Ok(conn)
}

/// Writes something that changes nothing, and commits it: whether the disk takes it.
pub(super) fn try_to_write(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    Ok(conn.batch_execute("PRAGMA user_version = 0")?)
}

/// The pool of readers; they cannot change anything.
pub(super) fn readers(path: &Path) -> Result<ReadPool, StoreError> {
    Pool::builder()
        .max_size(READERS)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(std::time::Duration::from_secs(5))
        .connection_customizer(Box::new(QueryOnly))
        .build(ConnectionManager::new(text(path)?))
        .map_err(|error| StoreError::Open {
            path: path.to_owned(),
            cause: error.to_string(),
        })
}

fn text(path: &Path) -> Result<String, StoreError> {
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| StoreError::Open {
            path: path.to_owned(),
            cause: "the path is not UTF-8".to_owned(),
        })
}

#[derive(Debug)]
struct QueryOnly;

impl CustomizeConnection<SqliteConnection, PoolError> for QueryOnly {
    fn on_acquire(&self, conn: &mut SqliteConnection) -> Result<(), PoolError> {
        conn.batch_execute(
            "PRAGMA busy_timeout = 5000;
             PRAGMA query_only = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA cache_size = -1024;",
        )
        .map_err(PoolError::QueryError)
    }
}

/// Runs `look` on one consistent snapshot of the file.
pub(super) fn snapshot<T, E: From<StoreError>>(
    pool: &ReadPool,
    look: impl FnOnce(&mut SqliteConnection) -> Result<T, E>,
) -> Result<T, E> {
    let mut conn = pool.get().map_err(|_| StoreError::Busy)?;
    let mut outcome = None;
    let ended = conn.transaction::<(), DieselError, _>(|conn| {
        outcome = Some(look(conn));
        Ok(())
    });
    match outcome {
        Some(outcome) => outcome,
        None => Err(ended
            .err()
            .map_or(StoreError::Closed, StoreError::from)
            .into()),
    }
}
