//! What a server looked like is kept with the firing, in its transaction.

use common::host::{Cpu, HostSample, Process};

use super::*;

fn latest(at: UnixMs, percent: f64) -> Arc<Latest> {
    let sample = HostSample {
        cpu: Some(Cpu {
            percent: Some(percent),
            ..Cpu::default()
        }),
        processes: Some(vec![Process {
            pid: 7,
            name: "busy".to_owned(),
            cpu_percent: Some(percent),
            ..Process::default()
        }]),
        ..HostSample::default()
    };
    Arc::new(Latest {
        at,
        sample: Arc::new(sample),
        processes: None,
        process_count: None,
        health_score: None,
    })
}

#[tokio::test]
async fn a_firing_keeps_what_the_server_looked_like_then() {
    let first = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(first.path(), &clock).await;
    *bench.seen.lock().unwrap() = Some(latest(START, 75.5));
    bench.cpu(61, 75.5).await;
    *bench.seen.lock().unwrap() = Some(latest(START.plus_ms(90_000), 99.0));
    bench.cpu(61, 99.0).await;
    assert_eq!(bench.steps(), ["fired warning", "escalated critical"]);
    let [alert] = bench.alerts().await.try_into().unwrap();

    let second = left_behind(first.path());
    let bench = Bench::open(second.path(), &clock).await;
    let detail = bench.reader().detail(&allowed(), alert.id).await.unwrap();
    let snapshot = detail.snapshot.unwrap();
    assert_eq!(
        (snapshot.at, snapshot.cpu_percent),
        (START, Some(75.5)),
        "the firing, not the escalation"
    );
    assert_eq!(snapshot.by_cpu[0].name, "busy");
    assert_eq!(snapshot.health.cpu, Some(75.5 * 0.3));
}

#[tokio::test]
async fn a_server_of_which_nothing_is_known_has_no_snapshot() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    bench.cpu(61, 75.0).await;
    let [alert] = bench.alerts().await.try_into().unwrap();
    let detail = bench.reader().detail(&allowed(), alert.id).await.unwrap();
    assert_eq!(detail.snapshot, None);
}
