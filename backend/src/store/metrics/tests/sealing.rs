//! Windows are packed and hours are sealed: whatever comes in between, no sample is lost or doubled.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::query::{Budget, Cancel, HOUR_MS, Source};
use crate::store::Connection;

on_both!(
    an_hour_ends_in_one_pack_and_no_frame,
    layouts_go_when_no_frame_has_them,
    late_samples_reopen_a_sealed_hour,
    a_flipped_bit_costs_one_series_and_is_counted,
    hours_answer_as_their_samples_do_also_without_them,
);

/// What may happen to a store.
#[derive(Debug, Clone)]
enum Event {
    /// Frames come, at these seconds, each with some series and a value.
    Come(Vec<(i64, u32, i8)>),
    /// Windows that ended by this second are packed.
    Pack(i64),
    /// Hours whose time has come by this second are sealed.
    Seal(i64),
    /// Layouts that no frame has are dropped.
    DropLayouts,
    /// The process ends and starts again.
    Restart,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let second = 0_i64..3 * 3_600;
    let frame = (second.clone(), 0_u32..4, any::<i8>());
    let event = prop_oneof![
        4 => prop::collection::vec(frame, 1..12).prop_map(Event::Come),
        3 => second.clone().prop_map(Event::Pack),
        2 => (0_i64..6 * 3_600).prop_map(Event::Seal),
        1 => Just(Event::DropLayouts),
        1 => Just(Event::Restart),
    ];
    prop::collection::vec(event, 1..16)
}

fn at_second(second: i64) -> UnixMs {
    UnixMs(second * 1_000)
}

type Model = BTreeMap<String, BTreeMap<i64, f64>>;

async fn come(store: &Store, model: &mut Model, frames: &[(i64, u32, i8)]) {
    let frames = frames.iter().map(|(second, cpu, value)| {
        let at = at_second(*second).0;
        let samples = model.entry(cpu.to_string()).or_default();
        samples.insert(at, f64::from(*value));
        frame(at, &[(*cpu, f64::from(*value))])
    });
    store.metrics().append(frames.collect()).await.unwrap();
}

/// All samples of an hour, by CPU.
async fn all(engine: &Engine) -> Model {
    let answers = stored(engine).await.into_iter();
    answers
        .map(|(cpu, samples)| (cpu, samples.into_iter().collect()))
        .collect()
}

/// The newest of each series before some moments, looked back for shortly or for long.
fn newest_is_the_last(metrics: &Metrics, model: &Model) {
    let keys: Vec<SeriesKey> = (0..4).map(|cpu| key(SERVER, cpu)).collect();
    for end in [1_800_000, HOUR_MS, 2 * HOUR_MS, 10 * HOUR_MS] {
        for range in [0..end, end - 300_000..end] {
            let mut budget = Budget::new(usize::MAX, Cancel::default());
            let newest = Source::newest(metrics, &keys, range.clone(), &mut budget).unwrap();
            let last = (0..4).map(|cpu: u32| {
                let samples = model.get(&cpu.to_string())?;
                let last = samples.range(range.clone()).next_back();
                last.map(|(at, value)| (*at, *value))
            });
            assert_eq!(newest, last.collect::<Vec<_>>(), "{range:?}");
        }
    }
}

fn no_sample_is_lost_or_doubled(place: &Place, events: &[Event]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (mut store, mut engine) = open(place);
        let mut model = Model::new();
        for event in events {
            let metrics = store.metrics();
            match event {
                Event::Come(frames) => come(&store, &mut model, frames).await,
                Event::Pack(now) => {
                    metrics.pack_windows(at_second(*now)).await.unwrap();
                }
                Event::Seal(now) => {
                    metrics.seal_hours(at_second(*now)).await.unwrap();
                }
                Event::DropLayouts => {
                    metrics.drop_layouts().await.unwrap();
                }
                Event::Restart => {
                    store.close().await;
                    drop(engine);
                    (store, engine) = open(place);
                }
            }
            assert_eq!(all(&engine).await, model);
            newest_is_the_last(store.metrics(), &model);
        }
        let newest = model.values().filter_map(|it| it.keys().next_back()).max();
        let latest = store.metrics().latest(SERVER).await.unwrap();
        assert_eq!(latest.as_ref().map(|frame| frame.at.0), newest.copied());
        let last_seen = store.metrics().last_seen(SERVER).await.unwrap();
        assert_eq!(last_seen.map(|at| at.0), newest.copied());
        for (key, value) in latest.iter().flat_map(|frame| frame.values.iter()) {
            let samples = &model[key.labels.get("cpu").unwrap()];
            assert_eq!(samples.get(newest.unwrap()), Some(value));
        }
        store.close().await;
    });
}

