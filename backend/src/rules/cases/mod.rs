//! Cases of rules as data: values over seconds, and the steps that must come of them; never a clock.

use super::absence::evaluate as evaluate_absence;
use super::threshold::evaluate as evaluate_threshold;
use super::{Reading, RuleState, Silence, Transition, absence_limit_ms, default_rules};
use common::alert::{Comparison, RuleInput};
use common::time::UnixMs;

mod prometheus;
mod quiet;
mod thresholds;

/// A value each second, from and to inclusive.
type Stretch = (i64, i64, f64);

fn at(second: i64) -> UnixMs {
    UnixMs(1_700_000_000_000 + second * 1_000)
}

/// 70 warning, 90 critical, 5 points of margin, 60 s each way, 15 minutes of cooldown.
fn cpu() -> RuleInput {
    let [cpu, ..] = default_rules();
    cpu
}

/// The same without waits and cooldown.
fn instant() -> RuleInput {
    RuleInput {
        for_seconds: 0,
        clear_for_seconds: 0,
        cooldown_seconds: 0,
        ..cpu()
    }
}

fn describe(transition: Option<Transition>) -> Option<String> {
    transition.map(|it| {
        format!(
            "{} {:?} {:?}",
            (it.at.0 - at(0).0) / 1_000,
            it.step,
            it.severity
        )
        .to_lowercase()
    })
}

fn play(rule: &RuleInput, state: &mut RuleState, stretches: &[Stretch]) -> Vec<String> {
    let mut steps = Vec::new();
    for &(from, to, value) in stretches {
        for second in from..=to {
            let reading = Reading {
                at: at(second),
                value: Some(value),
            };
            let (after, transition) = evaluate_threshold(rule, reading, state, at(second));
            *state = after;
            steps.extend(describe(transition));
        }
    }
    steps
}

fn check(case: &str, rule: &RuleInput, stretches: &[Stretch], expected: &[&str]) {
    let steps = play(rule, &mut RuleState::default(), stretches);
    assert_eq!(steps, expected, "{case}");
}
