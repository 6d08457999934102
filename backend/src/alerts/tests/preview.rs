//! A rule tried on stored samples does what the engine did with the same samples as they came.

use super::rules::book;
use super::*;
use crate::store::metrics::Frame;

/// Minutes of values that cross both thresholds, hover inside the margin, fall silent and come back.
fn minutes() -> Vec<(u32, Option<f64>)> {
    let mut minutes = vec![
        (90, Some(50.0)),
        (100, Some(75.0)),
        (100, Some(95.0)),
        (90, Some(86.0)),
        (90, Some(72.0)),
        (50, Some(67.0)),
        (200, Some(40.0)),
        // Silent for longer than the unreachable rule waits, then for longer than waits last.
        (40, None),
        (30, Some(80.0)),
        (400, None),
        (61, Some(80.0)),
        (70, Some(10.0)),
        (1_200, Some(69.9)),
    ];
    minutes.extend((0..40).map(|at| (17, Some(f64::from(at * 37 % 50 + 55)))));
    minutes
}

async fn store_and_feed(bench: &mut Bench, value: f64) {
    bench.clock.advance(Duration::from_secs(1));
    let at = bench.clock.now();
    let key = |metric| SeriesKey::new(WEB, metric, Labels::none());
    let values: Arc<[(SeriesKey, f64)]> = Arc::from([
        (key("host_cpu_usage_percent"), value),
        (key("host_memory_usage_percent"), 1.0),
    ]);
    let frame = Frame {
        server: WEB,
        at,
        values: Arc::clone(&values),
        processes: None,
    };
    bench.store.metrics().append(vec![frame]).await.unwrap();
    let sample = Stored {
        server: WEB,
        at,
        origin: Origin::Host,
        values,
    };
    bench.engine.observe(&[sample]).await;
    bench.engine.tick().await;
}

/// "12 fired warning": the second, and how one rule moved then.
pub(super) fn told(bench: &Bench, rule: &str) -> Vec<String> {
    let told = std::mem::take(&mut *bench.told.lock().unwrap());
    let second = bench.clock.now().since_ms(START) / 1_000;
    let own = told.into_iter().filter(|it| it.alert.rule == rule);
    // That it flaps, and is calm again, is no move.
    let own = own.filter(|it| !matches!(it.change, AlertChange::Flapping | AlertChange::Calmed));
    own.map(|it| line(second, it.change.as_str(), it.alert.severity))
        .collect()
}

fn line(second: i64, what: &str, severity: Severity) -> String {
    format!("{second} {what} {}", severity.as_str())
}

/// The steps that an answer's intervals come down to.
pub(super) fn lines(preview: &Preview) -> Vec<String> {
    let second = |at: UnixMs| at.since_ms(START) / 1_000;
    let mut lines = Vec::new();
    for interval in &preview.intervals {
        let mut last = None;
        for step in &interval.steps {
            let what = match last {
                None => "fired",
                Some(before) if step.severity > before => "escalated",
                Some(_) => "deescalated",
            };
            last = Some(step.severity);
            lines.push(line(second(step.at), what, step.severity));
        }
        let last = last.unwrap();
        lines.extend(
            interval
                .ended_at
                .map(|at| line(second(at), "resolved", last)),
        );
    }
    lines
}

/// How often somebody was told of the alerts of one rule.
pub(super) async fn times_told(bench: &Bench, rule: &str) -> u64 {
    let (reader, mut times) = (bench.reader(), 0);
    for alert in bench.alerts().await {
        if alert.rule == rule {
            let detail = reader.detail(&allowed(), alert.id).await.unwrap();
            let steps = detail.history.iter();
            times += steps.filter(|it| it.change.is_told() && !it.held).count();
        }
    }
    times as u64
}

/// What changes at once, and so too often.
fn quick(rule: &mut RuleInput) {
    rule.for_seconds = 0;
    rule.clear_for_seconds = 0;
    rule.cooldown_seconds = 0;
}

#[tokio::test]
async fn a_rule_is_tried_as_it_was_lived() {
    for (rule, at, flaps) in [
        ("High CPU", 0, false),
        ("Server unreachable", 3, false),
        ("High CPU", 0, true),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(START);
        let mut bench = Bench::open(directory.path(), &clock).await;
        let mut input = default_rules()[at].clone();
        if flaps {
            bench.set_rule(quick).await;
            quick(&mut input);
        }
        let mut lived = Vec::new();
        let mut samples = 0;
        for (seconds, value) in minutes() {
            for _ in 0..seconds {
                match value {
                    Some(value) => {
                        store_and_feed(&mut bench, value).await;
                        samples += 1;
                    }
                    None => bench.silence(1).await,
                }
                lived.extend(told(&bench, rule));
            }
        }
        let (book, _commands) = book(&bench);
        let to = clock.now().plus_ms(1);
        let preview = book.preview(&allowed(), input, START, to).await.unwrap();
        assert_eq!(lines(&preview), lived, "{rule}");
        assert!(lived.len() >= 2, "{lived:?}");
        let times = times_told(&bench, rule).await;
        assert_eq!(preview.notifications, times, "{rule}");
        assert_eq!(flaps, times < lived.len() as u64, "{lived:?}");
        assert_eq!(preview.evaluated_points, samples, "{rule}");
    }
}

#[tokio::test]
async fn what_cannot_be_tried_says_why() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let bench = Bench::open(directory.path(), &clock).await;
    let (book, _commands) = book(&bench);
    let [cpu, ..] = default_rules();
    let bad = RuleInput {
        critical: Some(1.0),
        ..cpu.clone()
    };
    let day = 86_400_000;
    for (rule, from, to, field) in [
        (&cpu, 0, 0, "to"),
        (&cpu, 0, -day, "to"),
        (&cpu, -31 * day - 1, 0, "from"),
        (&bad, -day, 0, "rule.critical"),
    ] {
        let (from, to) = (START.plus_ms(from), START.plus_ms(to));
        let refused = book.preview(&allowed(), rule.clone(), from, to).await;
        assert!(
            matches!(&refused, Err(RuleError::Invalid(errors)) if errors[0].field == field),
            "{field}: {refused:?}"
        );
    }
    let elsewhere = RuleInput {
        metric: "nobody_sends_this".to_owned(),
        ..cpu.clone()
    };
    let from = START.plus_ms(-day);
    let empty = book.preview(&allowed(), elsewhere, from, START).await;
    assert_eq!(empty.unwrap(), Preview::default());
}
