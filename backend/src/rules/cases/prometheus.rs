//! Prometheus's own cases of pending, firing and `keep_firing_for`, and those of its documentation: what an
//! expression gives from turn to turn, and the steps that must come of it.

use super::*;
use crate::rules::{Input, Observation, Worth, decide, join};
use common::alert::{Combine, Condition, RuleKind};

/// A rule on an expression that finds by itself what is wrong, as Prometheus has them.
fn alert(for_seconds: u32, keep_firing_for: u32, interval_seconds: u32) -> RuleInput {
    RuleInput {
        kind: RuleKind::Promql,
        expression: Some("http_requests < 100".to_owned()),
        for_seconds,
        clear_for_seconds: keep_firing_for,
        interval_seconds,
        cooldown_seconds: 0,
        ..RuleInput::plain("HTTPRequestRateLow", "", Comparison::Above)
    }
}

/// What one series is worth at each turn; `None` when it is not in the result.
fn turns(rule: &RuleInput, worths: &[Option<f64>]) -> Vec<String> {
    let mut state = RuleState::default();
    let mut steps = Vec::new();
    for (turn, value) in worths.iter().enumerate() {
        let second = i64::try_from(turn).unwrap() * i64::from(rule.interval_seconds);
        let worth = Worth {
            at: at(second),
            value: *value,
        };
        let input = Input::new(Observation::Worth(worth), state, at(second));
        let outcome = decide(rule, &input);
        state = outcome.state();
        steps.extend(describe(outcome.transition));
    }
    steps
}

/// What it is; `for`, `keep_firing_for` and interval in seconds; what a series is worth; what comes of it.
type Case = (
    &'static str,
    (u32, u32, u32),
    &'static [Option<f64>],
    &'static [&'static str],
);

const THERE: Option<f64> = Some(1.0);

const CASES: &[Case] = &[
    (
        "its own test: 75 85 95 105 105 95 85 below 100 for 1m each 5m",
        (60, 0, 300),
        &[THERE, THERE, THERE, None, None, THERE, THERE],
        &[
            "0 pending warning",
            "300 fired warning",
            "900 resolved warning",
            "1500 pending warning",
            "1800 fired warning",
        ],
    ),
    (
        "its own test: 80 90 100 below 100 for 1m each 5m",
        (60, 0, 300),
        &[THERE, THERE, None],
        &[
            "0 pending warning",
            "300 fired warning",
            "600 resolved warning",
        ],
    ),
    (
        "without for it fires at once",
        (0, 0, 60),
        &[None, THERE, None],
        &["60 fired warning", "120 resolved warning"],
    ),
    (
        "what is gone before its time was never told",
        (600, 0, 60),
        &[THERE, THERE, None, THERE],
        &[
            "0 pending warning",
            "120 cleared warning",
            "180 pending warning",
        ],
    ),
    (
        "the time is reached when it has lasted for it, not before",
        (600, 0, 300),
        &[THERE, THERE, THERE],
        &["0 pending warning", "600 fired warning"],
    ),
    (
        "a value that is no number is a result too",
        (0, 0, 60),
        &[Some(f64::NAN), Some(f64::INFINITY), None],
        &["0 fired warning", "120 resolved warning"],
    ),
    (
        "keep_firing_for: its own test",
        (60, 60, 60),
        &[THERE, THERE, THERE, THERE, None, None],
        &[
            "0 pending warning",
            "60 fired warning",
            "300 resolved warning",
        ],
    ),
    (
        "keep_firing_for begins anew when the condition comes back",
        (0, 120, 60),
        &[THERE, None, THERE, None, None, None],
        &["0 fired warning", "300 resolved warning"],
    ),
    (
        "keep_firing_for never keeps what only waits",
        (120, 600, 60),
        &[THERE, None],
        &["0 pending warning", "60 cleared warning"],
    ),
];

#[test]
fn pending_and_firing_are_as_in_prometheus() {
    for (case, (for_seconds, keep_firing_for, interval), worths, expected) in CASES {
        let rule = alert(*for_seconds, *keep_firing_for, *interval);
        assert_eq!(turns(&rule, worths), *expected, "{case}");
    }
}

#[test]
fn the_label_severity_says_how_bad_a_result_is() {
    for (label, expected) in [
        (None, "0 fired warning"),
        (Some("warning"), "0 fired warning"),
        (Some("info"), "0 fired warning"),
        (Some("critical"), "0 fired critical"),
        (Some("page"), "0 fired critical"),
    ] {
        let mut rule = alert(0, 0, 60);
        rule.labels
            .extend(label.map(|label| ("severity".to_owned(), label.to_owned())));
        assert_eq!(turns(&rule, &[Some(1.0)]), [expected], "{label:?}");
    }
}

