//! Brings a database to the form of this version; never touches one of a newer version.

use diesel::backend::Backend;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::error::StoreError;

/// The form of `state.db`.
pub(super) const STATE: EmbeddedMigrations = embed_migrations!("migrations/state");
/// The form of `metrics.db`.
pub(super) const METRICS: EmbeddedMigrations = embed_migrations!("migrations/metrics");
/// The form of the schema `watchpost_state`.
pub(super) const STATE_POSTGRES: EmbeddedMigrations =
    embed_migrations!("migrations/postgres/state");
/// The form of the schema `watchpost_metrics`.
pub(super) const METRICS_POSTGRES: EmbeddedMigrations =
    embed_migrations!("migrations/postgres/metrics");

/// Runs what is missing; whether there was anything. When the database was in use before, `copy` is
/// called first, with the last migration that it has.
pub(super) fn run<C, DB: Backend>(
    conn: &mut C,
    database: &str,
    source: EmbeddedMigrations,
    copy: impl FnOnce(&mut C, &MigrationVersion<'_>) -> Result<(), String>,
) -> Result<bool, StoreError>
where
    C: MigrationHarness<DB>,
{
    let failed = |cause: String| StoreError::Migration {
        database: database.to_owned(),
        cause,
    };
    let applied = conn
        .applied_migrations()
        .map_err(|error| failed(error.to_string()))?;
    let known: Vec<Box<dyn Migration<DB>>> = source
        .migrations()
        .map_err(|error| failed(error.to_string()))?;
    if let Some(newer) = applied
        .iter()
        .find(|version| !known.iter().any(|one| one.name().version() == **version))
    {
        return Err(StoreError::Newer {
            database: database.to_owned(),
            migration: newer.to_string(),
        });
    }
    if applied.len() == known.len() {
        return Ok(false);
    }
    if let Some(last) = applied.first() {
        copy(conn, last).map_err(failed)?;
    }
    let run = conn
        .run_pending_migrations(source)
        .map_err(|error| failed(error.to_string()))?;
    tracing::info!(database, migrations = run.len(), "brought to this version");
    Ok(true)
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;
    use diesel::{RunQueryDsl, SqliteConnection};

    use super::*;
    use crate::store::Connection;
    use crate::store::engine::{Engine, Part};
    use crate::store::testing::Place;

    fn names<DB: Backend>(source: &EmbeddedMigrations) -> Vec<String> {
        let migrations: Vec<Box<dyn Migration<DB>>> = source.migrations().unwrap();
        let names = migrations.iter().map(|one| one.name().to_string());
        names.collect()
    }

    #[test]
    fn both_engines_have_migrations_of_the_same_names() {
        for (file, schema) in [(STATE, STATE_POSTGRES), (METRICS, METRICS_POSTGRES)] {
            assert_eq!(
                names::<diesel::sqlite::Sqlite>(&file),
                names::<diesel::pg::Pg>(&schema)
            );
        }
    }

    #[test]
    fn every_migration_goes_up_down_and_up_again() {
        for place in [Place::sqlite(), Place::postgres()] {
            let url = place.url();
            for part in [Part::State, Part::Metrics] {
                let engine = Engine::of(place.directory(), url.as_ref(), part);
                match engine.open().unwrap() {
                    Connection::Sqlite(mut conn) => {
                        conn.revert_all_migrations(part.migrations().0).unwrap();
                    }
                    Connection::Pg(mut conn) => {
                        conn.revert_all_migrations(part.migrations().1).unwrap();
                    }
                }
                drop(engine.open().unwrap());
            }
            let copy = place.directory().join("state.db.copy");
            assert!(!copy.exists(), "a new file needs no copy");
        }
    }

    fn sqlite(place: &Place) -> (Engine, SqliteConnection) {
        let engine = Engine::of(place.directory(), None, Part::State);
        match engine.open().unwrap() {
            Connection::Sqlite(conn) => (engine, conn),
            Connection::Pg(_) => panic!("no file"),
        }
    }

    #[test]
    fn a_file_in_use_is_copied_before_it_changes() {
        let place = Place::sqlite();
        let (engine, mut conn) = sqlite(&place);
        conn.revert_last_migration(STATE).unwrap();
        let applied = conn.applied_migrations().unwrap();
        let last = applied.first().unwrap();
        drop(engine.open().unwrap());
        let copy = format!("state.db.before-{last}");
        assert!(place.directory().join(copy).exists());
    }

    #[test]
    fn lengths_of_what_is_stored_are_filled_in() {
        let place = Place::sqlite();
        let engine = Engine::of(place.directory(), None, Part::Metrics);
        let Connection::Sqlite(mut conn) = engine.open().unwrap() else {
            panic!("no file");
        };
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
        drop(engine.open().unwrap());
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
    fn a_database_of_a_newer_version_is_left_alone() {
        for place in [Place::sqlite(), Place::postgres()] {
            let url = place.url();
            let engine = Engine::of(place.directory(), url.as_ref(), Part::State);
            let mut conn = engine.open().unwrap();
            conn.batch_execute(
                "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')",
            )
            .unwrap();
            drop(conn);
            let said = engine.open().err().unwrap().to_string();
            assert!(said.contains("29991231000000"), "{said}");
        }
    }
}
