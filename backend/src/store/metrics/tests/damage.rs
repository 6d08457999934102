//! A flipped bit in a stored pack is found wherever it is: what it hits is skipped and counted, all
//! else is answered, and nothing wrong ever.

use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Binary};

use super::sealing::{hour_of_frames, rows};
use super::*;
use crate::query::HOUR_MS;

on_both!(a_damaged_hour_is_sealed_by_no_one_and_after_its_repair_with_the_next_start,);

/// Bodies are hit in so many places.
const PLACES: usize = 40;

#[derive(Debug, Clone, diesel::QueryableByName)]
struct Stored {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    samples: i64,
    #[diesel(sql_type = Binary)]
    body: Vec<u8>,
}

async fn bodies(store: &Store) -> Vec<Stored> {
    let load = |conn: &mut Connection| {
        let sql = "SELECT id, samples, body FROM pack ORDER BY id";
        Ok::<_, StoreError>(diesel::sql_query(sql).load(conn)?)
    };
    store.metrics().database.read(load).await.unwrap()
}

async fn put_body(store: &Store, id: i64, body: Vec<u8>) {
    let put = move |conn: &mut Connection| {
        let update = diesel::sql_query("UPDATE pack SET body = $1 WHERE id = $2");
        update
            .bind::<Binary, _>(body)
            .bind::<BigInt, _>(id)
            .execute(conn)?;
        Ok::<_, StoreError>(())
    };
    let actor = crate::store::Actor::System("test");
    store.metrics().database.change(actor, put).await.unwrap();
    store.metrics().decoded.forget();
}

/// An hour of samples in packs, and one in memory.
async fn packed(place: &Place, sealed: bool) -> (Store, Engine) {
    let (store, engine) = open(place);
    hour_of_frames(&store).await;
    let metrics = store.metrics();
    metrics.pack_windows(UnixMs(2 * HOUR_MS)).await.unwrap();
    if sealed {
        metrics.seal_hours(UnixMs(3 * HOUR_MS)).await.unwrap();
    }
    let young = vec![frame(5 * HOUR_MS, &[(0, 5.0), (1, 6.0)])];
    metrics.append(young).await.unwrap();
    (store, engine)
}

/// How many samples were answered, each as it was before.
async fn answered(engine: &Engine, before: &BTreeMap<String, Vec<(i64, f64)>>) -> usize {
    let found = stored(engine).await;
    for (cpu, samples) in &found {
        let known: BTreeMap<i64, f64> = before[cpu].iter().copied().collect();
        for (at, value) in samples {
            assert_eq!(known.get(at), Some(value), "{cpu} at {at}");
        }
        assert!(samples.iter().any(|(at, _)| *at == 5 * HOUR_MS));
    }
    found.values().map(Vec::len).sum()
}

#[tokio::test]
async fn a_flipped_bit_is_found_in_windows_and_in_hours() {
    for sealed in [false, true] {
        let place = Place::sqlite();
        let (store, engine) = packed(&place, sealed).await;
        let (before, bodies) = (stored(&engine).await, bodies(&store).await);
        assert_eq!(bodies.len(), if sealed { 1 } else { 12 });
        let metrics = store.metrics();
        for turn in 0..PLACES {
            let hit = &bodies[turn % bodies.len()];
            let place = turn * 7_919 % hit.body.len();
            let mut body = hit.body.clone();
            body[place] ^= 1 << (turn % 8);
            put_body(&store, hit.id, body).await;
            let (told, found) = (metrics.corrupt_rows(), answered(&engine, &before).await);
            let lost = before.values().map(Vec::len).sum::<usize>() - found;
            let most = usize::try_from(hit.samples).unwrap();
            assert!(
                lost > 0 && lost <= most,
                "byte {place}: {lost} of {most} lost"
            );
            assert!(metrics.corrupt_rows() > told, "byte {place}: not counted");
            put_body(&store, hit.id, hit.body.clone()).await;
        }
        assert_eq!(stored(&engine).await, before);
    }
}

async fn a_damaged_hour_is_sealed_by_no_one_and_after_its_repair_with_the_next_start(place: Place) {
    let (store, engine) = packed(&place, false).await;
    let (before, bodies) = (stored(&engine).await, bodies(&store).await);
    let mut body = bodies[3].body.clone();
    let last = body.len() - 1;
    body[last] ^= 1;
    put_body(&store, bodies[3].id, body).await;
    let metrics = store.metrics();
    for _ in 0..2 {
        assert_eq!(metrics.seal_hours(UnixMs(3 * HOUR_MS)).await.unwrap(), 0);
        assert_eq!(rows(&store, "pack").await, 12);
        assert_eq!(metrics.corrupt_rows(), 1);
    }
    put_body(&store, bodies[3].id, bodies[3].body.clone()).await;
    store.close().await;
    let (store, engine) = open(&place);
    let metrics = store.metrics();
    assert_eq!(metrics.seal_hours(UnixMs(3 * HOUR_MS)).await.unwrap(), 1);
    assert_eq!(rows(&store, "pack").await, 1);
    assert_eq!(stored(&engine).await, before);
}
