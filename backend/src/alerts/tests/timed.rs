//! Rules that are evaluated on their interval: they do what a trial of them says, and nothing when they
//! cannot be evaluated.

use super::preview::{lines, times_told, told};
use super::rules::{book, obeying};
use super::*;
use crate::alerts::measure::Evaluated;
use crate::alerts::timed;
use crate::store::metrics::Frame;
use common::alert::{Combine, Condition, RuleKind};
use common::api::rules::EvaluationStatus;
use std::collections::BTreeMap;

/// Seconds between two turns.
const TURN: u32 = 15;

impl Bench {
    /// Evaluates every rule that does not follow samples.
    async fn turn(&mut self) -> Vec<Evaluated> {
        let timetable = Arc::clone(&self.engine.outside.timetable.borrow());
        let (query, now) = (query(&self.store), self.clock.now());
        let mut found = Vec::new();
        for active in &timetable.rules {
            found.push(timed::evaluate(&query, &timetable, Arc::clone(active), now).await);
        }
        self.engine.conclude(&found).await;
        found
    }

    /// A second passes with these values.
    async fn second(&mut self, values: &[(&str, f64)]) {
        self.clock.advance(Duration::from_secs(1));
        let key = |metric: &str| SeriesKey::new(WEB, metric, Labels::none());
        let values = values.iter().map(|(metric, value)| (key(metric), *value));
        let frame = Frame {
            server: WEB,
            at: self.clock.now(),
            values: values.collect(),
            processes: None,
        };
        self.store.metrics().append(vec![frame]).await.unwrap();
    }
}

fn timed_rules() -> [RuleInput; 4] {
    let plain = |name: &str, metric: &str| RuleInput {
        interval_seconds: TURN,
        cooldown_seconds: 0,
        ..RuleInput::plain(name, metric, Comparison::Above)
    };
    let condition = |metric: &str, warning, critical, not| Condition {
        metric: metric.to_owned(),
        matchers: BTreeMap::new(),
        comparison: Comparison::Above,
        warning: Some(warning),
        critical,
        not,
    };
    [
        RuleInput {
            kind: RuleKind::Rate,
            window_seconds: 60,
            warning: Some(5.0),
            critical: Some(9.0),
            for_seconds: 30,
            ..plain("Requests", "requests_total")
        },
        RuleInput {
            kind: RuleKind::Promql,
            expression: Some("sum by (instance) (queue_length)".to_owned()),
            warning: Some(10.0),
            critical: Some(20.0),
            clear_for_seconds: 30,
            ..plain("Queue", "")
        },
        RuleInput {
            kind: RuleKind::Promql,
            expression: Some("queue_length > 20".to_owned()),
            for_seconds: 30,
            labels: BTreeMap::from([("severity".to_owned(), "critical".to_owned())]),
            ..plain("Queue is there", "")
        },
        RuleInput {
            kind: RuleKind::Composite,
            combine: Combine::All,
            conditions: vec![
                condition("queue_length", 10.0, Some(20.0), false),
                condition("backup_running", 0.0, None, true),
            ],
            ..plain("Queue without backup", "")
        },
    ]
}

/// A counter that runs faster for a while and begins again, a queue that fills, empties and is gone, a
/// backup that runs in between.
fn values_at(second: u32, counted: &mut f64) -> Vec<(&'static str, f64)> {
    *counted += if (200..420).contains(&second) {
        10.0
    } else {
        1.0
    };
    if second == 300 {
        *counted = 0.0;
    }
    let mut values = vec![
        ("requests_total", *counted),
        (
            "backup_running",
            f64::from(u8::from((540..640).contains(&second))),
        ),
    ];
    let queue = match second {
        0..500 => Some(5.0),
        500..600 => Some(15.0),
        600..700 | 800..900 => Some(25.0),
        700..800 => Some(3.0),
        _ => None,
    };
    values.extend(queue.map(|queue| ("queue_length", queue)));
    values
}

