//! Which series have samples in a range is told of the head, of windows and of sealed hours alike.

use super::*;
use crate::query::{Cancel, HOUR_MS, Source};

on_both!(series_live_in_the_hours_in_which_they_have_samples);

const MINUTE: i64 = 60_000;

/// The numbers of the CPUs that live in a range of minutes.
fn living(store: &Store, minutes: std::ops::Range<i64>) -> Vec<u32> {
    let cpus = [0, 1, 2, 9];
    let keys = cpus.map(|cpu| key(SERVER, cpu));
    let range = minutes.start * MINUTE..minutes.end * MINUTE;
    let living = store.metrics().living(&keys, &range, &Cancel::default());
    let living = cpus.into_iter().zip(living.unwrap());
    living.filter(|(_, is)| *is).map(|(cpu, _)| cpu).collect()
}

async fn series_live_in_the_hours_in_which_they_have_samples(place: Place) {
    let (store, _) = open(&place);
    let metrics = store.metrics();
    let come = async |minutes: std::ops::Range<i64>, cpu: u32| {
        let frames = minutes.map(|minute| frame(minute * MINUTE, &[(cpu, 1.0)]));
        metrics.append(frames.collect()).await.unwrap();
    };
    // The first in hour 0, the second in hour 1, the third in both and in hour 3.
    come(0..60, 0).await;
    come(60..120, 1).await;
    for hour in [0, 1, 3] {
        come(60 * hour + 30..60 * hour + 31, 2).await;
    }
    let expect = |stage: &str| {
        for (minutes, expected) in [
            (-100..-60, vec![]),
            (0..60, vec![0, 2]),
            (25..35, vec![0, 2]),
            (60..120, vec![1, 2]),
            (0..120, vec![0, 1, 2]),
            (120..180, vec![]),
            (180..240, vec![2]),
            (0..600, vec![0, 1, 2]),
            (600..900, vec![]),
        ] {
            assert_eq!(
                living(&store, minutes.clone()),
                expected,
                "{stage} {minutes:?}"
            );
        }
        let ever = store.metrics().living(
            &[key(SERVER, 0), key(SERVER, 9)],
            &(i64::MIN..i64::MAX),
            &Cancel::default(),
        );
        assert_eq!(ever.unwrap(), [true, false]);
    };
    expect("in the head");
    metrics.pack_windows(UnixMs(4 * HOUR_MS)).await.unwrap();
    expect("in windows");
    assert!(
        metrics
            .seal_hours(UnixMs(2 * HOUR_MS + MINUTE))
            .await
            .unwrap()
            > 0
    );
    expect("some of them sealed");
    while metrics.seal_hours(UnixMs(6 * HOUR_MS)).await.unwrap() > 0 {}
    expect("sealed");
    // Another server's series, and nobody's.
    let other = key(ServerId(Uuid::from_u128(2)), 0);
    let living = metrics.living(&[other], &(0..HOUR_MS), &Cancel::default());
    assert_eq!(living.unwrap(), [false]);
}
