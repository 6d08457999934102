//! Lists of alerts and their history.

use super::*;

#[tokio::test]
async fn lists_show_what_they_promise() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    bench.cpu(61, 95.0).await;
    let [first] = bench.alerts().await.try_into().unwrap();
    bench.act(first.id, Act::Resolve).await.unwrap();
    for (mountpoint, seconds) in [("/", 61), ("/home", 10)] {
        let labels = Labels::one("mountpoint", mountpoint);
        bench
            .feed("host_filesystem_usage_percent", labels, seconds, 85.0)
            .await;
    }
    let alerts = bench.reader();
    let all = AlertFilter::default();
    let states = |alerts: Vec<Alert>| alerts.iter().map(|it| it.state).collect::<Vec<_>>();
    let pending = AlertFilter {
        state: Some(AlertState::Pending),
        ..all.clone()
    };
    let critical = AlertFilter {
        severity: Some(Severity::Critical),
        ..all.clone()
    };
    let nowhere = AlertFilter {
        server: Some(ServerId(Uuid::nil())),
        ..all.clone()
    };
    assert_eq!(
        states(alerts.active(&allowed(), &all, None, 50).await.unwrap()),
        [AlertState::Firing]
    );
    assert_eq!(
        states(alerts.active(&allowed(), &pending, None, 50).await.unwrap()),
        [AlertState::Pending]
    );
    assert_eq!(
        alerts
            .active(&allowed(), &critical, None, 50)
            .await
            .unwrap(),
        []
    );
    assert_eq!(
        states(alerts.history(&allowed(), &all, None, 50).await.unwrap()),
        [AlertState::Firing, AlertState::Resolved]
    );
    assert_eq!(
        alerts
            .history(&allowed(), &nowhere, None, 50)
            .await
            .unwrap(),
        []
    );
    let newest = &alerts.history(&allowed(), &all, None, 1).await.unwrap()[0];
    let older = alerts
        .history(&allowed(), &all, Some(newest.id), 50)
        .await
        .unwrap();
    assert_eq!(older[0].id, first.id);
}

#[tokio::test]
async fn an_alert_has_its_history() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    bench.cpu(61, 95.0).await;
    let [first] = bench.alerts().await.try_into().unwrap();
    bench.act(first.id, Act::Resolve).await.unwrap();
    let alerts = bench.reader();
    let detail = alerts.detail(&allowed(), first.id).await.unwrap();
    let changes: Vec<_> = detail.history.iter().map(|it| it.change).collect();
    assert_eq!(changes, [AlertChange::Fired, AlertChange::Resolved]);
    assert_eq!(detail.history[1].comment.as_deref(), Some("on it"));
    let (seq, firing) = alerts.snapshot(&Scope::All).await.unwrap();
    assert_eq!((seq, firing.len()), (2, 0));
    assert!(matches!(
        alerts.detail(&allowed(), AlertId(Uuid::nil())).await,
        Err(AlertError::NotFound(_))
    ));
}
