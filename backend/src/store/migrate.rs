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
            let sql = format!("SELECT bytes AS n FROM {table}");
            let rows: Vec<Length> = diesel::sql_query(sql).load(&mut conn).unwrap();
            assert_eq!(rows[0].n, length, "{table}");
        }
    }

    /// Goes back before the first migration that makes `table`.
    fn revert_until_gone(conn: &mut Connection, table: &str) {
        let probe = format!("SELECT 1 FROM {table} LIMIT 1");
        while conn.batch_execute(&probe).is_ok() {
            match conn {
                Connection::Sqlite(conn) => drop(conn.revert_last_migration(STATE).unwrap()),
                Connection::Pg(conn) => drop(conn.revert_last_migration(STATE_POSTGRES).unwrap()),
            }
        }
    }

    #[test]
    fn what_was_told_before_channels_stays_and_what_was_not_is_told() {
        for place in [Place::sqlite(), Place::postgres()] {
            let url = place.url();
            let engine = Engine::of(place.directory(), url.as_ref(), Part::State);
            let mut conn = engine.open().unwrap();
            revert_until_gone(&mut conn, "channel");
            let id = |n: u8| match &conn {
                Connection::Sqlite(_) => format!("x'{n:032x}'"),
                Connection::Pg(_) => format!("decode('{n:032x}', 'hex')"),
            };
            let (alert, first, second) = (id(1), id(2), id(3));
            conn.batch_execute(&format!(
                "INSERT INTO alert (id, rule_id, rule_name, rule_version, server_id, server_name, metric,
                     series_labels, labels, severity, state, message, started_at, rule_state)
                 VALUES ({alert}, {alert}, 'r', 1, {alert}, 's', 'm', '', '{{}}', 'critical', 'firing', '', 1, '{{}}');
                 INSERT INTO alert_history (seq, alert_id, at, change, severity, message)
                 VALUES (7, {alert}, 70, 'fired', 'critical', ''), (8, {alert}, 80, 'resolved', 'critical', '');
                 INSERT INTO intent (seq, alert_id, due_at, consumed_at) VALUES (7, {alert}, 70, 71), (8, {alert}, 80, 81);
                 INSERT INTO delivery (id, intent_seq, channel, state, attempts, fence, created_at, delivered_at)
                 VALUES ({first}, 7, 'in_app', 'delivered', 1, 1, 71, 72), ({second}, 8, 'in_app', 'due', 0, 0, 81, NULL);"
            ))
            .unwrap();
            drop(conn);
            let mut conn = engine.open().unwrap();
            for (question, answer) in [
                ("SELECT count(*) AS n FROM delivery", 1),
                (
                    "SELECT changed_at AS n FROM delivery WHERE state = 'delivered' AND channel_id IS NULL",
                    70,
                ),
                ("SELECT ended_at AS n FROM delivery", 72),
                ("SELECT intent_seq AS n FROM delivery_intent", 7),
                ("SELECT seq AS n FROM intent WHERE consumed_at IS NULL", 8),
            ] {
                let row: Length = diesel::sql_query(question).get_result(&mut conn).unwrap();
                assert_eq!(row.n, answer, "{question}");
            }
        }
    }

    #[derive(diesel::QueryableByName)]
    struct Length {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
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
