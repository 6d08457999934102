//! From the thresholds of a rule to the life of its alert: pending, firing, worse, milder, over; never a value.

use super::state::{Fired, Open, RuleState, Track};
use super::transition::Step;
use common::alert::Severity;
use common::time::UnixMs;

/// How one threshold saw a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    /// It is crossed.
    pub(super) crossed: bool,
    /// It is better than the threshold by the margin.
    pub(super) cleared: bool,
}

/// The waits of a rule, in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waits {
    /// Crossed for so long before it fires.
    pub(super) fire: u32,
    /// Better for so long before it clears.
    pub(super) clear: u32,
    /// After a firing, no new one for so long.
    pub(super) cooldown: u32,
}

/// Moves one threshold by one reading.
pub(super) fn advance(
    state: &RuleState,
    severity: Severity,
    seen: Verdict,
    waits: Waits,
    at: UnixMs,
) -> Track {
    let crossed = |since: UnixMs| {
        if !seen.crossed {
            Track::Clear
        } else if !has_lasted(since, waits.fire, at) || is_held(state, severity, waits, at) {
            Track::Crossed { since }
        } else {
            Track::Active {
                since,
                clearing_since: None,
            }
        }
    };
    match state.track(severity) {
        Track::Crossed { since } => crossed(since),
        Track::Active {
            since,
            clearing_since,
        } => {
            let clearing_since = seen.cleared.then(|| clearing_since.unwrap_or(at));
            match clearing_since {
                Some(began) if has_lasted(began, waits.clear, at) => Track::Clear,
                clearing_since => Track::Active {
                    since,
                    clearing_since,
                },
            }
        }
        // Never for longer than the cooldown, though the clock was set back.
        Track::Muted { until } if seen.crossed && at < until => Track::Muted {
            until: until.min(at.plus_ms(i64::from(waits.cooldown) * 1_000)),
        },
        Track::Clear | Track::Muted { .. } => crossed(at),
    }
}

fn has_lasted(since: UnixMs, seconds: u32, at: UnixMs) -> bool {
    at.since_ms(since) >= i64::from(seconds) * 1_000
}

/// The cooldown holds back a new firing that is no worse than the last; never what becomes worse
/// while it fires.
fn is_held(state: &RuleState, severity: Severity, waits: Waits, at: UnixMs) -> bool {
    !matches!(state.open, Open::Firing(_))
        && state.fired.is_some_and(|fired| {
            severity <= fired.severity && !has_lasted(fired.at, waits.cooldown, at)
        })
}

/// What the moved thresholds make of the alert: the state with its new `open` and `fired`, and the
/// step with its severity.
pub(super) fn settle(moved: RuleState, at: UnixMs) -> (RuleState, Option<(Step, Severity)>) {
    let worst = |is: fn(Track) -> bool| {
        Severity::ALL
            .into_iter()
            .rev()
            .find(|severity| is(moved.track(*severity)))
    };
    let active = worst(Track::is_active);
    let crossed = worst(|track| track.since().is_some());
    let (open, step) = match (moved.open, active) {
        (Open::Firing(before), Some(now)) if now > before => (Open::Firing(now), Step::Escalated),
        (Open::Firing(before), Some(now)) if now < before => (Open::Firing(now), Step::Deescalated),
        (Open::Firing(_), Some(_)) => return (moved, None),
        (Open::Firing(_), None) => (Open::Nothing, Step::Resolved),
        (Open::Nothing | Open::Pending(_), Some(now)) => (Open::Firing(now), Step::Fired),
        (before, None) => match (before, crossed) {
            (Open::Pending(before), Some(now)) if now == before => return (moved, None),
            (_, Some(now)) => (Open::Pending(now), Step::Pending),
            (Open::Pending(_), None) => (Open::Nothing, Step::Cleared),
            _ => return (moved, None),
        },
    };
    let severity = match (open, moved.open) {
        (Open::Firing(now) | Open::Pending(now), _) => now,
        (Open::Nothing, Open::Firing(last) | Open::Pending(last)) => last,
        (Open::Nothing, Open::Nothing) => return (moved, None),
    };
    let fired = match step {
        Step::Fired | Step::Escalated => Some(Fired { at, severity }),
        _ => moved.fired,
    };
    let settled = RuleState {
        open,
        fired,
        ..moved
    };
    (settled, Some((step, severity)))
}
