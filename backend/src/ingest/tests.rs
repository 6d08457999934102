//! Samples on their way, with a store that answers as the test says.

use super::push::{Accepts, Gathering, Manner, PushError, read_text};
use super::{
    FiringCounts, Ingest, IngestError, Keep, Kept, Lost, Origin, Outlets, SeriesCount, Stored,
};
use crate::clock::Clock;
use crate::collect::local::Taken;
use crate::store::StoreError;
use common::alert::AlertCounts;
use common::health::HealthWeights;
use common::host::{Cpu, HostSample, Memory, Process};
use common::ids::ServerId;
use common::series::SeriesKey;
use common::time::UnixMs;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;
use uuid::Uuid;

const SERVER: ServerId = ServerId(Uuid::from_u128(7));
const START: UnixMs = UnixMs(1_760_000_000_000);

/// Notes what it stores, and what was shown live by then.
#[derive(Default)]
struct Shelf {
    kept: Mutex<Vec<Kept>>,
    live_when_kept: Mutex<Vec<usize>>,
    live: Mutex<Vec<UnixMs>>,
    broken: AtomicBool,
}

impl Keep for Shelf {
    fn keep(&self, kept: Vec<Kept>) -> BoxFuture<'_, Result<(), StoreError>> {
        async move {
            if self.broken.load(Ordering::Relaxed) {
                return Err(StoreError::Busy);
            }
            self.live_when_kept
                .lock()
                .unwrap()
                .push(self.live.lock().unwrap().len());
            self.kept.lock().unwrap().extend(kept);
            Ok(())
        }
        .boxed()
    }

    fn count(&self, _: ServerId, keys: &[SeriesKey]) -> SeriesCount {
        SeriesCount {
            known: 3,
            new: keys.len(),
        }
    }
}

struct Bench {
    ingest: Ingest,
    shelf: Arc<Shelf>,
    clock: Clock,
    firing: FiringCounts,
    rules: mpsc::Receiver<Stored>,
    pushed: mpsc::Receiver<Vec<Stored>>,
}

fn bench() -> Bench {
    let (sender, rules) = mpsc::channel(2);
    let (pushed, for_rules) = mpsc::channel(2);
    let (clock, shelf, firing) = (
        Clock::fixed(START),
        Arc::<Shelf>::default(),
        FiringCounts::default(),
    );
    let shown = Arc::clone(&shelf);
    let outlets = Outlets {
        keep: Arc::<Shelf>::clone(&shelf),
        live: Arc::new(move |taken| shown.live.lock().unwrap().push(taken.at)),
        rules: sender,
        pushed,
    };
    let weights = HealthWeights::default();
    Bench {
        ingest: Ingest::new(clock.clone(), firing.clone(), weights, outlets),
        shelf,
        clock,
        firing,
        rules,
        pushed: for_rules,
    }
}

fn sample(cpu: f64, processes: Option<u32>) -> HostSample {
    HostSample {
        cpu: Some(Cpu {
            percent: Some(cpu),
            ..Cpu::default()
        }),
        memory: Some(Memory {
            percent: Some(f64::NAN),
            ..Memory::default()
        }),
        processes: processes.map(|pid| {
            vec![Process {
                pid,
                ..Process::default()
            }]
        }),
        ..HostSample::default()
    }
}

fn after(seconds: i64) -> UnixMs {
    START.plus_ms(seconds * 1_000)
}

#[tokio::test]
async fn a_sample_is_shown_stored_and_evaluated_in_this_order() {
    let mut bench = bench();
    bench.ingest.want(SERVER, None);
    bench.firing.replace(HashMap::from([(
        SERVER,
        AlertCounts {
            warning: 1,
            critical: 0,
        },
    )]));
    bench
        .ingest
        .accept(SERVER, START, sample(50.0, None))
        .await
        .unwrap();
    assert_eq!(*bench.shelf.live_when_kept.lock().unwrap(), [1]);
    let evaluated = bench.rules.try_recv().unwrap();
    let value = |name: &str| {
        let mut values = evaluated.values.iter();
        values
            .find(|(key, _)| key.metric.as_str() == name)
            .map(|(_, value)| *value)
    };
    assert_eq!(value("host_cpu_usage_percent"), Some(50.0));
    assert_eq!(value("host_health_score"), Some(80.0));
    assert_eq!(value("host_memory_usage_percent"), None);
    let latest = bench.ingest.seen(SERVER).latest.unwrap();
    assert_eq!((latest.at, latest.health_score), (START, Some(80.0)));
}

