//! What lies in memory is told without the database, and is what the database tells.

use super::*;
use crate::query::{Budget, Cancel, HOUR_MS, QueryError, Source};

on_both!(
    what_is_at_hand_is_what_is_stored,
    a_pack_that_goes_meanwhile_is_found_in_what_came_instead,
    a_pack_that_begins_with_the_hour_is_found_after_a_later_hour,
);

const MINUTE: i64 = 60_000;

fn keys() -> Vec<SeriesKey> {
    [0, 1, 7].map(|cpu| key(SERVER, cpu)).to_vec()
}

fn samples(
    source: &dyn Source,
    range: &std::ops::Range<i64>,
) -> Result<Vec<Vec<(i64, f64)>>, QueryError> {
    let mut budget = Budget::new(1_000_000, Cancel::default());
    let set = source.samples(&keys(), range.clone(), &mut budget)?;
    Ok(set.series.iter().map(|it| it.points().collect()).collect())
}

/// Asks from memory, then the database, then memory again, which must know it now.
fn check(metrics: &Metrics, stage: &str) {
    for minutes in [0..30, 20..70, 0..600, 500..600] {
        let range = minutes.start * MINUTE..minutes.end * MINUTE;
        let at_hand = metrics.at_hand().unwrap();
        let before = samples(&*at_hand, &range);
        let stored = samples(metrics, &range).unwrap();
        match before {
            Ok(before) => assert_eq!(before, stored, "{stage} {minutes:?}"),
            Err(error) => assert!(matches!(error, QueryError::NotInMemory), "{error}"),
        }
        let now = samples(&*at_hand, &range).unwrap();
        assert_eq!(now, stored, "{stage} {minutes:?} once it was asked for");
    }
}

async fn what_is_at_hand_is_what_is_stored(place: Place) {
    let (store, _) = open(&place);
    let metrics = store.metrics();
    for hour in 0..3 {
        for part in [0..30_i32, 30..60] {
            let at = |minute: i32| (60 * hour + i64::from(minute)) * MINUTE;
            let frames = part.map(|it| frame(at(it), &[(0, 1.0), (1, f64::from(it))]));
            metrics.append(frames.collect()).await.unwrap();
            check(metrics, "in the head");
            let now = UnixMs(hour * HOUR_MS + 40 * MINUTE);
            metrics.pack_windows(now).await.unwrap();
            check(metrics, "in windows");
        }
        // Late, into what is packed or sealed.
        let late = frame(10 * MINUTE, &[(7, f64::from(u8::try_from(hour).unwrap()))]);
        metrics.append(vec![late]).await.unwrap();
        check(metrics, "late");
        metrics
            .pack_windows(UnixMs((hour + 1) * HOUR_MS))
            .await
            .unwrap();
        check(metrics, "late and packed");
        metrics
            .seal_hours(UnixMs((hour + 3) * HOUR_MS))
            .await
            .unwrap();
        check(metrics, "sealed");
    }
    metrics.clean_up(HOUR_MS, 0).await.unwrap();
    check(metrics, "cleaned");
    let first = samples(metrics, &(0..HOUR_MS)).unwrap();
    assert!(first.iter().all(Vec::is_empty), "{first:?}");
}

async fn a_pack_that_goes_meanwhile_is_found_in_what_came_instead(place: Place) {
    let (store, _) = open(&place);
    let metrics = store.metrics();
    let frames = (0..60).map(|minute| frame(minute * MINUTE, &[(0, 1.0), (1, 2.0)]));
    metrics.append(frames.collect()).await.unwrap();
    metrics.pack_windows(UnixMs(HOUR_MS)).await.unwrap();
    let range = 0..HOUR_MS;
    let before = samples(metrics, &range).unwrap();
    // As between the commit that seals an hour and the word of it.
    let list = metrics.listed.take(SERVER);
    metrics.seal_hours(UnixMs(3 * HOUR_MS)).await.unwrap();
    metrics.decoded.forget();
    metrics.listed.put(SERVER, list);
    assert_eq!(samples(metrics, &range).unwrap(), before);
}

/// What is kept for the later hour begins where the earlier one does.
async fn a_pack_that_begins_with_the_hour_is_found_after_a_later_hour(place: Place) {
    let (store, _) = open(&place);
    let metrics = store.metrics();
    let frames = (0..120).map(|minute| frame(minute * MINUTE, &[(0, 1.0)]));
    metrics.append(frames.collect()).await.unwrap();
    metrics.pack_windows(UnixMs(3 * HOUR_MS)).await.unwrap();
    for hour in [1, 0] {
        let found = samples(metrics, &(hour * HOUR_MS..(hour + 1) * HOUR_MS)).unwrap();
        let times = found[0].iter().map(|(at, _)| *at);
        let wanted = (0..60).map(|minute| hour * HOUR_MS + minute * MINUTE);
        assert_eq!(times.collect::<Vec<_>>(), wanted.collect::<Vec<_>>());
    }
}
