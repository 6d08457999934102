//! The embedded engine: one file a database; never a server.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationVersion;
use diesel::result::Error as DieselError;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection as _, QueryableByName, RunQueryDsl, SqliteConnection};

use super::{Part, Sizes};
use crate::store::error::StoreError;
use crate::store::migrate;

/// One file, and what sets it apart from the other.
#[derive(Debug, Clone)]
pub(in crate::store) struct File {
    pub(super) path: PathBuf,
    part: Part,
}

impl File {
    pub(super) fn of(data_dir: &Path, part: Part) -> Self {
        Self {
            path: data_dir.join(name(part)),
            part,
        }
    }

    /// Makes or opens the file and brings it to this version.
    pub(super) fn create(&self) -> Result<SqliteConnection, StoreError> {
        let is_new = !self.path.exists();
        let mut conn = self.writer()?;
        let (migrations, _) = self.part.migrations();
        let has_run = migrate::run(&mut conn, &self.shown(), migrations, |conn, last| {
            self.copy_beside(conn, last)
        })?;
        if is_new || has_run {
            sync(&self.path).map_err(|error| self.failed(error.to_string()))?;
        }
        Ok(conn)
    }

    /// Opens the connection that writes. A new file gets its page size and its vacuum mode, which
    /// cannot be changed once it has a table.
    pub(super) fn writer(&self) -> Result<SqliteConnection, StoreError> {
        // A frame has 2 to 8 KB and must not spill: a large page takes several whole.
        let page_size_bytes = match self.part {
            Part::State => 4_096,
            Part::Metrics => 16_384,
        };
        self.connect(&format!(
            "PRAGMA busy_timeout = 5000;
             PRAGMA page_size = {page_size_bytes};
             PRAGMA auto_vacuum = INCREMENTAL;
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -2048;
             PRAGMA wal_autocheckpoint = 256;
             PRAGMA journal_size_limit = 4194304;"
        ))
    }

    /// Opens a connection that cannot change anything.
    pub(super) fn reader(&self) -> Result<SqliteConnection, StoreError> {
        self.connect(
            "PRAGMA busy_timeout = 5000;
             PRAGMA query_only = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA cache_size = -1024;",
        )
    }

    fn connect(&self, settings: &str) -> Result<SqliteConnection, StoreError> {
        let path = self.path.to_str();
        let path = path.ok_or_else(|| self.failed("the path is not UTF-8".to_owned()))?;
        let mut conn =
            SqliteConnection::establish(path).map_err(|error| self.failed(error.to_string()))?;
        let set = conn.batch_execute(settings);
        set.map_err(|error| self.failed(error.to_string()))?;
        Ok(conn)
    }

    /// Copies the whole file, including what is still in its log, to `<name>.before-<version>`.
    /// Samples are not copied: that file is too large, and its rows carry a version of their own.
    fn copy_beside(
        &self,
        conn: &mut SqliteConnection,
        last: &MigrationVersion<'_>,
    ) -> Result<(), String> {
        if self.part == Part::Metrics {
            return Ok(());
        }
        let name = name(self.part);
        let part = self.path.with_file_name(format!("{name}.copy"));
        let whole = self.path.with_file_name(format!("{name}.before-{last}"));
        if part.exists() {
            std::fs::remove_file(&part).map_err(|error| error.to_string())?;
        }
        diesel::sql_query("VACUUM INTO ?")
            .bind::<Text, _>(part.to_string_lossy())
            .execute(conn)
            .map_err(|error| error.to_string())?;
        std::fs::rename(&part, &whole)
            .and_then(|()| sync(&whole))
            .map_err(|error| error.to_string())?;
        tracing::info!(copy = %whole.display(), "copied before a migration");
        Ok(())
    }

