//! A picture shows what the rule of the alert compares, whatever the rule's kind.

use std::collections::BTreeMap;
use std::time::Duration;

use common::alert::{AlertState, Combine, Comparison, Condition, Rule, RuleInput, RuleKind};
use common::api::servers::{Monitoring, ServerKind};
use common::ids::{AlertId, RuleId, ServerId};
use common::series::{Labels, SeriesKey};
use uuid::Uuid;

use super::*;
use crate::auth::Scope;
use crate::clock::Clock;
use crate::query::{Engine, Limits};
use crate::store::metrics::Frame;
use crate::store::tables::alert::AlertRow;
use crate::store::tables::decision::NewDecision;
use crate::store::tables::server::ServerRow;
use crate::store::tables::{Blob, Json, Moment, Real, Word};
use crate::store::{Actor, Store, StoreError, tables};

pub(super) const ACTOR: Actor = Actor::System("test");
const WEB: ServerId = ServerId(Uuid::from_u128(1));
/// A whole minute.
pub(super) const NOW: UnixMs = UnixMs(1_700_000_040_000);
/// Ten minutes ago everything changed, and every alert began.
pub(super) const BEGAN: UnixMs = UnixMs(NOW.0 - 10 * MINUTE);
/// Readings, of which each picture has half an hour.
const EVERY_MS: i64 = 5_000;
const READINGS: usize = 361;
/// Half an hour of turns, 15 seconds apart.
const TURNS: usize = 121;
/// Up to so far apart readings and turns are joined.
const READ: i64 = 30_000;
const TURNED: i64 = 22_500;

/// What a picture has to show.
#[derive(Debug, PartialEq)]
struct Seen {
    name: String,
    values: usize,
    first: Option<f64>,
    last: Option<f64>,
    thresholds: Vec<f64>,
    gap_ms: i64,
}

fn seen(name: &str, values: usize, ends: [f64; 2], thresholds: &[f64], gap_ms: i64) -> Seen {
    Seen {
        name: name.to_owned(),
        values,
        first: Some(ends[0]),
        last: Some(ends[1]),
        thresholds: thresholds.to_vec(),
        gap_ms,
    }
}

impl Seen {
    fn of(chart: &ChartSpec) -> Self {
        let series = &chart.series[0];
        let values: Vec<f64> = series.points.iter().filter_map(|it| it.value).collect();
        Self {
            name: series.name.clone(),
            values: values.len(),
            first: values.first().copied(),
            last: values.last().copied(),
            thresholds: chart.thresholds.iter().map(|it| it.value).collect(),
            gap_ms: series.gap_ms,
        }
    }
}

