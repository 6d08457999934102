//! The life of alerts over a real store: fires once, survives a kill, is acted on.

use super::*;

#[tokio::test]
async fn an_alert_goes_through_its_life_and_each_step_has_one_intent() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    bench.cpu(60, 75.0).await;
    assert_eq!(bench.steps(), [""; 0]);
    assert_eq!(bench.alerts().await[0].state, AlertState::Pending);
    assert_eq!(bench.firing.of(WEB).warning, 0);

    bench.cpu(1, 75.0).await;
    assert_eq!(bench.steps(), ["fired warning"]);
    assert_eq!(bench.firing.of(WEB).warning, 1);
    let [alert] = bench.alerts().await.try_into().unwrap();
    assert_eq!(alert.started_at, START.plus_ms(1_000));
    assert_eq!(
        alert.message,
        "High CPU on web-1: 75.0 % is at or above 70.0 %."
    );

    let taken = bench.act(alert.id, Act::Acknowledge).await.unwrap();
    assert_eq!(taken.state, AlertState::Acknowledged);
    let again = bench.act(alert.id, Act::Acknowledge).await.unwrap();
    assert_eq!(again, taken, "again is no change");
    assert_eq!(bench.firing.of(WEB).warning, 1, "acknowledged counts");

    bench.cpu(61, 95.0).await;
    assert_eq!(
        bench.steps(),
        ["acknowledged warning", "escalated critical"]
    );
    let [alert] = bench.alerts().await.try_into().unwrap();
    assert_eq!(
        (alert.state, alert.severity, alert.acknowledged_by),
        (AlertState::Firing, Severity::Critical, None),
        "escalation takes it back to firing"
    );
    bench.cpu(61, 80.0).await;
    bench.cpu(61, 10.0).await;
    assert_eq!(bench.steps(), ["deescalated warning", "resolved warning"]);
    assert_eq!(bench.firing.of(WEB), common::alert::AlertCounts::default());
    assert_eq!(bench.intents().await, 5);
    assert!(matches!(
        bench.act(alert.id, Act::Acknowledge).await,
        Err(AlertError::Over(_))
    ));
    let past = bench.act(alert.id, Act::Resolve).await.unwrap();
    assert_eq!(
        past.resolved_by, None,
        "resolving what is over is no change"
    );
    assert_eq!(bench.intents().await, 5);
}

#[tokio::test]
async fn a_killed_engine_goes_on_where_it_was_and_fires_nothing_twice() {
    let clock = Clock::fixed(START);
    let first = tempfile::tempdir().unwrap();
    let mut bench = Bench::open(first.path(), &clock).await;
    bench.cpu(31, 75.0).await;

    // Killed while pending: the wait goes on.
    let second = left_behind(first.path());
    let mut bench = Bench::open(second.path(), &clock).await;
    bench.cpu(29, 75.0).await;
    assert_eq!(bench.steps(), [""; 0]);
    bench.cpu(1, 75.0).await;
    assert_eq!(bench.steps(), ["fired warning"]);
    let [fired] = bench.alerts().await.try_into().unwrap();

    // Killed while firing: the same alert, no second firing, and it ends as it would have.
    let third = left_behind(second.path());
    let mut bench = Bench::open(third.path(), &clock).await;
    assert_eq!(bench.firing.of(WEB).warning, 1);
    bench.cpu(5, 75.0).await;
    assert_eq!(bench.alerts().await, std::slice::from_ref(&fired));
    bench.cpu(30, 10.0).await;
    let fourth = left_behind(third.path());
    let mut bench = Bench::open(fourth.path(), &clock).await;
    bench.cpu(40, 10.0).await;
    assert_eq!(bench.steps(), ["resolved warning"]);
    assert_eq!(bench.intents().await, 2);

    // Killed within the cooldown: it still holds back.
    let fifth = left_behind(fourth.path());
    let mut bench = Bench::open(fifth.path(), &clock).await;
    bench.cpu(120, 75.0).await;
    assert_eq!(bench.steps(), [""; 0]);
    bench.cpu(900, 75.0).await;
    assert_eq!(bench.steps(), ["fired warning"]);
    assert_eq!(bench.alerts().await.len(), 2);
    assert_eq!(bench.intents().await, 3);
}

