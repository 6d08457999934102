//! The pool of connections that read, each transaction one snapshot; never a change.

use diesel::connection::TransactionManager;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};

use super::connection::Connection;
use super::engine::Engine;
use super::error::StoreError;

/// Readers of one database. More would not be faster on few cores, and each keeps its own cache.
const READERS: u32 = 4;
/// How long a look waits for one of them.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Read-only connections to one database.
pub(super) type ReadPool = Pool<Opener>;

/// How the pool opens one more.
#[derive(Debug)]
pub(super) struct Opener(Engine);

/// A connection of the pool.
pub(super) struct Reader {
    conn: Connection,
    is_broken: bool,
}

impl Reader {
    /// The connection, outside of any transaction.
    pub(super) fn connection(&mut self) -> &mut Connection {
        &mut self.conn
    }
}

impl ManageConnection for Opener {
    type Connection = Reader;
    type Error = StoreError;

    fn connect(&self) -> Result<Reader, StoreError> {
        let conn = self.0.reader()?;
        Ok(Reader {
            conn,
            is_broken: false,
        })
    }

    /// Found out when its next transaction begins.
    fn is_valid(&self, _: &mut Reader) -> Result<(), StoreError> {
        Ok(())
    }

    fn has_broken(&self, reader: &mut Reader) -> bool {
        reader.is_broken || Connection::is_broken_transaction_manager(&mut reader.conn)
    }
}

/// Opens the pool; the database has to be there.
pub(super) fn open(engine: &Engine) -> Result<ReadPool, StoreError> {
    // The pool keeps to itself why it cannot open the first.
    drop(engine.reader()?);
    Pool::builder()
        .max_size(READERS)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(PATIENCE)
        .error_handler(Box::new(Quiet))
        .build(Opener(engine.clone()))
        .map_err(|error| StoreError::Open {
            database: engine.name(),
            cause: error.to_string(),
        })
}

/// The looks that fail tell of it themselves.
#[derive(Debug)]
struct Quiet;

impl diesel::r2d2::HandleError<StoreError> for Quiet {
    fn handle_error(&self, error: StoreError) {
        tracing::debug!(%error, "a reader was not opened");
    }
}

/// Runs `look` on one consistent snapshot of the database.
pub(super) fn snapshot<T, E: From<StoreError>>(
    pool: &ReadPool,
    look: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    let mut reader = begun(pool)?;
    let outcome = look(&mut reader.conn);
    if Connection::rollback_transaction(&mut reader.conn).is_err() {
        reader.is_broken = true;
    }
    outcome
}

/// A reader in a transaction. Those whose server went away are left out; the pool opens others.
fn begun(pool: &ReadPool) -> Result<PooledConnection<Opener>, StoreError> {
    let mut last = None;
    for _ in 0..=READERS {
        let Ok(mut reader) = pool.get() else {
            break;
        };
        match Connection::begin_transaction(&mut reader.conn) {
            Ok(()) => return Ok(reader),
            Err(error) => {
                reader.is_broken = true;
                last = Some(error);
            }
        }
    }
    Err(last.map_or(StoreError::Busy, StoreError::from))
}
