//! Hours become days, and long questions are answered without a sample.

use std::collections::BTreeMap;

use common::api::metrics::PixelWidth;
use proptest::prelude::*;

use super::sealing::{drop_packs, hour_of_frames, rows};
use super::*;
use crate::query::{DAY_MS, HOUR_MS, Period, aggregate};

on_both!(
    a_day_is_merged_when_it_is_over_and_again_after_late_samples,
    days_answer_without_hours_and_columns_without_samples,
    a_file_in_steps_of_hours_needs_no_samples,
    a_range_is_brought_down_at_once_and_anew_by_force,
    questions_are_estimated_from_what_is_noted_of_packs,
);

const EXACT: [Aggregation; 7] = [
    Aggregation::Avg,
    Aggregation::Min,
    Aggregation::Max,
    Aggregation::Sum,
    Aggregation::Count,
    Aggregation::Last,
    Aggregation::Stddev,
];

fn by_day(days: i64, aggregation: Aggregation) -> Request {
    Request {
        resolution: Resolution::of(NonZeroU32::new(86_400), aggregation),
        ..request(0..days * DAY_MS, None)
    }
}

fn near(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() <= 1e-6 * other.abs().max(1.0),
        (one, other) => one == other,
    }
}

/// What the days of the samples of one series came down to, straight from the definition.
fn naive(samples: &BTreeMap<i64, f64>, aggregation: Aggregation) -> Vec<Option<f64>> {
    let of_day = |day: i64| {
        let inside = samples.range(day * DAY_MS..(day + 1) * DAY_MS);
        let values: Vec<f64> = inside.map(|(_, value)| *value).collect();
        aggregate(&values, aggregation)
    };
    (0..3).map(of_day).collect()
}

async fn keep(store: &Store, now: UnixMs) {
    let metrics = store.metrics();
    metrics.pack_windows(now).await.unwrap();
    metrics.seal_hours(now).await.unwrap();
    metrics.roll_up_days(now).await.unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Whatever came when, and whatever was merged before.
    #[test]
    fn days_are_those_of_their_samples(
        turns in prop::collection::vec(
            (prop::collection::btree_map(0_i64..3 * 1_440, -50_i8..50, 1..60), 0_i64..5 * 24),
            1..5,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let place = Place::sqlite();
            let (store, engine) = open(&place);
            let mut model = BTreeMap::new();
            for (samples, hours) in turns {
                let frames = samples.iter().map(|(minute, value)| {
                    model.insert(minute * 60_000, f64::from(*value));
                    frame(minute * 60_000, &[(0, f64::from(*value))])
                });
                store.metrics().append(frames.collect()).await.unwrap();
                keep(&store, UnixMs(hours * HOUR_MS)).await;
                for aggregation in EXACT {
                    let answers = engine.run(by_day(3, aggregation)).await.unwrap();
                    let got = answers[0].points.iter().map(|point| point.1);
                    for (got, expected) in got.zip(naive(&model, aggregation)) {
                        assert!(near(got, expected), "{aggregation:?}: {got:?} {expected:?}");
                    }
                }
            }
        });
    }
}

async fn a_day_is_merged_when_it_is_over_and_again_after_late_samples(place: Place) {
    let (store, engine) = open(&place);
    hour_of_frames(&store).await;
    let metrics = store.metrics();
    let late = UnixMs(20 * HOUR_MS);
    metrics.pack_windows(late).await.unwrap();
    metrics.seal_hours(late).await.unwrap();
    assert_eq!(
        metrics.roll_up_days(late).await.unwrap(),
        0,
        "it is not over"
    );
    let next = UnixMs(DAY_MS + 6 * HOUR_MS);
    assert_eq!(metrics.roll_up_days(next).await.unwrap(), 1);
    assert_eq!(metrics.roll_up_days(next).await.unwrap(), 0);
    assert_eq!(rows(&store, "aggregate_day").await, 2);

    metrics
        .append(vec![frame(7_000, &[(0, 900.0)])])
        .await
        .unwrap();
    let highest = async || {
        let answers = engine.run(by_day(1, Aggregation::Max)).await.unwrap();
        answers[0].points[0].1
    };
    assert_eq!(highest().await, Some(900.0), "while it lies in the head");
    metrics.pack_windows(next).await.unwrap();
    assert_eq!(metrics.roll_up_days(next).await.unwrap(), 0, "not sealed");
    assert_eq!(highest().await, Some(900.0), "while its hour is not sealed");
    metrics.seal_hours(next).await.unwrap();
    assert_eq!(highest().await, Some(900.0), "while its day is not merged");
    assert_eq!(metrics.roll_up_days(next).await.unwrap(), 1);
    assert_eq!(highest().await, Some(900.0));
    let median = engine.run(by_day(1, Aggregation::Median)).await.unwrap();
    let median = median[0].points[0].1.unwrap();
    assert!((median - 29.5).abs() <= 29.5 * 0.03, "{median}");
}