/// What the alert is about, by which rule, and what is seen of it; without a rule that one is gone.
type Case = (&'static str, Labels, Option<RuleInput>, Seen);

fn rule(kind: RuleKind, metric: &str, thresholds: [Option<f64>; 2]) -> RuleInput {
    RuleInput {
        kind,
        interval_seconds: 15,
        warning: thresholds[0],
        critical: thresholds[1],
        ..RuleInput::plain("", metric, Comparison::Above)
    }
}

pub(super) fn promql(expression: &str, warning: Option<f64>) -> RuleInput {
    RuleInput {
        expression: Some(expression.to_owned()),
        ..rule(RuleKind::Promql, "", [warning, None])
    }
}

fn composite() -> RuleInput {
    let condition = |metric: &str, warning, critical, not| Condition {
        metric: metric.to_owned(),
        matchers: BTreeMap::new(),
        comparison: Comparison::Above,
        warning: Some(warning),
        critical,
        not,
    };
    RuleInput {
        combine: Combine::All,
        conditions: vec![
            condition("backup_running", 0.0, None, true),
            condition("queue_length", 10.0, Some(20.0), false),
        ],
        ..rule(RuleKind::Composite, "", [None, None])
    }
}

fn of_readings() -> Vec<Case> {
    let both = [Some(10.0), Some(20.0)];
    let queue = |name, thresholds| seen(name, READINGS, [5.0, 25.0], thresholds, READ);
    let cpu = seen("host_cpu_usage_percent", READINGS, [50.0, 50.0], &[], READ);
    vec![
        (
            "queue_length",
            Labels::none(),
            Some(rule(RuleKind::Threshold, "queue_length", both)),
            queue("queue_length", &[10.0, 20.0]),
        ),
        (
            "up",
            Labels::none(),
            Some(rule(RuleKind::Absence, "up", [None, None])),
            cpu,
        ),
        (
            "",
            Labels::none(),
            Some(composite()),
            queue("condition 2 of 2: queue_length", &[10.0, 20.0]),
        ),
        (
            "queue_length",
            Labels::none(),
            None,
            queue("queue_length", &[20.0]),
        ),
        (
            "queue_length",
            Labels::none(),
            Some(rule(RuleKind::Threshold, "something_else", both)),
            queue("queue_length", &[20.0]),
        ),
    ]
}

fn of_turns() -> Vec<Case> {
    let instance = || Labels::one("instance", "web-1");
    let requests = RuleInput {
        window_seconds: 60,
        ..rule(RuleKind::Rate, "requests_total", [Some(5.0), None])
    };
    let rate = "change a second over 60 s of requests_total{code=\"500\"}";
    vec![
        (
            "requests_total",
            Labels::one("code", "500"),
            Some(requests),
            seen(rate, TURNS, [2.0, 20.0], &[5.0], TURNED),
        ),
        (
            "",
            instance(),
            Some(promql(
                "sum by (instance)\n  (queue_length) * 2",
                Some(30.0),
            )),
            seen(
                "sum by (instance) (queue_length) * 2",
                TURNS,
                [10.0, 50.0],
                &[30.0],
                TURNED,
            ),
        ),
        // It is there since the alert began.
        (
            "",
            instance(),
            Some(promql("queue_length > 20", None)),
            seen("queue_length > 20", 41, [25.0, 25.0], &[], TURNED),
        ),
    ]
}

#[tokio::test]
async fn the_curve_is_what_the_rule_compares() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), None).unwrap();
    fill(&store).await;
    let pictures = pictures(&store);
    let cases = of_readings().into_iter().chain(of_turns());
    for (number, (metric, labels, rule, expected)) in (1_u128..).zip(cases) {
        let alert = alert(number, metric, labels);
        let id = alert.id.0;
        let add = store.change(&ACTOR, move |conn| {
            if let Some(input) = rule {
                tables::rule::insert(conn, &stored(number, 1, input).into())?;
            }
            tables::alert::insert(conn, &alert)
        });
        add.await.unwrap();
        let chart = pictures.chart(Scope::All, id).await.unwrap();
        assert_eq!(Seen::of(&chart), expected, "case {number}");
    }
}

#[tokio::test]
async fn what_is_over_is_drawn_by_its_rule_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), None).unwrap();
    fill(&store).await;
    let over = AlertRow {
        state: Word(AlertState::Resolved),
        resolved_at: Some(Moment(NOW)),
        ..alert(1, "", Labels::one("instance", "web-1"))
    };
    let open = AlertRow {
        id: Blob(AlertId(Uuid::from_u128(2))),
        state: Word(AlertState::Firing),
        resolved_at: None,
        ..over.clone()
    };
    let ids = [over.id.0, open.id.0];
    let add = store.change(&ACTOR, move |conn| {
        let now = promql("queue_length * 3", Some(60.0));
        tables::rule::insert(conn, &stored(1, 2, now).into())?;
        tables::alert::insert(conn, &over)?;
        tables::alert::insert(conn, &open)?;
        let decision = NewDecision {
            alert_id: over.id,
            seq: None,
            at: Moment(BEGAN),
            rule_id: over.rule_id,
            rule_version: 1,
            input: "{}".to_owned(),
            outcome: "{}".to_owned(),
        };
        let then = promql("queue_length * 2", Some(40.0));
        tables::decision::insert(conn, &decision, &then)
    });
    add.await.unwrap();
    let pictures = pictures(&store);
    let expected = [
        seen("queue_length * 2", TURNS, [10.0, 50.0], &[40.0], TURNED),
        seen("queue_length * 3", TURNS, [15.0, 75.0], &[60.0], TURNED),
    ];
    for (id, expected) in ids.into_iter().zip(expected) {
        let chart = pictures.chart(Scope::All, id).await.unwrap();
        assert_eq!(Seen::of(&chart), expected);
    }
}

