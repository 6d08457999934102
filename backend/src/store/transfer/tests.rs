//! Everything arrives, or nothing; what is there is never touched.

use common::host::Process;
use common::ids::ServerId;
use common::series::{Labels, SeriesKey};
use common::time::UnixMs;
use diesel::RunQueryDsl;
use diesel::sql_types::Text;
use uuid::Uuid;

use super::*;
use crate::store::metrics::Frame;
use crate::store::testing::Place;
use crate::store::{Actor, Store, tables};

const ACTOR: Actor = Actor::System("test");
const HOUR_MS: i64 = 3_600_000;

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn names(conn: &mut SqliteConnection, question: &str) -> Vec<String> {
    let rows: Vec<Name> = diesel::sql_query(question).load(conn).unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

#[test]
fn every_table_and_column_is_listed() {
    let place = Place::sqlite();
    for (part, tables) in PARTS {
        let mut conn = file(place.directory(), part).unwrap();
        let there = "SELECT name FROM sqlite_schema WHERE type = 'table' \
             AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' ORDER BY name";
        let mut listed: Vec<&str> = tables.iter().map(|table| table.name).collect();
        listed.sort_unstable();
        assert_eq!(names(&mut conn, there), listed, "transfer/rows.rs");
        for table in tables {
            let question = format!(
                "SELECT name FROM pragma_table_info('{}') ORDER BY name",
                table.name
            );
            let mut columns = table.columns.to_vec();
            columns.sort_unstable();
            assert_eq!(names(&mut conn, &question), columns, "{}", table.name);
        }
    }
}

fn frame(second: i64) -> Frame {
    let server = ServerId(Uuid::from_u128(1));
    let key = |cpu: u32| SeriesKey::new(server, "cpu", Labels::one("cpu", &cpu.to_string()));
    let value = f64::from(i32::try_from(second % 61).unwrap());
    Frame {
        server,
        at: UnixMs(second * 1_000),
        values: [(key(0), value), (key(1), -value / 3.0)].into(),
        processes: (second % 5 == 0).then(|| vec![Process::default()]),
    }
}

/// Something in every kind of table, also a text that a server refuses.
async fn fill(store: &Store) {
    let metrics = store.metrics();
    let hours = (0..3_600).chain([2 * 3_600, 2 * 3_600 + 1]).map(frame);
    metrics.append(hours.collect()).await.unwrap();
    metrics
        .pack_windows(UnixMs(HOUR_MS + 60_000))
        .await
        .unwrap();
    metrics.seal_hours(UnixMs(3 * HOUR_MS)).await.unwrap();
    let person = r#"INSERT INTO "user" (id, version, username, role, disabled, must_change_password, created_at, updated_at, display_name)
        VALUES (x'00000000000000000000000000000002', 1, 'ann', 'admin', 0, 0, 5, 6, CAST(x'410042' AS TEXT))"#;
    let change = store.change(&ACTOR, move |conn| {
        diesel::sql_query(person).execute(conn)?;
        tables::rule::mark_seeded(conn, "rules", UnixMs(7))
    });
    assert!(change.await.unwrap());
}

async fn looks(store: &Store) -> (Option<Frame>, usize, Vec<String>) {
    let newest = store.metrics().latest(ServerId(Uuid::from_u128(1))).await;
    let at = UnixMs(1_000_000);
    let server = ServerId(Uuid::from_u128(1));
    let processes = store.metrics().processes_at(server, at).await.unwrap();
    let people = store.read(tables::user::all).await.unwrap();
    let people = people.iter().map(|row| row.shown_name().to_owned());
    (
        newest.unwrap(),
        processes.map_or(0, |(_, list)| list.len()),
        people.collect(),
    )
}

#[tokio::test]
async fn all_of_it_arrives_once() {
    let (place, target) = (Place::sqlite(), Place::postgres());
    let url = target.url().unwrap();
    let store = place.open();
    fill(&store).await;
    let (newest, lists, _) = looks(&store).await;
    store.close().await;

    let mut copied = Vec::new();
    let rows = transfer(place.directory(), &url, |progress| {
        if let Progress::Copied { table, rows } = progress {
            copied.push((table, rows));
        }
    })
    .unwrap();
    assert_eq!(rows, copied.iter().map(|(_, rows)| rows).sum::<u64>());
    for table in [
        "user",
        "seeded",
        "series",
        "layout",
        "frame",
        "pack",
        "aggregate",
    ] {
        let found = copied.iter().find(|(name, _)| *name == table).unwrap();
        assert!(found.1 > 0, "{table}");
    }

    let there = target.elsewhere();
    let store = there.open();
    let expected = (newest, lists, vec!["A\u{FFFD}B".to_owned()]);
    assert_eq!(looks(&store).await, expected);
    // Numbers go on: a new series, layout, frame and pack collide with none.
    let mut later = frame(3 * 3_600);
    later.values = [(SeriesKey::new(later.server, "new", Labels::none()), 1.0)].into();
    store.metrics().append(vec![later]).await.unwrap();
    store
        .metrics()
        .pack_windows(UnixMs(9 * HOUR_MS))
        .await
        .unwrap();
    store.close().await;

    let again = transfer(place.directory(), &url, |_| {}).unwrap_err();
    assert!(matches!(again, StoreError::NotEmpty { .. }), "{again}");
}

#[tokio::test]
async fn what_fails_leaves_nothing_and_can_be_begun_again() {
    let (place, target) = (Place::sqlite(), Place::postgres());
    let url = target.url().unwrap();
    let store = place.open();
    fill(&store).await;
    let running = transfer(place.directory(), &url, |_| {}).unwrap_err();
    assert!(matches!(running, StoreError::Locked { .. }), "{running}");
    store.close().await;

    // The connection is lost in the middle.
    let database = target.database().unwrap();
    let cut_off = transfer(place.directory(), &url, |progress| {
        if matches!(progress, Progress::Copied { table: "pack", .. }) {
            database.end_sessions().unwrap();
        }
    });
    assert!(cut_off.is_err());
    let counts = r#"SELECT (SELECT count(*) FROM watchpost_state."user"), (SELECT count(*) FROM watchpost_metrics.frame)"#;
    assert_eq!(database.sql(counts).unwrap(), "0|0");
    assert!(transfer(place.directory(), &url, |_| {}).unwrap() > 0);
    assert_ne!(database.sql(counts).unwrap(), "0|0");
}