async fn days_answer_without_hours_and_columns_without_samples(place: Place) {
    let (store, engine) = open(&place);
    hour_of_frames(&store).await;
    let later = vec![frame(2 * DAY_MS + 5 * HOUR_MS, &[(0, 70.0), (1, 3.0)])];
    store.metrics().append(later).await.unwrap();
    keep(&store, UnixMs(4 * DAY_MS)).await;
    drop_packs(&store).await;
    let columns = |range, pixels, sum| Request {
        resolution: Resolution::Columns {
            width: PixelWidth::nearest(pixels),
            sum,
        },
        ..request(range, None)
    };
    let hour = HOUR_MS;
    let by_hour = engine.run(columns(0..3 * DAY_MS, 72, false)).await.unwrap();
    let late = 2 * DAY_MS + 5 * hour;
    assert_eq!(
        by_hour[0].points,
        [
            (0, Some(0.0)),
            (hour / 2, Some(59.0)),
            (hour, None),
            (late, Some(70.0))
        ]
    );
    let sum = engine.run(columns(0..3 * DAY_MS, 72, true)).await.unwrap();
    assert_eq!(sum[0].points[1], (hour / 2, Some(60.0)));

    let metrics = store.metrics();
    let drop_hours = |conn: &mut Connection| {
        use diesel::RunQueryDsl;
        diesel::sql_query("DELETE FROM aggregate").execute(conn)?;
        Ok::<_, StoreError>(())
    };
    let actor = crate::store::Actor::System("test");
    metrics.database.change(actor, drop_hours).await.unwrap();
    let by_day = engine.run(by_day(3, Aggregation::Max)).await.unwrap();
    let highest: Vec<_> = by_day[0].points.iter().map(|point| point.1).collect();
    assert_eq!(highest, [Some(59.0), None, Some(70.0)]);
    let by_width = engine.run(columns(7..3 * DAY_MS, 2, false)).await.unwrap();
    assert_eq!(
        by_width[0].points,
        [
            (7, Some(0.0)),
            (DAY_MS / 2, Some(59.0)),
            (2 * DAY_MS, Some(70.0))
        ]
    );
}

async fn a_file_in_steps_of_hours_needs_no_samples(place: Place) {
    let (store, engine) = open(&place);
    hour_of_frames(&store).await;
    let later = vec![frame(DAY_MS + HOUR_MS, &[(0, 70.0)])];
    store.metrics().append(later).await.unwrap();
    keep(&store, UnixMs(4 * DAY_MS)).await;
    drop_packs(&store).await;
    for (step, expected) in [(3_600, 26), (7_200, 13), (86_400, 2)] {
        let Request { selector, .. } = request(0..400 * DAY_MS, None);
        let resolution = Resolution::of(NonZeroU32::new(step), Aggregation::Max);
        let mut chunks = engine.chunks(vec![selector], resolution).await.unwrap();
        let chunk = chunks.next().await.unwrap().unwrap();
        assert_eq!(chunk.points.len(), expected, "{step}");
        assert_eq!(chunk.points[0], (0, Some(59.0)), "{step}");
        assert_eq!(chunk.points[expected - 1].1, Some(70.0), "{step}");
    }
}

async fn a_range_is_brought_down_at_once_and_anew_by_force(place: Place) {
    let (store, engine) = open(&place);
    hour_of_frames(&store).await;
    let metrics = store.metrics();
    let range = 0..2 * DAY_MS;
    let hours = async |force| {
        metrics
            .aggregate(range.clone(), Period::Hour, force)
            .await
            .unwrap()
    };
    let days = async |force| {
        metrics
            .aggregate(range.clone(), Period::Day, force)
            .await
            .unwrap()
    };
    assert_eq!(days(false).await, 0, "no hour is sealed");
    assert_eq!((hours(false).await, hours(false).await), (1, 0));
    assert_eq!((days(false).await, days(false).await), (1, 0));
    let spoil = |conn: &mut Connection| {
        use diesel::connection::SimpleConnection;
        conn.batch_execute("UPDATE aggregate SET max = 7; UPDATE aggregate_day SET max = 7")?;
        Ok::<_, StoreError>(())
    };
    let actor = crate::store::Actor::System("test");
    metrics.database.change(actor, spoil).await.unwrap();
    assert_eq!((hours(true).await, days(true).await), (1, 1));
    let answers = engine.run(by_day(1, Aggregation::Max)).await.unwrap();
    assert_eq!(answers[0].points[0].1, Some(59.0));
    let later = DAY_MS..2 * DAY_MS;
    let of_later = metrics.aggregate(later, Period::Hour, true).await.unwrap();
    assert_eq!(of_later, 0);
}

async fn questions_are_estimated_from_what_is_noted_of_packs(place: Place) {
    let (store, engine) = open(&place);
    hour_of_frames(&store).await;
    let metrics = store.metrics().clone();
    let limits = Limits {
        max_samples: 7_199,
        ..LIMITS
    };
    let strict = Engine::new(Arc::new(metrics.clone()), limits);
    for turn in ["in the head", "packed", "sealed"] {
        let asked = request(0..HOUR_MS, Some(60));
        let refused = strict.run(asked.clone()).await.unwrap_err();
        assert!(
            refused.to_string().starts_with("about 7200 samples"),
            "{turn}: {refused}"
        );
        assert!(engine.run(asked).await.is_ok(), "{turn}");
        metrics.pack_windows(UnixMs(2 * HOUR_MS)).await.unwrap();
        if turn == "packed" {
            metrics.seal_hours(UnixMs(3 * HOUR_MS)).await.unwrap();
        }
    }
    let by_hour = strict.run(request(0..HOUR_MS, Some(3_600))).await;
    assert!(by_hour.is_ok(), "aggregates do not count");
}