pub(super) fn pictures(store: &Store) -> Pictures {
    let limits = Limits {
        max_samples: 1_000_000,
        max_series: 100,
        timeout: Duration::from_mins(1),
    };
    let query = Engine::new(Arc::new(store.metrics().clone()), limits);
    Pictures::new(store.clone(), query, Clock::fixed(NOW))
}

/// A server with forty minutes of readings.
pub(super) async fn fill(store: &Store) {
    let row = ServerRow {
        id: Blob(WEB),
        name: "web-1".to_owned(),
        kind: Word(ServerKind::Local),
        address: None,
        group_name: None,
        tags: Json(Vec::new()),
        interval_seconds: 5,
        enabled: true,
        monitoring: Word(Monitoring::Running),
        created_at: Moment(BEGAN),
        updated_at: Moment(BEGAN),
    };
    let add = store.change(&ACTOR, move |conn| {
        tables::server::insert(conn, &row)?;
        Ok::<_, StoreError>(())
    });
    add.await.unwrap();
    let mut failed = 0.0;
    let mut frames = Vec::new();
    let mut at = NOW.plus_ms(-40 * MINUTE);
    while at <= NOW {
        frames.push(frame(at, failed));
        failed += if at < BEGAN { 10.0 } else { 100.0 };
        at = at.plus_ms(EVERY_MS);
    }
    store.metrics().append(frames).await.unwrap();
}

fn frame(at: UnixMs, failed: f64) -> Frame {
    let code = |code| Labels::one("code", code);
    let queue = if at < BEGAN { 5.0 } else { 25.0 };
    let values = [
        ("requests_total", code("200"), 1.0),
        ("requests_total", code("500"), failed),
        ("queue_length", Labels::none(), queue),
        ("backup_running", Labels::none(), 0.0),
        ("host_cpu_usage_percent", Labels::none(), 50.0),
    ];
    let keyed = values.map(|(metric, labels, value)| (SeriesKey::new(WEB, metric, labels), value));
    Frame {
        server: WEB,
        at,
        values: Arc::from(keyed),
        processes: None,
    }
}

pub(super) fn stored(number: u128, version: u32, input: RuleInput) -> Rule {
    Rule {
        id: RuleId(Uuid::from_u128(number)),
        version,
        created_at: BEGAN,
        updated_at: BEGAN,
        input: RuleInput {
            name: format!("rule {number}"),
            ..input
        },
    }
}

/// An alert that fires by the rule of its number.
pub(super) fn alert(number: u128, metric: &str, series_labels: Labels) -> AlertRow {
    AlertRow {
        id: Blob(AlertId(Uuid::from_u128(number))),
        rule_id: Blob(RuleId(Uuid::from_u128(number))),
        rule_name: format!("rule {number}"),
        rule_version: 1,
        server_id: Blob(WEB),
        server_name: "web-1".to_owned(),
        metric: metric.to_owned(),
        series_labels: Json(series_labels),
        labels: Json(BTreeMap::new()),
        severity: Word(Severity::Critical),
        state: Word(AlertState::Firing),
        value: Some(Real(25.0)),
        threshold: Some(Real(20.0)),
        message: String::new(),
        started_at: Moment(BEGAN),
        acknowledged_at: None,
        acknowledged_by: None,
        resolved_at: None,
        resolved_by: None,
        rule_state: "{}".to_owned(),
        holds_until: None,
        assignee: None,
        flapping: false,
    }
}