#[tokio::test]
async fn what_is_not_durable_is_not_evaluated() {
    let mut bench = bench();
    bench.ingest.want(SERVER, None);
    bench.shelf.broken.store(true, Ordering::Relaxed);
    let refused = bench.ingest.accept(SERVER, START, sample(1.0, None)).await;
    assert!(matches!(refused, Err(IngestError::Store(StoreError::Busy))));
    assert!(bench.rules.try_recv().is_err());
    let lost = Lost {
        unstored: 1,
        ..Lost::default()
    };
    assert_eq!(bench.ingest.losses().so_far(), lost);
    assert!(bench.ingest.losses().is_failing());
    bench.shelf.broken.store(false, Ordering::Relaxed);
    bench
        .ingest
        .accept(SERVER, after(1), sample(1.0, None))
        .await
        .unwrap();
    assert!(!bench.ingest.losses().is_failing());
}

#[tokio::test]
async fn a_server_that_is_not_watched_leaves_no_trace() {
    let bench = bench();
    let accept = async |at| bench.ingest.accept(SERVER, at, sample(1.0, None)).await;
    assert!(matches!(
        accept(after(0)).await,
        Err(IngestError::NotWanted(SERVER))
    ));
    bench.ingest.want(SERVER, Some(after(-100)));
    assert_eq!(bench.ingest.seen(SERVER).last_seen_at, Some(after(-100)));
    accept(after(0)).await.unwrap();
    bench.ingest.refuse(SERVER, None);
    assert!(matches!(
        accept(after(1)).await,
        Err(IngestError::NotWanted(SERVER))
    ));
    assert_eq!(bench.shelf.kept.lock().unwrap().len(), 1);
    assert_eq!(*bench.shelf.live.lock().unwrap(), [after(0)]);
    assert_eq!(bench.ingest.seen(SERVER).last_seen_at, Some(after(0)));
}

