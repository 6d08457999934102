//! What ended long ago goes with all that belongs to it; what is open stays.

use super::*;

const DAY: i64 = 86_400_000;

#[tokio::test]
async fn past_alerts_go_with_all_that_belongs_to_them() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    bench.cpu(61, 75.0).await;
    bench.cpu(61, 10.0).await;
    let labels = Labels::one("mountpoint", "/");
    bench
        .feed("host_filesystem_usage_percent", labels, 61, 85.0)
        .await;
    assert_eq!(bench.alerts().await.len(), 2);

    let ended = clock.now().plus_ms(-DAY);
    let early = bench.store.remove_past_alerts(PERSON, ended).await.unwrap();
    assert_eq!(early.alerts, 0, "not before its time");
    let late = clock.now().plus_ms(DAY);
    let removed = bench.store.remove_past_alerts(PERSON, late).await.unwrap();
    assert_eq!(removed.alerts, 1);
    let [left] = bench.alerts().await.try_into().unwrap();
    assert_eq!(left.state, AlertState::Firing);
    assert_eq!(bench.intents().await, 1);
    let replay = bench.reader().replay(&allowed(), left.id, 0).await.unwrap();
    assert_eq!(
        (replay.identical, replay.items.len()),
        (true, 2),
        "its rule is still known"
    );
}

#[tokio::test]
async fn of_very_many_decisions_the_newest_stay() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    bench
        .set_rule(|rule| {
            rule.for_seconds = 0;
            rule.clear_for_seconds = 0;
            rule.cooldown_seconds = 0;
        })
        .await;
    for turn in 0..30 {
        let value = if turn % 2 == 0 { 95.0 } else { 75.0 };
        bench.cpu(1, value).await;
    }
    let [alert] = bench.alerts().await.try_into().unwrap();
    let before = bench
        .reader()
        .replay(&allowed(), alert.id, 0)
        .await
        .unwrap();
    assert_eq!(before.items.len(), 30);
    let prune = bench
        .store
        .change(&PERSON, |conn| tables::decision::prune(conn, 10));
    assert_eq!(prune.await.unwrap(), 20);
    let after = bench
        .reader()
        .replay(&allowed(), alert.id, 0)
        .await
        .unwrap();
    assert_eq!(after.items, before.items[20..]);
}