#[test]
fn files_lose_and_double_no_sample() {
    proptest!(with_cases(24), |(events in events())| {
        no_sample_is_lost_or_doubled(&Place::sqlite(), &events);
    });
}

#[test]
fn a_server_loses_and_doubles_no_sample() {
    let place = std::cell::RefCell::new(Place::postgres());
    proptest!(with_cases(8), |(events in events())| {
        let mut place = place.borrow_mut();
        place.clear();
        no_sample_is_lost_or_doubled(&place, &events);
    });
}

pub(super) async fn hour_of_frames(store: &Store) {
    let frames = (0..3_600).map(|second| {
        let value = f64::from(i32::try_from(second % 60).unwrap());
        frame(second * 1_000, &[(0, value), (1, 1.0)])
    });
    store.metrics().append(frames.collect()).await.unwrap();
}

/// A byte as each engine writes it.
pub(super) fn byte_ff(conn: &Connection) -> &'static str {
    match conn {
        Connection::Sqlite(_) => "x'ff'",
        Connection::Pg(_) => "'\\xff'::bytea",
    }
}

/// Rows in a table of the metrics.
pub(super) async fn rows(store: &Store, table: &'static str) -> i64 {
    use diesel::RunQueryDsl;
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
    }
    let count = move |conn: &mut Connection| {
        let sql = format!("SELECT count(*) AS n FROM {table}");
        let row: Count = diesel::sql_query(sql).get_result(conn)?;
        Ok::<_, StoreError>(row.n)
    };
    store.metrics().database.read(count).await.unwrap()
}

async fn an_hour_ends_in_one_pack_and_no_frame(place: Place) {
    let (store, engine) = open(&place);
    hour_of_frames(&store).await;
    let before = stored(&engine).await;
    assert_eq!(rows(&store, "frame").await, 1);
    let metrics = store.metrics();
    assert_eq!(metrics.pack_windows(UnixMs(HOUR_MS)).await.unwrap(), 11);
    assert_eq!(metrics.pack_windows(UnixMs(2 * HOUR_MS)).await.unwrap(), 1);
    assert_eq!(
        (rows(&store, "frame").await, rows(&store, "pack").await),
        (0, 12)
    );
    assert_eq!(metrics.seal_hours(UnixMs(HOUR_MS)).await.unwrap(), 0);
    assert_eq!(metrics.seal_hours(UnixMs(3 * HOUR_MS)).await.unwrap(), 1);
    assert_eq!(rows(&store, "pack").await, 1);
    assert_eq!(stored(&engine).await, before);
}

async fn layouts_go_when_no_frame_has_them(place: Place) {
    let (store, engine) = open(&place);
    let frames = (0..50).map(|at| frame(at * 1_000, &[(u32::try_from(at).unwrap(), 1.0)]));
    let metrics = store.metrics();
    metrics.append(frames.collect()).await.unwrap();
    assert_eq!(metrics.drop_layouts().await.unwrap(), 0);
    metrics.pack_windows(UnixMs(HOUR_MS)).await.unwrap();
    let again = vec![frame(HOUR_MS, &[(7, 2.0)])];
    metrics.append(again).await.unwrap();
    assert_eq!(metrics.drop_layouts().await.unwrap(), 49);
    let known = vec![frame(HOUR_MS + 1, &[(9, 3.0)])];
    metrics.append(known).await.unwrap();
    let before = stored(&engine).await;
    store.close().await;
    let (store, engine) = open(&place);
    assert_eq!(stored(&engine).await, before);
    assert_eq!(store.metrics().corrupt_rows(), 0);
}

async fn late_samples_reopen_a_sealed_hour(place: Place) {
    let (store, engine) = open(&place);
    hour_of_frames(&store).await;
    let metrics = store.metrics();
    metrics.pack_windows(UnixMs(2 * HOUR_MS)).await.unwrap();
    metrics.seal_hours(UnixMs(3 * HOUR_MS)).await.unwrap();
    let late = vec![frame(7_000, &[(1, 9.0)]), frame(7_500, &[(1, 8.0)])];
    metrics.append(late).await.unwrap();
    for _ in 0..2 {
        let series = &stored(&engine).await["1"];
        assert_eq!(series.len(), 3_601);
        assert_eq!(&series[6..9], [(6_000, 1.0), (7_000, 9.0), (7_500, 8.0)]);
        metrics.pack_windows(UnixMs(3 * HOUR_MS)).await.unwrap();
        metrics.seal_hours(UnixMs(4 * HOUR_MS)).await.unwrap();
    }
    assert_eq!(rows(&store, "pack").await, 1);
}

