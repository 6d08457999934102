//! A server: one schema a database, ours alone by a lock that ends with the session; never a file.
//!
//! **One process.** The session that writes holds an advisory lock of its schema, and nothing is
//! written without it. When a connection is lost the next one takes the lock anew; should another
//! process have worked with the schema in between, its token in the table `holder` differs, what this
//! process has in memory is old, and nothing is written until a restart.
//!
//! **A commit without an answer.** Before each commit its transaction's number is asked for. When the
//! connection is lost during the commit, the next session (which has the lock, so the old one is gone)
//! asks what became of that number, and the answers say so. Should the server not come back while they
//! wait, they say "failed", and that may be wrong: a change may be stored that memory does not have.
//! Nothing acknowledged is lost. It is logged as soon as it is known, and lasts until the next start
//! at the longest: a start reads everything.

use std::fmt;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_types::{BigInt, Integer, Text};
use uuid::Uuid;

use super::{Part, Sizes};
use crate::config::database::DatabaseUrl;
use crate::store::error::StoreError;
use crate::store::migrate;

/// The first half of the number of our locks.
const LOCK: i32 = 0x5741_5443;
/// The session of a process that was killed, or our own that was lost, may take a while to end.
const START_TRIES: u32 = 30;
const AGAIN_TRIES: u32 = 5;
const LOCK_PAUSE: Duration = Duration::from_millis(100);

/// Both sides notice within half a minute that the other is gone.
const CONNECT: [(&str, &str); 6] = [
    ("connect_timeout", "5"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "20000"),
    ("application_name", "watchpost"),
];
const SESSION: &str = "
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 3;
    SET tcp_user_timeout = 20000;
    SET client_min_messages = warning;";
/// What is acknowledged is on the disk, whatever the server does by default.
const WRITER: &str = "
    SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;
    SET idle_in_transaction_session_timeout = 60000;
    SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') IN ('off', 'local');";
const READER: &str = "
    SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;";

#[diesel::declare_sql_function]
extern "SQL" {
    /// Takes a lock of the session when nobody has it.
    fn pg_try_advisory_lock(class: Integer, object: Integer) -> Bool;
    /// What a setting of the session is.
    fn current_setting(name: Text) -> Text;
    /// The number of the open transaction.
    fn txid_current() -> BigInt;
    /// What became of a transaction; NULL when that is too long ago.
    fn txid_status(transaction: BigInt) -> Nullable<Text>;
}

diesel::table! {
    holder (id) {
        id -> Integer,
        token -> Binary,
    }
}

/// One schema of a server's database.
#[derive(Debug, Clone)]
pub(in crate::store) struct Schema {
    url: DatabaseUrl,
    part: Part,
    /// Of this process.
    token: Uuid,
}

impl Schema {
    pub(super) fn of(url: &DatabaseUrl, part: Part) -> Self {
        Self {
            url: url.clone(),
            part,
            token: Uuid::now_v7(),
        }
    }

    /// Takes the lock, makes the schema when it is missing, brings it to this version, signs it.
    pub(super) fn create(&self) -> Result<PgConnection, StoreError> {
        let mut conn = self.connect(WRITER)?;
        self.check_encoding(&mut conn)?;
        self.lock(&mut conn, START_TRIES)?;
        let failed = |error: DieselError| self.failed(&error.to_string());
        let name = self.name();
        conn.batch_execute(&format!(
            "CREATE SCHEMA IF NOT EXISTS {name};
             CREATE TABLE IF NOT EXISTS {name}.holder (
                 id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
                 token BYTEA NOT NULL
             );"
        ))
        .map_err(failed)?;
        let (_, migrations) = self.part.migrations();
        migrate::run(&mut conn, &self.to_string(), migrations, |_, _| Ok(()))?;
        let token = holder::token.eq(self.token.as_bytes().to_vec());
        diesel::insert_into(holder::table)
            .values((holder::id.eq(1), token.clone()))
            .on_conflict(holder::id)
            .do_update()
            .set(token)
            .execute(&mut conn)
            .map_err(failed)?;
        Ok(conn)
    }

    /// Takes the lock again, and sees that nobody else had it.
    pub(super) fn take_up(&self) -> Result<PgConnection, StoreError> {
        let mut conn = self.connect(WRITER)?;
        self.lock(&mut conn, AGAIN_TRIES)?;
        let token: Vec<u8> = holder::table
            .select(holder::token)
            .first(&mut conn)
            .map_err(|error| self.failed(&error.to_string()))?;
        if token == self.token.as_bytes() {
            return Ok(conn);
        }
        Err(StoreError::Taken {
            database: self.to_string(),
        })
    }