#[test]
fn thresholds_on_an_expression_escalate_and_come_back() {
    let rule = RuleInput {
        comparison: Comparison::AtLeast,
        warning: Some(70.0),
        critical: Some(90.0),
        clear_margin: 5.0,
        ..alert(60, 60, 60)
    };
    for (case, worths, expected) in [
        (
            "worse, milder inside the margin, milder, over",
            vec![75.0, 75.0, 95.0, 95.0, 86.0, 80.0, 80.0, 64.0, 64.0],
            vec![
                "0 pending warning",
                "60 fired warning",
                "180 escalated critical",
                "360 deescalated warning",
                "480 resolved warning",
            ],
        ),
        (
            "infinity is above all",
            vec![f64::INFINITY, f64::INFINITY, 1.0, 1.0],
            vec![
                "0 pending critical",
                "60 fired critical",
                "180 resolved critical",
            ],
        ),
        (
            "no number is no crossing",
            vec![95.0, 95.0, f64::NAN, f64::NAN],
            vec![
                "0 pending critical",
                "60 fired critical",
                "180 resolved critical",
            ],
        ),
    ] {
        let worths: Vec<Option<f64>> = worths.into_iter().map(Some).collect();
        assert_eq!(turns(&rule, &worths), expected, "{case}");
    }
}

/// `c` is the processor from 70 and 90 on, `q` a queue above 10, `b` that no backup runs.
fn condition(letter: char) -> Condition {
    let (metric, warning, critical) = match letter {
        'c' => ("cpu", 70.0, Some(90.0)),
        'q' => ("queue", 10.0, None),
        _ => ("backup", 0.0, None),
    };
    Condition {
        metric: metric.to_owned(),
        matchers: std::collections::BTreeMap::new(),
        comparison: Comparison::Above,
        warning: Some(warning),
        critical,
        not: letter == 'b',
    }
}

/// What it is; the conditions and how they are joined; the values of each; how bad it is.
type Joint = (
    &'static str,
    (&'static str, Combine),
    &'static [&'static [f64]],
    Option<&'static str>,
);

const JOINTS: &[Joint] = &[
    (
        "all hold",
        ("cq", Combine::All),
        &[&[80.0], &[11.0]],
        Some("warning"),
    ),
    (
        "one does not",
        ("cq", Combine::All),
        &[&[80.0], &[9.0]],
        None,
    ),
    (
        "one has no value",
        ("cq", Combine::All),
        &[&[80.0], &[]],
        None,
    ),
    (
        "a lone threshold counts for both",
        ("cq", Combine::All),
        &[&[95.0], &[11.0]],
        Some("critical"),
    ),
    (
        "any series of a condition",
        ("cq", Combine::All),
        &[&[1.0, 95.0], &[0.0, 11.0]],
        Some("critical"),
    ),
    (
        "any holds",
        ("cq", Combine::Any),
        &[&[1.0], &[11.0]],
        Some("critical"),
    ),
    (
        "none of any holds",
        ("cq", Combine::Any),
        &[&[1.0], &[1.0]],
        None,
    ),
    (
        "not, and it does not",
        ("cb", Combine::All),
        &[&[80.0], &[0.0]],
        Some("warning"),
    ),
    (
        "not, and it does",
        ("cb", Combine::All),
        &[&[80.0], &[1.0]],
        None,
    ),
    (
        "not, and there is nothing",
        ("cb", Combine::All),
        &[&[80.0], &[]],
        Some("warning"),
    ),
    ("nothing at all", ("b", Combine::Any), &[&[]], None),
];

#[test]
fn conditions_are_joined_by_all_any_and_not() {
    for (case, (conditions, combine), values, expected) in JOINTS {
        let rule = RuleInput {
            kind: RuleKind::Composite,
            combine: *combine,
            conditions: conditions.chars().map(condition).collect(),
            ..RuleInput::plain("Both", "", Comparison::Above)
        };
        let values: Vec<Vec<f64>> = values.iter().map(|own| own.to_vec()).collect();
        let transition = join(&rule, at(0), &values).and_then(|joined| {
            let observation = Observation::Joined(joined);
            let input = Input::new(observation, RuleState::default(), at(0));
            decide(&rule, &input).transition
        });
        let fired = transition.map(|it| it.severity.as_str());
        assert_eq!(fired, *expected, "{case}");
    }
}
