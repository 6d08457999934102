//! What is older than is kept goes, and nothing else does.

use super::sealing::{hour_of_frames, rows};
use super::*;
use crate::query::HOUR_MS;

on_both!(
    samples_go_first_then_what_they_came_down_to,
    a_clock_that_jumped_removes_nothing_until_it_is_confirmed,
    lists_and_what_hours_came_down_to_wait_as_well_when_no_sample_is_packed,
    space_is_given_back,
);

const KEPT: Retention = Retention {
    samples_days: 1,
    aggregates_days: 2,
};

async fn with_a_sealed_hour(place: &Place) -> (Store, Engine) {
    let (store, engine) = open(place);
    hour_of_frames(&store).await;
    let metrics = store.metrics();
    let young = Frame {
        processes: Some(vec![Process::default()]),
        ..frame(DAY_MS, &[(0, 5.0)])
    };
    let old = Frame {
        processes: Some(vec![Process::default()]),
        ..frame(HOUR_MS - 500, &[(0, 6.0)])
    };
    metrics.append(vec![old, young]).await.unwrap();
    metrics.pack_windows(UnixMs(2 * DAY_MS)).await.unwrap();
    metrics.seal_hours(UnixMs(2 * DAY_MS)).await.unwrap();
    (store, engine)
}

async fn clean_up(store: &Store, now: i64) -> Cleaned {
    let metrics = store.metrics();
    let plan = metrics.plan_cleanup(UnixMs(now), KEPT, false).await;
    let Plan::Go {
        samples_before,
        aggregates_before,
    } = plan.unwrap()
    else {
        panic!("the clean-up is held");
    };
    let counted = metrics.count_cleanup(samples_before, aggregates_before);
    let counted = counted.await.unwrap();
    let cleaned = metrics.clean_up(samples_before, aggregates_before);
    let cleaned = cleaned.await.unwrap();
    assert_eq!(counted, cleaned);
    cleaned
}

async fn samples_go_first_then_what_they_came_down_to(place: Place) {
    let (store, engine) = with_a_sealed_hour(&place).await;
    let all = Cleaned {
        packs: 1,
        processes: 1,
        aggregates: 0,
    };
    assert_eq!(clean_up(&store, DAY_MS + HOUR_MS - 501).await.packs, 0);
    assert_eq!(clean_up(&store, DAY_MS + HOUR_MS).await, all);
    let expected = expected(&[("0", &[(DAY_MS, 5.0)])]);
    assert_eq!(stored(&engine).await, expected);
    // The first hour of two series, and the youngest of one.
    assert_eq!(rows(&store, "aggregate").await, 3);
    assert_eq!(clean_up(&store, 2 * DAY_MS).await.aggregates, 0);
    assert_eq!(clean_up(&store, 2 * DAY_MS + HOUR_MS).await.aggregates, 2);
}

async fn a_clock_that_jumped_removes_nothing_until_it_is_confirmed(place: Place) {
    let (store, _) = with_a_sealed_hour(&place).await;
    let metrics = store.metrics();
    let jumped = UnixMs(365 * DAY_MS);
    let plan = metrics.plan_cleanup(jumped, KEPT, false).await.unwrap();
    assert_eq!(plan, Plan::Held { days: 364 });
    let plan = metrics.plan_cleanup(jumped, KEPT, true).await.unwrap();
    assert!(matches!(plan, Plan::Go { .. }));
}

async fn lists_and_what_hours_came_down_to_wait_as_well_when_no_sample_is_packed(place: Place) {
    let (store, _) = open(&place);
    let metrics = store.metrics();
    let jumped = UnixMs(400 * DAY_MS);
    let plan = async || metrics.plan_cleanup(jumped, KEPT, false).await.unwrap();
    assert!(matches!(plan().await, Plan::Go { .. }), "nothing is stored");
    let young = Frame {
        processes: Some(vec![Process::default()]),
        ..frame(0, &[(0, 1.0)])
    };
    metrics.append(vec![young]).await.unwrap();
    assert_eq!(plan().await, Plan::Held { days: 399 });
    metrics.pack_windows(UnixMs(DAY_MS)).await.unwrap();
    metrics.seal_hours(UnixMs(DAY_MS)).await.unwrap();
    metrics.clean_up(DAY_MS, 0).await.unwrap();
    assert_eq!(rows(&store, "pack").await, 0);
    assert_eq!(rows(&store, "aggregate").await, 1);
    assert_eq!(plan().await, Plan::Held { days: 398 });
}

async fn space_is_given_back(place: Place) {
    let (store, _) = with_a_sealed_hour(&place).await;
    let metrics = store.metrics();
    let free = || metrics.database.read(crate::store::engine::free_pages);
    let Some(before) = free().await.unwrap() else {
        // Nobody counts them on a server, which gives them back by itself.
        assert_eq!(metrics.database.give_back_space(0).await.unwrap(), 0);
        return;
    };
    assert!(before > 3);
    for (spare, left) in [(before, before), (3, 3), (0, 0)] {
        metrics.database.give_back_space(spare).await.unwrap();
        assert_eq!(free().await.unwrap(), Some(left));
    }
}