    pub(super) fn name(&self) -> &'static str {
        name(self.part)
    }

    pub(super) fn sizes(&self, conn: &mut SqliteConnection) -> Result<Sizes, StoreError> {
        let pages: Pages = diesel::sql_query(
            "SELECT page_size, page_count FROM pragma_page_size, pragma_page_count",
        )
        .get_result(conn)?;
        let size = pages.page_size.unsigned_abs();
        let mut log = self.path.as_os_str().to_owned();
        log.push("-wal");
        let bytes = |path: &Path| path.metadata().map_or(0, |file| file.len());
        Ok(Sizes {
            file_bytes: bytes(&self.path),
            page_bytes: pages.page_count.unsigned_abs() * size,
            log_bytes: bytes(log.as_ref()),
            free_bytes: u64::from(free_pages(conn)?) * size,
        })
    }

    fn shown(&self) -> String {
        self.path.display().to_string()
    }

    fn failed(&self, cause: String) -> StoreError {
        StoreError::Open {
            database: self.shown(),
            cause,
        }
    }
}

fn name(part: Part) -> &'static str {
    match part {
        Part::State => "state.db",
        Part::Metrics => "metrics.db",
    }
}

#[derive(QueryableByName)]
struct Pages {
    #[diesel(sql_type = BigInt)]
    page_size: i64,
    #[diesel(sql_type = BigInt)]
    page_count: i64,
}

#[derive(QueryableByName)]
struct Bytes {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// A commit that changes nothing.
pub(super) fn try_to_write(conn: &mut SqliteConnection) -> Result<(), DieselError> {
    conn.batch_execute("PRAGMA user_version = 0")
}

/// Reads all pages of the table.
pub(super) fn table_bytes(conn: &mut SqliteConnection, table: &str) -> Result<u64, StoreError> {
    let sum: Bytes = diesel::sql_query(
        "SELECT CAST(COALESCE(SUM(pgsize), 0) AS BIGINT) AS bytes \
         FROM dbstat WHERE name = $1 AND aggregate = TRUE",
    )
    .bind::<Text, _>(table)
    .get_result(conn)?;
    Ok(sum.bytes.unsigned_abs())
}

/// Pages and their links; unless it is to be quick, also that indexes and references agree with
/// the rows.
pub(super) fn faults(
    conn: &mut SqliteConnection,
    is_quick: bool,
) -> Result<Vec<String>, StoreError> {
    let question = if is_quick {
        "SELECT quick_check AS line FROM pragma_quick_check"
    } else {
        "SELECT integrity_check AS line FROM pragma_integrity_check UNION ALL \
         SELECT 'a row of ' || \"table\" || ' refers to no row of ' || parent \
         FROM pragma_foreign_key_check"
    };
    let lines: Vec<Line> = diesel::sql_query(question).load(conn)?;
    let found = lines.into_iter().map(|line| line.line);
    Ok(found.filter(|line| line != "ok").collect())
}

/// It holds up the writer while it waits for readers: not for long.
pub(super) fn empty_log(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    Ok(conn.batch_execute(
        "PRAGMA busy_timeout = 250; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 5000;",
    )?)
}

/// Folds the log into the file.
pub(super) fn end(conn: &mut SqliteConnection) -> Result<(), DieselError> {
    conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")
}

/// Gives some pages back; whether there are more.
pub(super) fn give_back(
    conn: &mut SqliteConnection,
    pages: u32,
    spare: u32,
) -> Result<bool, StoreError> {
    let before = free_pages(conn)?;
    let surplus = before.saturating_sub(spare);
    if surplus == 0 {
        return Ok(false);
    }
    let pages = surplus.min(pages);
    conn.batch_execute(&format!("PRAGMA incremental_vacuum({pages})"))?;
    let left = free_pages(conn)?;
    // Without progress there is nothing to be had, whatever it says.
    Ok(left > spare && left < before)
}

/// Pages of the file that hold nothing.
pub(super) fn free_pages(conn: &mut SqliteConnection) -> Result<u32, StoreError> {
    #[derive(QueryableByName)]
    struct FreePages {
        #[diesel(sql_type = BigInt)]
        freelist_count: i64,
    }
    let free: FreePages = diesel::sql_query("PRAGMA freelist_count").get_result(conn)?;
    Ok(u32::try_from(free.freelist_count).unwrap_or_default())
}

/// Forces a file and the entry of its name to the disk.
fn sync(path: &Path) -> std::io::Result<()> {
    std::fs::File::open(path)?.sync_all()?;
    path.parent().map_or(Ok(()), |directory| {
        std::fs::File::open(directory)?.sync_all()
    })
}
