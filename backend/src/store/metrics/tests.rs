//! Frames through the database: they come back, replace each other, survive a restart and damage.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use common::api::metrics::Aggregation;
use common::host::Process;
use common::series::matcher::Filter;
use common::series::{Labels, SeriesKey};
use proptest::prelude::*;
use uuid::Uuid;

use super::frame::RowWriter;
use super::*;
use crate::query::{Engine, Limits, Request, Resolution, Selector, points};
use crate::store::Store;
use crate::store::testing::{Place, on_both};

mod at_hand;
mod cleaning;
mod damage;
mod days;
mod earlier;
mod exact;
mod listing;
mod living;
mod sealing;
mod waiting;

on_both!(
    frames_come_back_also_after_a_restart,
    frames_queued_together_share_new_series_and_layouts,
    a_corrupt_frame_is_skipped_and_counted,
    processes_are_found_up_to_a_minute_back,
);

const LIMITS: Limits = Limits {
    max_samples: 1_000_000,
    max_series: 100,
    timeout: std::time::Duration::from_mins(1),
};

const SERVER: ServerId = ServerId(Uuid::from_u128(1));

fn key(server: ServerId, cpu: u32) -> SeriesKey {
    SeriesKey::new(server, "cpu", Labels::one("cpu", &cpu.to_string()))
}

fn frame(at: i64, values: &[(u32, f64)]) -> Frame {
    Frame {
        server: SERVER,
        at: UnixMs(at),
        values: values
            .iter()
            .map(|(cpu, value)| (key(SERVER, *cpu), *value))
            .collect(),
        processes: None,
    }
}

fn open(place: &Place) -> (Store, Engine) {
    let store = place.open();
    let engine = Engine::new(Arc::new(store.metrics().clone()), LIMITS);
    (store, engine)
}

fn request(range: std::ops::Range<i64>, step_seconds: Option<u32>) -> Request {
    Request {
        selector: Selector {
            servers: None,
            metric: Some("cpu".into()),
            filter: Filter::default(),
            from_ms: range.start,
            to_ms: range.end,
        },
        resolution: Resolution::of(step_seconds.and_then(NonZeroU32::new), Aggregation::Avg),
    }
}

/// All raw samples, by CPU.
async fn stored(engine: &Engine) -> BTreeMap<String, Vec<(i64, f64)>> {
    let answers = engine.run(request(0..i64::MAX, None)).await.unwrap();
    answers
        .into_iter()
        .map(|answer| {
            let label = answer.key.labels.get("cpu").unwrap_or_default().to_owned();
            let points = answer
                .points
                .iter()
                .map(|(at, value)| (*at, value.unwrap()));
            (label, points.collect())
        })
        .collect()
}

fn expected(series: &[(&str, &[(i64, f64)])]) -> BTreeMap<String, Vec<(i64, f64)>> {
    series
        .iter()
        .map(|(label, samples)| ((*label).to_owned(), samples.to_vec()))
        .collect()
}

async fn frames_come_back_also_after_a_restart(place: Place) {
    let (store, engine) = open(&place);
    let frames = vec![
        frame(1_000, &[(0, 1.0), (1, 2.0)]),
        frame(2_000, &[(1, 3.0), (0, f64::NAN)]),
        frame(3_000, &[(2, 4.0), (0, 5.0)]),
    ];
    store.metrics().append(frames).await.unwrap();
    let replaced = vec![frame(1_000, &[(0, 7.0)])];
    store.metrics().append(replaced).await.unwrap();
    let all = expected(&[
        ("0", &[(1_000, 7.0), (3_000, 5.0)]),
        ("1", &[(1_000, 2.0), (2_000, 3.0)]),
        ("2", &[(3_000, 4.0)]),
    ]);
    assert_eq!(stored(&engine).await, all);
    store.close().await;

    let (store, engine) = open(&place);
    assert_eq!(stored(&engine).await, all);
    let latest = store.metrics().latest(SERVER).await.unwrap().unwrap();
    assert_eq!(latest, frame(3_000, &[(0, 5.0), (2, 4.0)]));
    let nobody = ServerId(Uuid::from_u128(2));
    assert_eq!(store.metrics().latest(nobody).await.unwrap(), None);
}

async fn frames_queued_together_share_new_series_and_layouts(place: Place) {
    let (store, engine) = open(&place);
    let appends = (1..=100).map(|at| {
        let metrics = store.metrics().clone();
        async move { metrics.append(vec![frame(at, &[(0, 1.0), (1, 2.0)])]).await }
    });
    for answer in futures_util::future::join_all(appends).await {
        answer.unwrap();
    }
    let all = stored(&engine).await;
    assert_eq!(all.len(), 2);
    assert!(all.values().all(|samples| samples.len() == 100));
}

