//! Frames that an earlier version wrote, one a row, are read by this one.

use diesel::connection::SimpleConnection;
use diesel_migrations::MigrationHarness;

use super::*;
use crate::store::Connection;
use crate::store::engine::{Engine as Database, Part};

on_both!(frames_of_an_earlier_version_are_read);

/// Works once frames lie together.
const TOGETHER: &str = "SELECT frames FROM frame";

/// Reverts to one frame a row, and stores one: series 1 and 2 at `at`, as hexadecimal digits.
fn store_of_old(place: &Place, at: i64) {
    let url = place.url();
    let part = || Part::Metrics.migrations();
    let bytes = |digits: &str| match url {
        None => format!("x'{digits}'"),
        Some(_) => format!("decode('{digits}', 'hex')"),
    };
    let server = bytes("00000000000000000000000000000001");
    // Version 1: the layout, then the values; little endian.
    let body = bytes("0101000000000000000000f03f000000000000f8ff");
    let layout = bytes("0100000002000000");
    let rows = format!(
        r#"INSERT INTO series (id, server, metric, labels) VALUES
            (1, {server}, 'cpu', '{{"cpu":"0"}}'), (2, {server}, 'cpu', '{{"cpu":"1"}}');
        INSERT INTO layout (id, series) VALUES (1, {layout});
        INSERT INTO frame (id, server, at, body) VALUES (7, {server}, {at}, {body});"#
    );
    let database = Database::of(place.directory(), url.as_ref(), Part::Metrics);
    match database.open().unwrap() {
        Connection::Sqlite(mut conn) => {
            while conn.batch_execute(TOGETHER).is_ok() {
                conn.revert_last_migration(part().0).unwrap();
            }
            conn.batch_execute(&rows).unwrap();
        }
        Connection::Pg(mut conn) => {
            while conn.batch_execute(TOGETHER).is_ok() {
                conn.revert_last_migration(part().1).unwrap();
            }
            conn.batch_execute(&rows).unwrap();
        }
    }
}

async fn frames_of_an_earlier_version_are_read(mut place: Place) {
    for at in [1_800_000_000_123, 0, -5] {
        store_of_old(&place, at);
        let (store, _) = open(&place);
        let frame = store.metrics().latest(SERVER).await.unwrap().unwrap();
        assert_eq!(
            (frame.at, &*frame.values),
            (UnixMs(at), &[(key(SERVER, 0), 1.0)][..])
        );
        assert_eq!(store.metrics().corrupt_rows(), 0);
        store.close().await;
        place.clear();
    }
}