    /// Opens a session that cannot change anything and whose transactions see one moment.
    pub(super) fn reader(&self) -> Result<PgConnection, StoreError> {
        self.connect(READER)
    }

    fn connect(&self, settings: &str) -> Result<PgConnection, StoreError> {
        let url = self.url.with(&CONNECT);
        let mut conn = PgConnection::establish(url.secret())
            .map_err(|error| self.failed(&error.to_string()))?;
        let path = format!("SET search_path = {};", self.name());
        conn.batch_execute(&[SESSION, settings, path.as_str()].concat())
            .map_err(|error| self.failed(&error.to_string()))?;
        Ok(conn)
    }

    /// Other encodings cannot hold every text.
    fn check_encoding(&self, conn: &mut PgConnection) -> Result<(), StoreError> {
        let encoding: String = diesel::select(current_setting("server_encoding"))
            .get_result(conn)
            .map_err(|error| self.failed(&error.to_string()))?;
        if encoding == "UTF8" {
            return Ok(());
        }
        Err(self.failed(&format!(
            "its encoding is {encoding}; create one with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        )))
    }

    fn lock(&self, conn: &mut PgConnection, tries: u32) -> Result<(), StoreError> {
        let number = match self.part {
            Part::State => 1,
            Part::Metrics => 2,
        };
        for attempt in 0..tries {
            if attempt > 0 {
                std::thread::sleep(LOCK_PAUSE);
            }
            let has_lock: bool = diesel::select(pg_try_advisory_lock(LOCK, number))
                .get_result(conn)
                .map_err(|error| self.failed(&error.to_string()))?;
            if has_lock {
                return Ok(());
            }
        }
        Err(StoreError::InUse {
            database: self.to_string(),
        })
    }

    /// Whether the schema is there and has been used.
    pub(super) fn is_there(&self) -> Result<bool, StoreError> {
        let mut conn = self.connect(READER)?;
        let tables: Number = diesel::sql_query(
            "SELECT COUNT(*) AS number FROM pg_tables WHERE schemaname = $1 AND tablename = 'holder'",
        )
        .bind::<Text, _>(self.name())
        .get_result(&mut conn)?;
        Ok(tables.number > 0)
    }

    pub(super) fn sizes(&self, conn: &mut PgConnection) -> Result<Sizes, StoreError> {
        let sum: Number = diesel::sql_query(
            "SELECT CAST(COALESCE(SUM(pg_total_relation_size(c.oid)), 0) AS BIGINT) AS number \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = $1 AND c.relkind = 'r'",
        )
        .bind::<Text, _>(self.name())
        .get_result(conn)?;
        Ok(Sizes {
            file_bytes: sum.number.unsigned_abs(),
            page_bytes: sum.number.unsigned_abs(),
            ..Sizes::default()
        })
    }

    pub(super) fn name(&self) -> &'static str {
        schema(self.part)
    }

    fn failed(&self, cause: &str) -> StoreError {
        StoreError::Open {
            database: self.to_string(),
            cause: self.url.without_password(cause),
        }
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.url, self.name())
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The name of a schema.
pub(super) fn schema(part: Part) -> &'static str {
    match part {
        Part::State => "watchpost_state",
        Part::Metrics => "watchpost_metrics",
    }
}

/// The table with its long values.
pub(super) fn table_bytes(conn: &mut PgConnection, table: &str) -> Result<u64, StoreError> {
    let size: Number = diesel::sql_query("SELECT pg_table_size(CAST($1 AS regclass)) AS number")
        .bind::<Text, _>(table)
        .get_result(conn)?;
    Ok(size.number.unsigned_abs())
}

/// The number of the open transaction.
pub(super) fn transaction(conn: &mut PgConnection) -> Result<i64, DieselError> {
    diesel::select(txid_current()).get_result(conn)
}

/// Whether a transaction was committed; false also when that is too long ago to be known.
pub(super) fn was_committed(
    conn: &mut PgConnection,
    transaction: i64,
) -> Result<bool, DieselError> {
    let status: Option<String> = diesel::select(txid_status(transaction)).get_result(conn)?;
    Ok(status.as_deref() == Some("committed"))
}
