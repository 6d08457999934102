//! Absence rules: a server that sends nothing for too long; never values.

use super::life::{self, Verdict, Waits};
use super::state::{RuleState, Track};
use super::transition::Transition;
use common::alert::{RuleInput, Severity};
use common::time::UnixMs;
use serde::{Deserialize, Serialize};

/// No rule calls a server absent earlier than this.
const LEAST_MS: i64 = 15_000;

/// For how long nothing has come. Measured by a steady clock, so that setting the time makes
/// nobody absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Milliseconds since the last sample; 0 when one has just come.
    pub silent_ms: i64,
    /// From how many on the server counts as absent.
    pub limit_ms: i64,
}

/// From how many milliseconds of silence on a server that sends each `interval_seconds` is absent:
/// what the rule says, but at least three intervals and 15 s.
pub fn limit_ms(rule: &RuleInput, interval_seconds: u32) -> i64 {
    let wanted = i64::from(rule.for_seconds) * 1_000;
    let intervals = 3_000 * i64::from(interval_seconds);
    wanted.max(intervals).max(LEAST_MS)
}

/// Evaluates the silence of one server: critical at its limit, over with the next sample.
pub(super) fn evaluate(
    rule: &RuleInput,
    silence: Silence,
    before: &RuleState,
    now: UnixMs,
) -> (RuleState, Option<Transition>) {
    let state = before.not_after(now);
    let absent = silence.silent_ms >= silence.limit_ms;
    let seen = Verdict {
        crossed: absent,
        cleared: !absent,
    };
    let waits = Waits {
        fire: 0,
        clear: 0,
        cooldown: rule.cooldown_seconds,
    };
    let critical = life::advance(&state, Severity::Critical, seen, waits, now);
    let moved = RuleState {
        warning: Track::Clear,
        critical,
        seen_at: Some(now),
        ..state
    };
    let (after, step) = life::settle(moved, now);
    let transition = step.map(|(step, severity)| Transition {
        step,
        severity,
        at: now,
        since: after.critical.since().unwrap_or(now),
        value: None,
        threshold: None,
    });
    (after, transition)
}
