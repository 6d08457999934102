//! The flight recorder keeps what the store forgets.

use common::host::Process;

use super::*;
use crate::alerts::Recorder;
use crate::query::{Engine as Query, Limits};
use crate::store::metrics::Frame;

fn recorder(bench: &Bench) -> Recorder {
    let limits = Limits {
        max_samples: 1_000_000,
        max_series: 1_000,
        timeout: Duration::from_mins(1),
    };
    let query = Query::new(Arc::new(bench.store.metrics().clone()), limits);
    Recorder::new(bench.store.clone(), query, bench.clock.clone())
}

/// A second of the server, as it is stored and as the rules see it.
async fn second(bench: &mut Bench, value: f64) {
    bench.cpu(1, value).await;
    let frame = Frame {
        server: WEB,
        at: bench.clock.now(),
        values: Arc::from([
            (
                SeriesKey::new(WEB, "host_cpu_usage_percent", Labels::none()),
                value,
            ),
            (
                SeriesKey::new(WEB, "host_load_per_core", Labels::none()),
                value / 50.0,
            ),
        ]),
        processes: Some(vec![Process {
            pid: 7,
            name: "busy".to_owned(),
            ..Process::default()
        }]),
    };
    bench.store.metrics().append(vec![frame]).await.unwrap();
}

#[tokio::test]
async fn ten_minutes_before_and_after_outlive_the_samples() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    for at in 0..700 {
        second(&mut bench, if at < 620 { 30.0 } else { 75.0 }).await;
    }
    let [alert] = bench.alerts().await.try_into().unwrap();
    let recorder = recorder(&bench);
    let live = recorder.of(&allowed(), alert.id).await.unwrap();
    let cpu = &live.series[0];
    assert_eq!(cpu.metric, "host_cpu_usage_percent");
    assert_eq!(cpu.points.len(), 700, "what the store has of it");
    assert_eq!(live.processes[0].items[0].name, "busy");

    clock.advance(Duration::from_mins(30));
    let kept = recorder.turn(86_400_000).await.unwrap();
    assert!((2..=3).contains(&kept), "{kept}");
    assert_eq!(recorder.turn(86_400_000).await.unwrap(), 0, "once");
    let later = clock.now().0;
    bench.store.metrics().clean_up(later, later).await.unwrap();
    let kept = recorder.of(&allowed(), alert.id).await.unwrap();
    assert_eq!(kept.series, live.series);
    assert_eq!(kept.processes, live.processes);
    assert!(kept.from <= kept.fired_at.plus_ms(-600_000));
    assert!(kept.to >= kept.fired_at.plus_ms(600_000));
}