#[tokio::test]
async fn rules_on_intervals_do_what_their_trial_says() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    let (book, mut commands) = book(&bench);
    let may = allowed::<may::RulesWrite>();
    for rule in timed_rules() {
        let work = book.create(&may, rule);
        obeying(&mut bench, &mut commands, work).await.unwrap();
    }
    let mut lived = vec![Vec::new(); timed_rules().len()];
    let mut counted = 0.0;
    for second in 0..1_400 {
        bench.second(&values_at(second, &mut counted)).await;
        if bench.clock.now().0 % i64::from(TURN * 1_000) == 0 {
            bench.turn().await;
            let all = std::mem::take(&mut *bench.told.lock().unwrap());
            for (rule, lived) in timed_rules().iter().zip(&mut lived) {
                let own = all.iter().filter(|it| it.alert.rule == rule.name);
                *bench.told.lock().unwrap() = own.cloned().collect();
                lived.extend(told(&bench, &rule.name));
            }
        }
    }
    for (rule, lived) in timed_rules().into_iter().zip(lived) {
        let name = rule.name.clone();
        let to = clock.now().plus_ms(1);
        let preview = book.preview(&may, rule, START, to).await.unwrap();
        assert_eq!(lines(&preview), lived, "{name}");
        assert!(
            lived.iter().any(|it| it.contains("fired")),
            "{name}: {lived:?}"
        );
        assert!(
            lived.last().unwrap().contains("resolved"),
            "{name}: {lived:?}"
        );
        let times = times_told(&bench, &name).await;
        assert_eq!(preview.notifications, times, "{name}");
    }
    let reader = bench.reader();
    for alert in bench.alerts().await {
        let replay = reader.replay(&allowed(), alert.id, 0).await.unwrap();
        assert!(replay.identical && !replay.items.is_empty(), "{replay:#?}");
    }
}

#[tokio::test]
async fn what_cannot_be_evaluated_keeps_its_state_and_says_why() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    let (book, mut commands) = book(&bench);
    let may = allowed::<may::RulesWrite>();
    let rule = RuleInput {
        expression: Some("queue_length > 20".to_owned()),
        kind: RuleKind::Promql,
        ..RuleInput::plain("Queue", "", Comparison::Above)
    };
    let work = book.create(&may, rule.clone());
    let made = obeying(&mut bench, &mut commands, work).await.unwrap();
    bench.second(&[("queue_length", 25.0)]).await;
    let found = bench.turn().await;
    assert_eq!(bench.steps(), ["fired warning"]);
    let alert = bench.alerts().await.remove(0);
    assert_eq!(
        (
            alert.labels["instance"].as_str(),
            alert.value,
            alert.threshold
        ),
        ("web-1", Some(25.0), None)
    );

    let failing = Evaluated {
        outcome: Err("too many series".to_owned()),
        at: clock.now(),
        ..found[0].clone()
    };
    bench.engine.conclude(&[failing]).await;
    assert!(bench.steps().is_empty());
    let noted = bench.engine.outside.evaluations.of(made.id).unwrap();
    assert_eq!(noted.status, EvaluationStatus::Failing);
    assert_eq!(noted.error.as_deref(), Some("too many series"));

    let old = Evaluated {
        version: 7,
        outcome: Ok(Vec::new()),
        ..found[0].clone()
    };
    bench.engine.conclude(&[old]).await;
    assert!(bench.steps().is_empty(), "another version found nothing");

    let left = left_behind(directory.path());
    let mut bench = Bench::open(left.path(), &clock).await;
    bench.turn().await;
    assert!(bench.steps().is_empty(), "a restart tells nothing anew");
    bench.second(&[("queue_length", 1.0)]).await;
    bench.turn().await;
    assert_eq!(bench.steps(), ["resolved warning"]);
}

#[tokio::test]
async fn expressions_are_read_before_they_are_saved() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let bench = Bench::open(directory.path(), &clock).await;
    let (book, _commands) = book(&bench);
    let may = allowed::<may::RulesWrite>();
    for expression in ["up ==", "rate(up)", "nothing("] {
        let rule = RuleInput {
            expression: Some(expression.to_owned()),
            kind: RuleKind::Promql,
            ..RuleInput::plain("Bad", "", Comparison::Above)
        };
        let refused = book.create(&may, rule).await;
        assert!(
            matches!(&refused, Err(RuleError::Invalid(errors)) if errors[0].field == "expression"),
            "{expression}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn series_that_one_alert_cannot_tell_apart_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(START);
    let mut bench = Bench::open(directory.path(), &clock).await;
    let (book, mut commands) = book(&bench);
    let may = allowed::<may::RulesWrite>();
    let rule = RuleInput {
        expression: Some("{__name__=~\"queue_length|backup_running\"}".to_owned()),
        kind: RuleKind::Promql,
        ..RuleInput::plain("Either", "", Comparison::Above)
    };
    let work = book.create(&may, rule.clone());
    obeying(&mut bench, &mut commands, work).await.unwrap();
    bench.second(&[("queue_length", 25.0)]).await;
    assert!(bench.turn().await[0].outcome.is_ok());
    assert_eq!(bench.steps(), ["fired warning"]);
    bench
        .second(&[("queue_length", 25.0), ("backup_running", 1.0)])
        .await;
    let found = bench.turn().await.remove(0).outcome.unwrap_err();
    assert!(
        found.contains("two series with the labels {instance="),
        "{found}"
    );
    assert!(bench.steps().is_empty(), "what fired goes on");
}