#[tokio::test]
async fn samples_from_the_future_are_refused_and_old_ones_do_not_replace_the_newest() {
    let bench = bench();
    bench.ingest.want(SERVER, None);
    for (seconds, accepted, newest) in [
        (0, true, 0),
        (599, true, 599),
        (601, false, 599),
        (-61, true, 599),
    ] {
        let outcome = bench
            .ingest
            .accept(SERVER, after(seconds), sample(1.0, None))
            .await;
        assert_eq!(outcome.is_ok(), accepted, "{seconds} s");
        assert_eq!(
            bench.ingest.seen(SERVER).last_seen_at,
            Some(after(newest)),
            "{seconds} s"
        );
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_hide_what_comes_now() {
    const YEAR: i64 = 365 * 86_400;
    let bench = bench();
    bench.ingest.want(SERVER, None);
    let mut stored = Vec::new();
    for (set_to, second) in [(0, 0), (YEAR, YEAR), (1, 1), (2, 2), (7, 7), (7, 3)] {
        bench.clock.set(after(set_to));
        let sample = sample(1.0, Some(1));
        let taken = bench.ingest.accept(SERVER, after(second), sample).await;
        taken.unwrap();
        stored.push(after(second));
        let newest = bench.ingest.seen(SERVER).latest.unwrap();
        assert_eq!(newest.at, after(set_to), "{second}");
    }
    let kept = bench.shelf.kept.lock().unwrap();
    let found: Vec<UnixMs> = kept.iter().map(|kept| kept.at).collect();
    assert_eq!(found, stored);
    // The processes of second 2 are those of a turn that has its list already.
    let lists = kept.iter().filter(|kept| kept.processes.is_some());
    assert_eq!(lists.count(), 5);
}

#[tokio::test]
async fn processes_are_stored_every_five_seconds_and_the_last_ones_are_known() {
    let bench = bench();
    bench.ingest.want(SERVER, None);
    for (second, pid) in [
        (0, Some(1)),
        (1, Some(2)),
        (2, None),
        (5, Some(3)),
        (6, Some(4)),
        (7, None),
    ] {
        bench
            .ingest
            .accept(SERVER, after(second), sample(1.0, pid))
            .await
            .unwrap();
    }
    let kept = bench.shelf.kept.lock().unwrap();
    let stored: Vec<Option<u32>> = kept
        .iter()
        .map(|kept| kept.processes.as_ref().map(|list| list[0].pid))
        .collect();
    assert_eq!(stored, [Some(1), None, None, Some(3), None, None]);
    let latest = bench.ingest.seen(SERVER).latest.unwrap();
    assert_eq!(latest.whole().processes.as_ref().unwrap()[0].pid, 4);
    assert_eq!(latest.processes.as_ref().unwrap().at, Some(after(6)));
    assert!(latest.sample.processes.is_none());
}

#[tokio::test]
async fn slow_rules_hold_nothing_up() {
    let bench = bench();
    bench.ingest.want(SERVER, None);
    for second in 0..5 {
        bench
            .ingest
            .accept(SERVER, after(second), sample(1.0, None))
            .await
            .unwrap();
    }
    assert_eq!(bench.ingest.losses().so_far().unevaluated, 3);
    assert_eq!(bench.shelf.kept.lock().unwrap().len(), 5);
}

#[tokio::test]
async fn all_that_was_queued_is_stored_before_the_end() {
    let bench = bench();
    bench.ingest.want(SERVER, None);
    let (sender, samples) = mpsc::channel(4);
    for second in 0..3 {
        let taken = Taken {
            at: after(second),
            readings: sample(1.0, None).into(),
        };
        sender.send(taken).await.unwrap();
    }
    drop(sender);
    bench.clock.advance(Duration::from_secs(3));
    bench.ingest.clone().follow(SERVER, samples).await;
    assert_eq!(bench.shelf.kept.lock().unwrap().len(), 3);
    assert_eq!(
        bench.ingest.seen(SERVER).heard_at,
        Some(Duration::from_secs(3))
    );
}

#[tokio::test]
async fn pushed_values_are_stored_whole_and_the_new_ones_reach_the_rules() {
    let mut bench = bench();
    let push = |text: &str, most_series| {
        let accepts = Accepts {
            now: START,
            most_series: 100,
            retention_days: 30,
            is_sampled: true,
            manner: Manner::Custom,
        };
        let mut gathering = Gathering::new(accepts);
        read_text(text.as_bytes(), &mut gathering);
        let pushed = gathering.done().unwrap();
        bench.ingest.push(SERVER, pushed, most_series)
    };
    let text = format!("a 1\nb 2\na 3 {}\na 4 {}\n", after(-61).0, after(-60).0);
    let refused = push(&text, 10).await;
    assert!(matches!(refused, Err(PushError::NotWanted)));
    bench.ingest.want(SERVER, None);
    let refused = push(&text, 4).await;
    let Err(PushError::TooManySeries { limit, known, new }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((limit, known, new), (4, 3, 2));
    assert!(bench.shelf.kept.lock().unwrap().is_empty());
    push(&text, 5).await.unwrap();
    let kept = std::mem::take(&mut *bench.shelf.kept.lock().unwrap());
    let found: Vec<_> = kept
        .iter()
        .map(|kept| (kept.at, kept.values.len()))
        .collect();
    assert_eq!(found, [(after(-61), 1), (after(-60), 1), (START, 2)]);
    let told = bench.pushed.try_recv().unwrap();
    assert!(told.iter().all(|stored| stored.origin == Origin::Pushed));
    let told: Vec<_> = told.iter().map(|stored| stored.at).collect();
    assert_eq!(told, [after(-60), START]);
    assert!(bench.rules.try_recv().is_err());
    assert!(
        bench.ingest.seen(SERVER).heard_at.is_none(),
        "no sign of life"
    );
}
