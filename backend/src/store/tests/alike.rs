//! Values that engines like to treat each in its own way come back from both alike.

use std::collections::BTreeMap;

use common::alert::{AlertState, Severity};
use common::api::servers::{Monitoring, ServerKind};
use common::ids::{AlertId, RuleId, ServerId};
use common::series::Labels;
use common::time::UnixMs;
use uuid::Uuid;

use super::*;
use crate::store::tables::alert::AlertRow;
use crate::store::tables::server::ServerRow;
use crate::store::tables::{Blob, Json, Moment, Real, Word};

on_both!(
    numbers_and_ids_come_back_alike,
    long_labels_tell_alerts_apart,
    texts_are_ordered_by_their_bytes,
);

/// A firing alert of a rule that has the same number.
fn alert(number: u128, value: f64) -> AlertRow {
    AlertRow {
        id: Blob(AlertId(Uuid::from_u128(number))),
        rule_id: Blob(RuleId(Uuid::from_u128(number))),
        rule_name: String::new(),
        rule_version: 1,
        server_id: Blob(ServerId(Uuid::nil())),
        server_name: "É".to_owned(),
        metric: "cpu".to_owned(),
        series_labels: Json(Labels::one("long", &"x".repeat(9_000))),
        labels: Json(BTreeMap::from([("nul".to_owned(), "\0".to_owned())])),
        severity: Word(Severity::Critical),
        state: Word(AlertState::Firing),
        value: Some(Real(value)),
        threshold: None,
        message: String::new(),
        started_at: Moment(UnixMs(1)),
        acknowledged_at: None,
        acknowledged_by: None,
        resolved_at: None,
        resolved_by: None,
        rule_state: String::new(),
        holds_until: None,
        assignee: None,
        flapping: false,
    }
}

async fn add(store: &Store, row: AlertRow) -> Result<(), StoreError> {
    let insert = move |conn: &mut Connection| tables::alert::insert(conn, &row);
    store.change(&ACTOR, insert).await
}

async fn numbers_and_ids_come_back_alike(place: Place) {
    let store = place.open();
    // High bytes come last, as in the text of an id.
    let ids = [1, 0x7F << 120, 0x80 << 120, u128::MAX];
    let values = [-0.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE];
    for (id, value) in ids.into_iter().zip(values).rev() {
        add(&store, alert(id, value)).await.unwrap();
    }
    let rows = store.read(|conn| tables::alert::remembered(conn, UnixMs(0)));
    let rows = rows.await.unwrap();
    let found: Vec<u128> = rows.iter().map(|row| row.id.0.0.as_u128()).collect();
    assert_eq!(found, ids);
    let bits = rows.iter().map(|row| row.value.map(|it| it.0.to_bits()));
    let expected = [
        Some(0.0),
        None,
        Some(f64::INFINITY),
        Some(f64::MIN_POSITIVE),
    ];
    let expected = expected.map(|value: Option<f64>| value.map(f64::to_bits));
    assert_eq!(bits.collect::<Vec<_>>(), expected);
    assert_eq!(rows[0].labels.0["nul"], "\0");
}

async fn long_labels_tell_alerts_apart(place: Place) {
    let store = place.open();
    add(&store, alert(1, 1.0)).await.unwrap();
    let twice = AlertRow {
        id: Blob(AlertId(Uuid::from_u128(2))),
        ..alert(1, 1.0)
    };
    let refused = add(&store, twice.clone()).await.unwrap_err();
    assert!(refused.is_unique_violation(), "{refused}");
    let other = AlertRow {
        series_labels: Json(Labels::one("long", &"y".repeat(9_000))),
        ..twice
    };
    add(&store, other).await.unwrap();
}

async fn texts_are_ordered_by_their_bytes(place: Place) {
    let store = place.open();
    for name in ["b", "B", "a", "é", "Z", "_"] {
        let insert = move |conn: &mut Connection| tables::server::insert(conn, &server(name));
        store.change(&ACTOR, insert).await.unwrap();
    }
    let servers = store.read(tables::server::all).await.unwrap();
    let names: Vec<&str> = servers.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["B", "Z", "_", "a", "b", "é"]);
}

fn server(name: &str) -> ServerRow {
    ServerRow {
        id: Blob(ServerId(Uuid::now_v7())),
        name: name.to_owned(),
        kind: Word(ServerKind::Local),
        address: None,
        group_name: None,
        tags: Json(Vec::new()),
        interval_seconds: 1,
        enabled: true,
        monitoring: Word(Monitoring::Running),
        created_at: Moment(UnixMs(1)),
        updated_at: Moment(UnixMs(1)),
    }
}
