//! What becomes of a message, for each step, state and past.

use common::alert::{AlertChange, AlertState, Severity};
use common::ids::SilenceId;
use common::time::UnixMs;
use uuid::Uuid;

use crate::alerts::noise::{Decision, Holding, Past, Why, decide};

use AlertChange::{Acknowledged, Calmed, Deescalated, Escalated, Fired, Flapping, Resolved};
use AlertState::{Acknowledged as Taken, Firing, Resolved as Over};
use Severity::{Critical, Warning};

fn held() -> Holding {
    Holding {
        silenced_by: vec![SilenceId(Uuid::from_u128(1))],
        until: Some(UnixMs(1)),
        ..Holding::default()
    }
}

/// Nobody was told, and nothing waits.
const NEW: Past = Past {
    told: None,
    was_held: false,
    is_followed: false,
};
/// The warning was told.
const TOLD: Past = Past {
    told: Some(Warning),
    ..NEW
};
/// The step waited.
const WAITED: Past = Past {
    was_held: true,
    ..NEW
};
/// The step waited, and the warning was told.
const WAITED_TOLD: Past = Past {
    told: Some(Warning),
    ..WAITED
};

/// As `WAITED`, and a later step waits too.
const FOLLOWED: Past = Past {
    is_followed: true,
    ..WAITED
};
/// As `WAITED_TOLD`, and a later step waits too.
const FOLLOWED_TOLD: Past = Past {
    is_followed: true,
    ..WAITED_TOLD
};

/// The step, how bad the alert is, where it stands, its past, whether it is held back; what follows.
type Case = (AlertChange, Severity, AlertState, Past, bool, Decision);

const CASES: &[Case] = &[
    // Nobody holds back: all goes, as it did before there were silences.
    (Fired, Warning, Firing, NEW, false, Decision::Tell),
    (Fired, Warning, Over, NEW, false, Decision::Tell),
    (Escalated, Critical, Firing, TOLD, false, Decision::Tell),
    (Deescalated, Warning, Firing, TOLD, false, Decision::Tell),
    (Acknowledged, Warning, Taken, TOLD, false, Decision::Tell),
    (Resolved, Warning, Over, TOLD, false, Decision::Tell),
    // What begins while it is held back waits.
    (Fired, Warning, Firing, NEW, true, Decision::Hold),
    (Fired, Warning, Firing, WAITED, true, Decision::Hold),
    (Escalated, Critical, Firing, TOLD, true, Decision::Hold),
    // It is told when nobody holds it back any more and it still fires.
    (Fired, Warning, Firing, WAITED, false, Decision::Tell),
    (
        Escalated,
        Critical,
        Firing,
        WAITED_TOLD,
        false,
        Decision::Tell,
    ),
    // Only as it is by then.
    (
        Fired,
        Critical,
        Firing,
        FOLLOWED,
        false,
        Decision::Drop(Why::Superseded),
    ),
    (Deescalated, Warning, Firing, WAITED, false, Decision::Tell),
    (
        Escalated,
        Critical,
        Firing,
        FOLLOWED_TOLD,
        false,
        Decision::Drop(Why::Superseded),
    ),
    (
        Deescalated,
        Warning,
        Firing,
        WAITED_TOLD,
        false,
        Decision::Drop(Why::Superseded),
    ),
    (
        Fired,
        Warning,
        Taken,
        WAITED,
        false,
        Decision::Drop(Why::Taken),
    ),
    (
        Fired,
        Warning,
        Taken,
        WAITED,
        true,
        Decision::Drop(Why::Taken),
    ),
    (
        Fired,
        Warning,
        Over,
        WAITED,
        false,
        Decision::Drop(Why::Over),
    ),
    (Fired, Warning, Over, NEW, true, Decision::Drop(Why::Over)),
    // A recovery goes when the firing went, silence or not.
    (Resolved, Warning, Over, TOLD, true, Decision::Tell),
    (
        Resolved,
        Warning,
        Over,
        NEW,
        true,
        Decision::Drop(Why::NeverTold),
    ),
    (
        Resolved,
        Warning,
        Over,
        NEW,
        false,
        Decision::Drop(Why::NeverTold),
    ),
    // That somebody took it is news for those who were told of it, and only at once.
    (
        Acknowledged,
        Warning,
        Taken,
        NEW,
        false,
        Decision::Drop(Why::NeverTold),
    ),
    (
        Acknowledged,
        Warning,
        Taken,
        TOLD,
        true,
        Decision::Drop(Why::HeldBack),
    ),
    // Flapping is told as a firing is, and waits as one.
    (Flapping, Warning, Firing, TOLD, false, Decision::Tell),
    (Flapping, Warning, Over, TOLD, false, Decision::Tell),
    (Flapping, Warning, Firing, TOLD, true, Decision::Hold),
    (
        Flapping,
        Warning,
        Over,
        TOLD,
        true,
        Decision::Drop(Why::Over),
    ),
    (Calmed, Warning, Firing, NEW, false, Decision::Tell),
    (Calmed, Critical, Firing, WAITED, false, Decision::Tell),
];

#[test]
fn each_message_is_told_held_or_dropped() {
    for (change, severity, state, past, is_held, expected) in CASES {
        let holding = if *is_held { held() } else { Holding::default() };
        let decision = decide(*change, *severity, *state, *past, &holding);
        let place = format!("{change:?} {severity:?} {state:?} {past:?} held: {is_held}");
        assert_eq!(decision, *expected, "{place}");
    }
}
