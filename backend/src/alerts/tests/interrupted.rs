//! The life of an alert whatever happens in between: killed after any second, the clock set at any.

use super::*;
use crate::store::metrics::Frame;

/// Values of a life: pending, firing, worse, milder, over, held by the cooldown, firing again. Each
/// stretch is a few seconds longer than it has to be: a kill prolongs a wait by a flush at most.
const LIFE: [(u32, f64); 8] = [
    (14, 75.0),
    (14, 95.0),
    (14, 78.0),
    (14, 10.0),
    (20, 75.0),
    (30, 75.0),
    (14, 10.0),
    (5, 10.0),
];

const STEPS: [&str; 6] = [
    "fired warning",
    "escalated critical",
    "deescalated warning",
    "resolved warning",
    "fired warning",
    "resolved warning",
];

async fn quick_bench(directory: &Path, clock: &Clock) -> Bench {
    let mut bench = Bench::open(directory, clock).await;
    bench
        .set_rule(|rule| {
            rule.for_seconds = 6;
            rule.clear_for_seconds = 5;
            rule.cooldown_seconds = 80;
        })
        .await;
    bench
}

fn values() -> impl Iterator<Item = f64> {
    LIFE.into_iter()
        .flat_map(|(seconds, value)| std::iter::repeat_n(value, seconds as usize))
}

#[tokio::test]
async fn killed_after_any_second_it_tells_the_same_steps_once() {
    for killed_at in (0..values().count()).step_by(11) {
        let clock = Clock::fixed(START);
        let first = tempfile::tempdir().unwrap();
        let mut bench = quick_bench(first.path(), &clock).await;
        let (mut told, mut second) = (Vec::new(), None);
        for (at, value) in values().enumerate() {
            bench.cpu(1, value).await;
            if at == killed_at {
                told.extend(bench.steps());
                let left = left_behind(first.path());
                bench = Bench::open(left.path(), &clock).await;
                second = Some(left);
            }
        }
        told.extend(bench.steps());
        assert_eq!(told, STEPS, "killed after second {killed_at}");
        assert_eq!(bench.intents().await, STEPS.len(), "second {killed_at}");
        drop(second);
    }
}

#[tokio::test]
async fn a_clock_set_at_any_second_changes_no_step() {
    let minute = 60_000;
    for jump in [3 * minute, -3 * minute, 1_440 * minute, -1_440 * minute] {
        for jumps_at in (0..values().count()).step_by(29) {
            let clock = Clock::fixed(START);
            let directory = tempfile::tempdir().unwrap();
            let mut bench = quick_bench(directory.path(), &clock).await;
            for (at, value) in values().enumerate() {
                if at == jumps_at {
                    clock.set(clock.now().plus_ms(jump));
                }
                bench.cpu(1, value).await;
            }
            assert_eq!(bench.steps(), STEPS, "{jump} ms at second {jumps_at}");
        }
    }
}

#[tokio::test]
async fn a_clock_that_is_set_makes_nobody_absent_and_ends_no_absence() {
    for jump in [3_600_000, -3_600_000] {
        let clock = Clock::fixed(START);
        let directory = tempfile::tempdir().unwrap();
        let mut bench = Bench::open(directory.path(), &clock).await;
        bench.cpu(5, 10.0).await;
        clock.set(clock.now().plus_ms(jump));
        bench.silence(10).await;
        assert_eq!(bench.steps(), [""; 0], "{jump}");
        bench.silence(10).await;
        assert_eq!(bench.steps(), ["fired critical"], "{jump}");
        clock.set(clock.now().plus_ms(jump));
        bench.silence(60).await;
        assert_eq!(bench.steps(), [""; 0], "{jump}");
    }
}

/// How long before the start, in milliseconds, and the value then.
type Values = &'static [(i64, f64)];
type Steps = &'static [&'static str];

/// Values of one series, and what the start tells.
const STORED: [(Values, Steps); 4] = [
    (&[(1_000, 95.0)], &["fired critical"]),
    (&[(2_000, 95.0), (1_000, 10.0)], &[]),
    (&[(3_000, 10.0), (1_000, 75.0)], &["fired warning"]),
    (&[(61_000, 95.0)], &[]),
];

#[tokio::test]
async fn what_was_stored_and_not_evaluated_is_evaluated_at_the_start() {
    for (values, expected) in STORED {
        let clock = Clock::fixed(START);
        let directory = tempfile::tempdir().unwrap();
        let mut bench = Bench::open(directory.path(), &clock).await;
        bench.set_rule(|rule| rule.for_seconds = 0).await;
        for (before_ms, value) in values {
            let key = SeriesKey::new(WEB, "host_cpu_usage_percent", Labels::none());
            let frame = Frame {
                server: WEB,
                at: START.plus_ms(-before_ms),
                values: Arc::from([(key, *value)]),
                processes: None,
            };
            bench.store.metrics().append(vec![frame]).await.unwrap();
        }
        let query = query(&bench.store);
        let mut bench = Bench::over(bench.store, &clock).await;
        bench.engine.catch_up(&query).await;
        assert_eq!(bench.steps(), expected, "{values:?}");
        // The same again is no news.
        let mut bench = Bench::over(bench.store, &clock).await;
        bench.engine.catch_up(&query).await;
        assert_eq!(bench.steps(), [""; 0], "{values:?}");
    }
}
