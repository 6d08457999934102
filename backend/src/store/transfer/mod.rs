//! Moves everything from the embedded files to a server, all or nothing; never changes the files'
//! content, never a server that has data.

mod metric_rows;
mod state_rows;
mod table;

use std::path::Path;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{PgConnection, SqliteConnection};

use super::connection::Connection;
use super::engine::{Engine, Part};
use super::error::StoreError;
use super::lock::DirectoryLock;
use crate::config::database::DatabaseUrl;
use table::Table;

const PARTS: [(Part, &[Table]); 2] = [
    (Part::State, state_rows::STATE),
    (Part::Metrics, metric_rows::METRICS),
];

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many rows of a table are through, and more follow.
    Under {
        /// The table.
        table: &'static str,
        /// Rows.
        rows: u64,
    },
    /// A table is through.
    Copied {
        /// The table.
        table: &'static str,
        /// All of its rows.
        rows: u64,
    },
    /// A table was read back, and is the same on both sides.
    Same {
        /// The table.
        table: &'static str,
    },
}

/// Moves the installation in a data directory to the empty database at `url`; how many rows. Takes
/// the lock of the directory and those of the database. It is one transaction there: when it fails
/// or is interrupted nothing is moved, and it can be begun once more. Blocks, as long as it takes.
pub fn transfer(
    data_dir: &Path,
    url: &DatabaseUrl,
    mut tell: impl FnMut(Progress),
) -> Result<u64, StoreError> {
    let _lock = DirectoryLock::take(data_dir)?;
    let mut files = Vec::new();
    // Both: what holds the locks has to live until the end.
    let mut schemas = Vec::new();
    for (part, _) in PARTS {
        files.push(file(data_dir, part)?);
        let engine = Engine::of(data_dir, Some(url), part);
        schemas.push((schema(&engine)?, engine));
    }
    let Some(((to, engine), _)) = schemas.split_first_mut() else {
        return Ok(0);
    };
    AnsiTransactionManager::begin_transaction(to)?;
    to.batch_execute("SET LOCAL idle_in_transaction_session_timeout = 0")?;
    let mut rows = 0;
    for ((part, tables), from) in PARTS.into_iter().zip(&mut files) {
        part.enter(to)?;
        for table in tables {
            refuse_data(to, table, &engine.name())?;
        }
        AnsiTransactionManager::begin_transaction(from)?;
        for table in tables {
            rows += move_table(from, to, table, &mut tell)?;
        }
        AnsiTransactionManager::rollback_transaction(from)?;
    }
    AnsiTransactionManager::commit_transaction(to)?;
    // Without it the first questions would be answered by slow plans.
    to.batch_execute("ANALYZE")?;
    Ok(rows)
}

fn file(data_dir: &Path, part: Part) -> Result<SqliteConnection, StoreError> {
    match Engine::of(data_dir, None, part).open()? {
        Connection::Sqlite(conn) => Ok(conn),
        Connection::Pg(_) => Err(StoreError::Closed),
    }
}

fn schema(engine: &Engine) -> Result<PgConnection, StoreError> {
    match engine.open()? {
        Connection::Pg(conn) => Ok(conn),
        Connection::Sqlite(_) => Err(StoreError::Closed),
    }
}

fn refuse_data(to: &mut PgConnection, table: &Table, database: &str) -> Result<(), StoreError> {
    if (table.is_empty)(to)? {
        return Ok(());
    }
    Err(StoreError::NotEmpty {
        database: database.to_owned(),
        table: table.name,
    })
}

/// Moves a table and compares what arrived; how many rows it has.
fn move_table(
    from: &mut SqliteConnection,
    to: &mut PgConnection,
    table: &Table,
    tell: &mut impl FnMut(Progress),
) -> Result<u64, StoreError> {
    let name = table.name;
    let sent = (table.copy)(from, to, &mut |rows| {
        tell(Progress::Under { table: name, rows });
    })?;
    tell(Progress::Copied {
        table: name,
        rows: sent.rows,
    });
    for column in table.numbered {
        let highest = table::highest(from, name, column)?;
        table::go_on_after(to, name, column, highest)?;
    }
    if (table.read_back)(to)? != sent {
        return Err(StoreError::NotTheSame { table: name });
    }
    tell(Progress::Same { table: name });
    Ok(sent.rows)
}

#[cfg(test)]
mod tests;
