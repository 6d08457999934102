//! Frames that lie in packs stay for receivers of remote writes that have not taken them, within bounds.

use super::*;
use crate::query::HOUR_MS;
use crate::store::metrics::seal::Waiting;
use crate::store::tables::forward::ForwardRow;

on_both!(
    frames_stay_until_every_receiver_took_them,
    what_waits_for_a_receiver_is_bounded,
);

async fn frames_stay_until_every_receiver_took_them(place: Place) {
    let (store, engine) = open(&place);
    let metrics = store.metrics();
    let took = async |receiver: &str, frame: i64| {
        let row = ForwardRow {
            receiver: receiver.to_owned(),
            frame,
            moment: 0,
            missed_from: None,
            missed_to: None,
        };
        metrics.note_forwarded(row).await.unwrap();
    };
    let waiting = async || {
        let frames = metrics.frames_after(0, 100).await.unwrap();
        frames.iter().map(|frame| frame.id).collect::<Vec<_>>()
    };
    for second in 0..3 {
        let frames = vec![frame(second * 1_000, &[(0, 1.0)])];
        metrics.append(frames).await.unwrap();
    }
    took("near", 3).await;
    took("away", 1).await;
    let before = stored(&engine).await;
    metrics.pack_windows(UnixMs(HOUR_MS)).await.unwrap();
    assert_eq!(waiting().await, [2, 3]);
    assert_eq!(stored(&engine).await, before);
    took("away", 3).await;
    metrics
        .append(vec![frame(HOUR_MS, &[(0, 1.0)])])
        .await
        .unwrap();
    metrics.pack_windows(UnixMs(2 * HOUR_MS)).await.unwrap();
    assert_eq!(waiting().await, [4]);
    // Nobody sends to that one any more.
    metrics.forward_only_to(Vec::new()).await.unwrap();
    assert_eq!(metrics.forwarded("away".to_owned()).await.unwrap(), None);
    let next = vec![frame(3 * HOUR_MS, &[(0, 1.0)])];
    metrics.append(next).await.unwrap();
    metrics.pack_windows(UnixMs(4 * HOUR_MS)).await.unwrap();
    assert!(waiting().await.is_empty());
}

async fn what_waits_for_a_receiver_is_bounded(place: Place) {
    let (store, _) = open(&place);
    let metrics = store.metrics();
    let away = ForwardRow {
        receiver: "away".to_owned(),
        frame: 0,
        moment: 0,
        missed_from: None,
        missed_to: None,
    };
    metrics.note_forwarded(away).await.unwrap();
    for (second, series) in [(0, 1), (1, 1), (2, 2_000), (3, 1), (4, 1)] {
        let values: Vec<_> = (0..series)
            .map(|cpu| (cpu, f64::from(cpu) * 0.37))
            .collect();
        let frames = vec![frame(second * 1_000, &values)];
        metrics.append(frames).await.unwrap();
    }
    metrics.pack_windows(UnixMs(HOUR_MS)).await.unwrap();
    for (frames, bytes, expected) in [
        (10, 1_000_000, &[1, 2, 3, 4, 5][..]),
        (4, 1_000_000, &[2, 3, 4, 5]),
        (10, 1_000, &[4, 5]),
        (10, 0, &[]),
    ] {
        let most = Waiting { frames, bytes };
        let removed = metrics.blocking(move |metrics| metrics.remove_packed_frames(most));
        removed.await.unwrap();
        let left = metrics.frames_after(0, 100).await.unwrap();
        let left: Vec<_> = left.iter().map(|frame| frame.id).collect();
        assert_eq!(left, expected, "{frames} frames, {bytes} bytes");
    }
}