async fn a_flipped_bit_costs_one_series_and_is_counted(place: Place) {
    let (store, engine) = open(&place);
    hour_of_frames(&store).await;
    let metrics = store.metrics();
    metrics.pack_windows(UnixMs(2 * HOUR_MS)).await.unwrap();
    metrics
        .database
        .change(crate::store::Actor::System("test"), |conn| {
            use diesel::connection::SimpleConnection;
            // The last bytes are those of the second series.
            let last = byte_ff(conn);
            conn.batch_execute(&format!(
                "UPDATE pack SET body = substr(body, 1, length(body) - 1) || {last}
                 WHERE id = (SELECT min(id) FROM pack)"
            ))?;
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    let samples = stored(&engine).await;
    assert_eq!((samples["0"].len(), samples["1"].len()), (3_600, 3_300));
    assert!(metrics.corrupt_rows() > 0);
    // What can be read is not replaced by less.
    assert_eq!(metrics.seal_hours(UnixMs(3 * HOUR_MS)).await.unwrap(), 0);
    let told = metrics.corrupt_rows();
    assert_eq!(metrics.seal_hours(UnixMs(3 * HOUR_MS)).await.unwrap(), 0);
    assert_eq!(metrics.corrupt_rows(), told, "the same damage is told once");
    assert_eq!(stored(&engine).await, samples);
}

/// Removes all packs, so that what is answered comes from aggregates.
pub(super) async fn drop_packs(store: &Store) {
    use diesel::RunQueryDsl;
    let drop_samples = |conn: &mut Connection| {
        diesel::sql_query("DELETE FROM pack").execute(conn)?;
        Ok::<_, StoreError>(())
    };
    let actor = crate::store::Actor::System("test");
    let database = &store.metrics().database;
    database.change(actor, drop_samples).await.unwrap();
}

/// The points of whole hours of the first series, in a way that asks for aggregates.
async fn by_hour(engine: &Engine, aggregation: Aggregation) -> Vec<(i64, Option<f64>)> {
    let request = Request {
        resolution: Resolution::of(NonZeroU32::new(3_600), aggregation),
        ..request(0..3 * HOUR_MS, None)
    };
    let answers = engine.run(request).await.unwrap();
    answers[0].points.clone()
}

async fn hours_answer_as_their_samples_do_also_without_them(place: Place) {
    let (store, engine) = open(&place);
    hour_of_frames(&store).await;
    let next = vec![frame(HOUR_MS + 1_000, &[(0, 5.0)])];
    store.metrics().append(next).await.unwrap();
    let exact = [
        (Aggregation::Avg, 29.5),
        (Aggregation::Min, 0.0),
        (Aggregation::Max, 59.0),
        (Aggregation::Sum, 106_200.0),
        (Aggregation::Count, 3_600.0),
        (Aggregation::Last, 59.0),
        (Aggregation::Median, 29.5),
        (Aggregation::Stddev, (3_599.0_f64 / 12.0).sqrt()),
    ];
    let metrics = store.metrics();
    for turn in 0..3 {
        for (aggregation, hour) in exact {
            let points = by_hour(&engine, aggregation).await;
            let near = |value: Option<f64>, wanted: f64| (value.unwrap() - wanted).abs() < 1e-6;
            assert!(near(points[0].1, hour), "{turn} {aggregation:?} {points:?}");
            assert!(points[1].1.is_some() && points[2].1.is_none());
        }
        let p95 = by_hour(&engine, Aggregation::P95).await[0].1.unwrap();
        assert!((p95 - 56.05).abs() <= 56.05 * 0.03, "{p95}");
        if turn == 0 {
            metrics
                .pack_windows(UnixMs(HOUR_MS + 60_000))
                .await
                .unwrap();
            metrics.seal_hours(UnixMs(3 * HOUR_MS)).await.unwrap();
        } else {
            drop_packs(&store).await;
        }
    }
}
