//! Brings a file to the form of this version; never touches one of a newer version.

use std::fs::File;
use std::path::Path;

use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel::{RunQueryDsl, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::error::StoreError;

/// The form of `state.db`.
pub(super) const STATE: EmbeddedMigrations = embed_migrations!("migrations/state");
/// The form of `metrics.db`.
pub(super) const METRICS: EmbeddedMigrations = embed_migrations!("migrations/metrics");

/// Whether a file is copied before its form changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Copy {
    /// Beside the file, named after the last migration that the copy has.
    Before,
    /// Never: the file is too large for that, its rows carry a version of their own.
    Never,
}

/// Runs what is missing. A file that was in use before is first copied when `copy` asks for it.
pub(super) fn run(
    conn: &mut SqliteConnection,
    path: &Path,
    source: EmbeddedMigrations,
    copy: Copy,
) -> Result<(), StoreError> {
    let failed = |cause: String| StoreError::Migration {
        path: path.to_owned(),
        cause,
    };
    let applied = conn
        .applied_migrations()
        .map_err(|error| failed(error.to_string()))?;
    let known: Vec<Box<dyn Migration<Sqlite>>> = source
        .migrations()
        .map_err(|error| failed(error.to_string()))?;
    if let Some(newer) = applied
        .iter()
        .find(|version| !known.iter().any(|one| one.name().version() == **version))
    {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            migration: newer.to_string(),
        });
    }
    if applied.len() == known.len() {
        return Ok(());
    }
    if let (Copy::Before, Some(last)) = (copy, applied.first()) {
        copy_beside(conn, path, last).map_err(failed)?;
    }
    let run = conn
        .run_pending_migrations(source)
        .map_err(|error| failed(error.to_string()))?;
    tracing::info!(database = %path.display(), migrations = run.len(), "brought to this version");
    sync(path).map_err(|error| failed(error.to_string()))
}

/// Copies the whole file, including what is still in its log, to `<name>.before-<version>`.
fn copy_beside(
    conn: &mut SqliteConnection,
    path: &Path,
    last: &MigrationVersion<'_>,
) -> Result<(), String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = path.with_file_name(format!("{name}.copy"));
    let whole = path.with_file_name(format!("{name}.before-{last}"));
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

/// Forces a file and the entry of its name to the disk.
pub(super) fn sync(path: &Path) -> std::io::Result<()> {
    File::open(path)?.sync_all()?;
    path.parent()
        .map_or(Ok(()), |directory| File::open(directory)?.sync_all())
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;

    use super::*;
    use crate::store::connection;

    #[test]
    fn every_migration_goes_up_down_and_up_again() {
        let directory = tempfile::tempdir().unwrap();
        for (name, source) in [
            ("state.db", (|| STATE) as fn() -> _),
            ("metrics.db", || METRICS),
        ] {
            let path = directory.path().join(name);
            let mut conn = connection::writer(&path, 4096).unwrap();
            run(&mut conn, &path, source(), Copy::Before).unwrap();
            conn.revert_all_migrations(source()).unwrap();
            run(&mut conn, &path, source(), Copy::Before).unwrap();
        }
        assert!(
            !directory.path().join("state.db.copy").exists(),
            "a new file needs no copy"
        );
    }

    #[test]
    fn a_file_in_use_is_copied_before_it_changes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state.db");
        let mut conn = connection::writer(&path, 4096).unwrap();
        run(&mut conn, &path, STATE, Copy::Before).unwrap();
        conn.revert_last_migration(STATE).unwrap();
        let last = conn.applied_migrations().unwrap();
        run(&mut conn, &path, STATE, Copy::Before).unwrap();
        if let Some(last) = last.first() {
            assert!(
                directory
                    .path()
                    .join(format!("state.db.before-{last}"))
                    .exists()
            );
        }
    }

    #[test]
    fn lengths_of_what_is_stored_are_filled_in() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("metrics.db");
        let mut conn = connection::writer(&path, 4096).unwrap();
        run(&mut conn, &path, METRICS, Copy::Never).unwrap();
        while conn.batch_execute("SELECT 1 FROM process_pack").is_ok() {
            conn.revert_last_migration(METRICS).unwrap();
        }
        let server = "x'00000000000000000000000000000001'";
        conn.batch_execute(&format!(
            "INSERT INTO processes (server, at, body) VALUES ({server}, 5, x'010203');
             INSERT INTO pack (server, span, first_at, last_at, first_series, last_series, samples, body)
             VALUES ({server}, 'hour', 5, 6, 1, 1, 2, x'0102');"
        ))
        .unwrap();
        run(&mut conn, &path, METRICS, Copy::Never).unwrap();
        for (table, length) in [("processes", 3), ("pack", 2)] {
            let sql = format!("SELECT bytes FROM {table}");
            let rows: Vec<Length> = diesel::sql_query(sql).load(&mut conn).unwrap();
            assert_eq!(rows[0].bytes, length, "{table}");
        }
    }

    #[derive(diesel::QueryableByName)]
    struct Length {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        bytes: i64,
    }

    #[test]
    fn a_file_of_a_newer_version_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state.db");
        let mut conn = connection::writer(&path, 4096).unwrap();
        run(&mut conn, &path, STATE, Copy::Before).unwrap();
        conn.batch_execute(
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')",
        )
        .unwrap();
        let said = run(&mut conn, &path, STATE, Copy::Before)
            .unwrap_err()
            .to_string();
        assert!(said.contains("29991231000000"), "{said}");
    }
}