async fn a_corrupt_frame_is_skipped_and_counted(place: Place) {
    let (store, _) = open(&place);
    let frames = (1..=3).map(|at| frame(at, &[(0, 1.0)])).collect();
    store.metrics().append(frames).await.unwrap();
    let row = |frames: &[(i64, u32, &[f64])]| {
        let mut row = RowWriter::default();
        for (at, layout, values) in frames {
            row.add(SERVER, UnixMs(*at), *layout, values);
        }
        row.finish().unwrap()
    };
    let half_good = row(&[(4, 77, &[1.0]), (5, 1, &[1.0, 2.0]), (6, 1, &[2.0])]);
    let mut cut_off = row(&[(7, 1, &[1.0]), (8, 1, &[1.0])]);
    cut_off.body.pop();
    store
        .metrics()
        .database
        .change(crate::store::Actor::System("test"), |conn| {
            for (id, row) in [(103, half_good), (105, cut_off)] {
                tables::frame::add(conn, id, row.frames, row.newest, &row.body)?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    store.close().await;
    let (store, engine) = open(&place);
    let all = expected(&[("0", &[(1, 1.0), (2, 1.0), (3, 1.0), (6, 2.0)])]);
    assert_eq!(stored(&engine).await, all);
    assert_eq!(store.metrics().corrupt_rows(), 4);
}

async fn processes_are_found_up_to_a_minute_back(place: Place) {
    let (store, _) = open(&place);
    let list = vec![Process {
        pid: 1,
        name: "init".to_owned(),
        ..Process::default()
    }];
    let metrics = store.metrics();
    let with_processes = Frame {
        processes: Some(list.clone()),
        ..frame(100_000, &[(0, 1.0)])
    };
    metrics
        .append(vec![with_processes, frame(101_000, &[(0, 1.0)])])
        .await
        .unwrap();
    assert_eq!(
        metrics.last_seen(SERVER).await.unwrap(),
        Some(UnixMs(101_000))
    );
    for (at, found) in [
        (99_999, false),
        (100_000, true),
        (160_000, true),
        (160_001, false),
    ] {
        let answer = metrics.processes_at(SERVER, UnixMs(at)).await.unwrap();
        let wanted = found.then(|| (UnixMs(100_000), list.clone()));
        assert_eq!(answer, wanted, "{at}");
    }
}

fn with_cases(cases: u32) -> ProptestConfig {
    ProptestConfig::with_cases(cases)
}

type Samples = BTreeMap<i64, BTreeMap<u32, f64>>;

fn samples() -> impl Strategy<Value = Samples> {
    let values = prop::collection::btree_map(0_u32..5, -100.0..100.0, 0..5);
    prop::collection::btree_map(0_i64..20_000, values, 0..60)
}

/// What the engine answers over the database is what the definition gives over the samples.
fn answers_are_those_of_a_naive_reader(
    place: &Place,
    samples: &Samples,
    range: std::ops::Range<i64>,
    step: u32,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let answers = runtime.block_on(async {
        let (store, engine) = open(place);
        let frames = samples.iter().map(|(at, values)| {
            let values: Vec<_> = values.iter().map(|(cpu, v)| (*cpu, *v)).collect();
            frame(*at, &values)
        });
        store.metrics().append(frames.collect()).await.unwrap();
        let answers = engine.run(request(range.clone(), Some(step))).await;
        store.close().await;
        answers.unwrap()
    });
    let mut expected = Vec::new();
    for cpu in 0..5 {
        let mut series = common::series::Series::empty(key(SERVER, cpu));
        for (at, values) in samples {
            if let Some(value) = values.get(&cpu) {
                series.push(*at, *value);
            }
        }
        let step = i64::from(step) * 1000;
        let points = points(&series, range.clone(), step, Aggregation::Avg);
        if points.iter().any(|(_, value)| value.is_some()) {
            expected.push((series.key, points));
        }
    }
    let answers = answers.into_iter().map(|one| (one.key, one.points));
    assert_eq!(answers.collect::<Vec<_>>(), expected);
}

#[test]
fn files_answer_as_a_naive_reader_does() {
    let asked = (samples(), 0_i64..20_000, 0_i64..20_000, 1_u32..6);
    proptest!(with_cases(24), |((samples, from, length, step) in asked)| {
        let place = Place::sqlite();
        answers_are_those_of_a_naive_reader(&place, &samples, from..from + length, step);
    });
}

#[test]
fn a_server_answers_as_a_naive_reader_does() {
    let asked = (samples(), 0_i64..20_000, 0_i64..20_000, 1_u32..6);
    let place = std::cell::RefCell::new(Place::postgres());
    proptest!(with_cases(6), |((samples, from, length, step) in asked)| {
        let mut place = place.borrow_mut();
        place.clear();
        answers_are_those_of_a_naive_reader(&place, &samples, from..from + length, step);
    });
}
