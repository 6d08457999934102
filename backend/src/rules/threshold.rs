//! Threshold rules: the value of a series against a warning and a critical threshold; never absences.

use super::life::{self, Verdict, Waits};
use super::state::{RuleState, Track};
use super::transition::Transition;
use super::{GAP_MS, LATE_MS};
use common::alert::{Comparison, RuleInput, Severity};
use common::time::UnixMs;
use serde::{Deserialize, Serialize};

/// A value of a series.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// When it was taken.
    pub at: UnixMs,
    /// The value; `None` when it was not read. What is no finite number counts as not read.
    pub value: Option<f64>,
}

/// Evaluates one reading. Nothing changes for a reading that is absent, late, or older than the
/// last one.
pub(super) fn evaluate(
    rule: &RuleInput,
    reading: Reading,
    before: &RuleState,
    now: UnixMs,
) -> (RuleState, Option<Transition>) {
    let Some(value) = reading.value.filter(|value| value.is_finite()) else {
        return (*before, None);
    };
    let seen = Seen {
        at: reading.at,
        verdicts: class(rule, value),
        value: Some(value),
        thresholds: Severity::ALL.map(|severity| threshold_of(rule, severity)),
    };
    observe(rule, seen, before, now)
}

/// How a rule saw a moment; the arrays go by severity, mildest first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// The moment.
    pub(super) at: UnixMs,
    /// How each severity's threshold saw it; `None` when the rule has none.
    pub(super) verdicts: [Option<Verdict>; 2],
    /// The value that decided; `None` when there was none.
    pub(super) value: Option<f64>,
    /// The thresholds that it was compared with.
    pub(super) thresholds: [Option<f64>; 2],
}

/// Moves both thresholds of a rule by what was seen. Nothing changes for what is late, or older than
/// what was seen last.
pub(super) fn observe(
    rule: &RuleInput,
    seen: Seen,
    before: &RuleState,
    now: UnixMs,
) -> (RuleState, Option<Transition>) {
    let at = seen.at.min(now);
    if now.since_ms(at) > LATE_MS {
        return (*before, None);
    }
    let mut state = before.not_after(now);
    match state.seen_at {
        Some(seen_at) if at < seen_at => return (*before, None),
        Some(seen_at) if at.since_ms(seen_at) > gap_ms(rule) => state = restart_waits(state, at),
        _ => {}
    }
    state.seen_at = Some(at);

    let mut moved = state;
    for (severity, verdict) in Severity::ALL.into_iter().zip(seen.verdicts) {
        let track = verdict.map_or(Track::Clear, |verdict| {
            life::advance(&state, severity, verdict, waits(rule), at)
        });
        moved = moved.with_track(severity, track);
    }
    let (after, step) = life::settle(moved, at);
    let transition = step.map(|(step, severity)| Transition {
        step,
        severity,
        at,
        since: first_crossed(&after).unwrap_or(at),
        value: seen.value.filter(|value| value.is_finite()),
        threshold: seen.thresholds[severity as usize],
    });
    (after, transition)
}

/// What is evaluated seldom is not unseen between two evaluations.
fn gap_ms(rule: &RuleInput) -> i64 {
    if rule.kind.is_timed() {
        GAP_MS.max(i64::from(rule.interval_seconds) * 2_000)
    } else {
        GAP_MS
    }
}

/// The threshold of a severity; `None` when the rule has none.
pub(super) fn threshold_of(rule: &RuleInput, severity: Severity) -> Option<f64> {
    match severity {
        Severity::Warning => rule.warning,
        Severity::Critical => rule.critical,
    }
}

pub(super) fn waits(rule: &RuleInput) -> Waits {
    Waits {
        fire: rule.for_seconds,
        clear: rule.clear_for_seconds,
        cooldown: rule.cooldown_seconds,
    }
}

/// How the threshold of a severity sees a value; `None` when the rule has none.
pub(super) fn verdict_of(rule: &RuleInput, severity: Severity, value: f64) -> Option<Verdict> {
    threshold_of(rule, severity).map(|threshold| verdict(rule, value, threshold))
}

/// How both thresholds see a value: values of one class are the same to the rule.
pub(super) fn class(rule: &RuleInput, value: f64) -> [Option<Verdict>; 2] {
    Severity::ALL.map(|severity| verdict_of(rule, severity, value))
}

/// "Better by the margin" means: not crossed, and at least the margin away on the good side.
fn verdict(rule: &RuleInput, value: f64, threshold: f64) -> Verdict {
    let crossed = rule.comparison.crosses(value, threshold);
    let far_enough = match rule.comparison {
        Comparison::Above | Comparison::AtLeast => value <= threshold - rule.clear_margin,
        Comparison::Below | Comparison::AtMost => value >= threshold + rule.clear_margin,
        Comparison::Equal => (value - threshold).abs() >= rule.clear_margin,
        Comparison::NotEqual => true,
    };
    Verdict {
        crossed,
        cleared: !crossed && far_enough,
    }
}

fn first_crossed(state: &RuleState) -> Option<UnixMs> {
    let both = [state.warning, state.critical];
    both.into_iter().filter_map(Track::since).min()
}

/// After a gap every wait begins anew; what fires goes on firing.
fn restart_waits(state: RuleState, at: UnixMs) -> RuleState {
    let restart = |track| match track {
        Track::Crossed { .. } => Track::Crossed { since: at },
        Track::Active { since, .. } => Track::Active {
            since,
            clearing_since: None,
        },
        Track::Clear | Track::Muted { .. } => track,
    };
    RuleState {
        warning: restart(state.warning),
        critical: restart(state.critical),
        ..state
    }
}