#[tokio::test]
async fn a_clock_that_jumps_a_year_and_back_tells_nothing_twice() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    bench.cpu(61, 75.0).await;
    assert_eq!(bench.steps(), ["fired warning"]);
    clock.set(START.plus_ms(365 * 86_400_000));
    bench.cpu(300, 75.0).await;
    clock.set(START.plus_ms(400_000));
    bench.cpu(300, 75.0).await;
    assert_eq!(bench.steps(), [""; 0]);
    bench.cpu(61, 10.0).await;
    assert_eq!(bench.steps(), ["resolved warning"]);
    bench.cpu(1_000, 75.0).await;
    assert_eq!(bench.steps(), ["fired warning"]);
    assert_eq!(bench.intents().await, 3);
}

#[tokio::test]
async fn what_a_person_resolved_stays_quiet_over_a_restart() {
    let clock = Clock::fixed(START);
    let first = tempfile::tempdir().unwrap();
    let mut bench = Bench::open(first.path(), &clock).await;
    bench.cpu(61, 75.0).await;
    let [alert] = bench.alerts().await.try_into().unwrap();
    let over = bench.act(alert.id, Act::Resolve).await.unwrap();
    assert_eq!(over.resolved_by, Some(UserId(Uuid::from_u128(2))));
    assert_eq!(bench.steps(), ["fired warning", "resolved warning"]);
    bench.cpu(100, 75.0).await;

    let second = left_behind(first.path());
    let mut bench = Bench::open(second.path(), &clock).await;
    bench.cpu(100, 75.0).await;
    assert_eq!(bench.alerts().await.len(), 1, "still crossed is quiet");
    bench.cpu(6, 50.0).await;

    let third = left_behind(second.path());
    let mut bench = Bench::open(third.path(), &clock).await;
    bench.cpu(61, 75.0).await;
    assert_eq!(bench.steps(), ["fired warning"], "it was false once");
}

#[tokio::test]
async fn filesystems_are_alerts_of_their_own() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    for mountpoint in ["/", "/home"] {
        let labels = Labels::one("mountpoint", mountpoint);
        bench
            .feed("host_filesystem_usage_percent", labels, 61, 96.0)
            .await;
    }
    assert_eq!(bench.steps(), ["fired critical", "fired critical"]);
    assert_eq!(bench.firing.of(WEB).critical, 2);
}

#[tokio::test]
async fn a_silent_server_is_told_and_its_next_sample_ends_it() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    bench.cpu(1, 10.0).await;
    bench.silence(14).await;
    assert_eq!(bench.steps(), [""; 0]);
    bench.silence(10).await;
    assert_eq!(bench.steps(), ["fired critical"]);
    bench.cpu(1, 10.0).await;
    assert_eq!(bench.steps(), ["resolved critical"]);
}

#[tokio::test]
async fn what_is_pushed_moves_rules_but_is_no_sign_of_life() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    let root = Labels::one("mountpoint", "/");
    for _ in 0..25 {
        let disk = ("host_filesystem_usage_percent", root.clone());
        bench.take(Origin::Pushed, disk, 99.0).await;
    }
    let mut steps = bench.steps();
    steps.sort();
    assert_eq!(steps, ["fired critical"], "the server is silent");
    for _ in 0..400 {
        let disk = ("host_filesystem_usage_percent", root.clone());
        bench.take(Origin::Pushed, disk, 99.0).await;
    }
    assert_eq!(bench.steps(), ["fired critical"], "the disk is full");
}

#[tokio::test]
async fn a_restart_is_no_silence() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    Bench::open(directory.path(), &clock).await;
    clock.advance(Duration::from_hours(1));
    let left = left_behind(directory.path());
    // A new process: its steady clock begins anew.
    let clock = Clock::fixed(clock.now());
    let mut bench = Bench::open(left.path(), &clock).await;
    bench.silence(14).await;
    assert_eq!(bench.steps(), [""; 0]);
    bench.silence(1).await;
    assert_eq!(bench.steps(), ["fired critical"]);
}

#[tokio::test]
async fn stopped_monitoring_ends_alerts_and_causes_none() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    bench.cpu(61, 95.0).await;
    assert_eq!(bench.steps(), ["fired critical"]);
    set_monitoring(&bench.store, Monitoring::Stopped).await;
    bench.engine.reload().await.unwrap();
    assert_eq!(bench.steps(), ["resolved critical"]);
    bench.silence(60).await;
    bench.cpu(100, 95.0).await;
    assert_eq!(bench.steps(), [""; 0]);
    set_monitoring(&bench.store, Monitoring::Running).await;
    bench.engine.reload().await.unwrap();
    bench.cpu(61, 95.0).await;
    assert_eq!(bench.steps(), ["fired critical"], "a person began anew");
}
