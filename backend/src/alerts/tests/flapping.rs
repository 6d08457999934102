//! An alert that changes too often is told once, also over a kill.

use super::*;

/// A minute above the critical threshold, a minute between the two.
async fn swing(bench: &mut Bench, minutes: u32) {
    for minute in 0..minutes {
        let value = if minute % 2 == 0 { 95.0 } else { 80.0 };
        bench.cpu(60, value).await;
    }
}

async fn flapping_bench(directory: &Path, clock: &Clock) -> Bench {
    let mut bench = Bench::open(directory, clock).await;
    bench
        .set_rule(|rule| {
            rule.for_seconds = 0;
            rule.clear_for_seconds = 0;
            rule.cooldown_seconds = 0;
        })
        .await;
    bench
}

#[tokio::test]
async fn a_flapping_alert_is_told_once_and_again_when_it_is_calm() {
    let first = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = flapping_bench(first.path(), &clock).await;
    swing(&mut bench, 4).await;
    assert_eq!(
        bench.steps(),
        [
            "fired critical",
            "deescalated warning",
            "escalated critical",
            "deescalated warning",
            "flapping warning",
        ]
    );
    assert_eq!(bench.intents().await, 4, "the last change is not told");
    assert!(bench.alerts().await[0].flapping);

    let second = left_behind(first.path());
    let mut bench = Bench::open(second.path(), &clock).await;
    swing(&mut bench, 6).await;
    assert_eq!(bench.steps().len(), 6, "it is watched all the same");
    assert_eq!(bench.intents().await, 4, "and not told");

    let third = left_behind(second.path());
    let mut bench = Bench::open(third.path(), &clock).await;
    bench.cpu(20 * 60, 80.0).await;
    assert_eq!(bench.steps(), ["calmed warning"]);
    assert_eq!(bench.intents().await, 5);
    assert!(!bench.alerts().await[0].flapping);
    let detail = bench.alerts().await[0].id;
    let detail = bench.reader().detail(&allowed(), detail).await.unwrap();
    let held = detail.history.iter().filter(|step| step.held).count();
    assert_eq!(held, 7, "the history says which were not told");
}

#[tokio::test]
async fn who_was_told_of_a_firing_is_told_of_its_end_and_nobody_else() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = flapping_bench(directory.path(), &clock).await;
    for _ in 0..3 {
        bench.cpu(60, 95.0).await;
        bench.cpu(60, 10.0).await;
    }
    // fired, resolved, fired, resolved, flapping, resolved.
    assert_eq!(bench.intents().await, 6);
    bench.cpu(60, 95.0).await;
    let unheard = bench.alerts().await[0].clone();
    assert!(unheard.flapping);
    bench.act(unheard.id, Act::Acknowledge).await.unwrap();
    bench.cpu(60, 10.0).await;
    assert_eq!(
        bench.intents().await,
        6,
        "what nobody heard of is acknowledged and ends unheard"
    );
    let resolved = bench.alerts().await[0].clone();
    assert_eq!(
        (resolved.state, resolved.flapping),
        (AlertState::Resolved, false)
    );
}
