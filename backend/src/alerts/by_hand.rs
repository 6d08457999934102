//! From what a person does to the rows that follow; pure, never writes them.

use common::alert::{AlertChange, AlertState};
use common::ids::UserId;
use common::time::UnixMs;

use super::memory::Series;
use super::steps::{Write, end, settled, step, written};
use crate::rules::RuleState;
use crate::store::tables::alert::AlertRow;
use crate::store::tables::alert_history::NewStep;
use crate::store::tables::{Blob, Moment, Word};

/// A person's act on an alert, or the server's own when a person took away what it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ByHand {
    /// Who; `None` for the server.
    pub(super) by: Option<UserId>,
    /// What was said to it.
    pub(super) comment: Option<String>,
    /// When.
    pub(super) at: UnixMs,
}

/// A person takes a firing alert.
pub(super) fn acknowledged(
    before: &Series,
    row: &AlertRow,
    by_hand: ByHand,
) -> (Series, Vec<Write>) {
    let mut row = row.clone();
    row.state = Word(AlertState::Acknowledged);
    row.acknowledged_at = Some(Moment(by_hand.at));
    row.acknowledged_by = by_hand.by.map(Blob);
    row.rule_state = written(&before.state);
    let writes = told(&row, AlertChange::Acknowledged, by_hand, before);
    (settled(row, before.state, before), writes)
}

/// An alert is ended by hand: `state` is what the rule remembers from now on, until `holds_until`.
pub(super) fn ended(
    before: &Series,
    row: &AlertRow,
    by_hand: ByHand,
    state: RuleState,
    holds_until: Option<UnixMs>,
) -> (Series, Vec<Write>) {
    if row.state.0 == AlertState::Pending {
        let after = Series {
            state,
            open: None,
            is_dirty: true,
            ..before.clone()
        };
        return (after, vec![Write::Delete(row.id.0)]);
    }
    let mut row = row.clone();
    end(&mut row, by_hand.at, holds_until);
    row.resolved_by = by_hand.by.map(Blob);
    row.flapping = false;
    row.rule_state = written(&state);
    let writes = told(&row, AlertChange::Resolved, by_hand, before);
    (settled(row, state, before), writes)
}

/// A person says something to an alert, also to one that is over.
pub(super) fn commented(row: &AlertRow, by_hand: ByHand) -> Write {
    let said = by_person(step(row, AlertChange::Commented, by_hand.at), by_hand);
    Write::Tell(said, Box::new(row.clone()))
}

/// A person gives an alert to somebody, or to nobody: the alert afterwards, and what has to be
/// written.
pub(super) fn assigned(
    row: &AlertRow,
    to: Option<UserId>,
    by_hand: ByHand,
) -> (AlertRow, Vec<Write>) {
    let row = AlertRow {
        assignee: to.map(Blob),
        ..row.clone()
    };
    let given = NewStep {
        assignee: to.map(Blob),
        ..by_person(step(&row, AlertChange::Assigned, by_hand.at), by_hand)
    };
    let writes = vec![
        Write::Update(Box::new(row.clone())),
        Write::Tell(given, Box::new(row.clone())),
    ];
    (row, writes)
}

/// Who was told of a firing is told what people make of it; nobody else.
fn told(row: &AlertRow, change: AlertChange, by_hand: ByHand, before: &Series) -> Vec<Write> {
    let step = NewStep {
        held: before.state.flaps.is_unheard(),
        ..by_person(step(row, change, by_hand.at), by_hand)
    };
    vec![
        Write::Update(Box::new(row.clone())),
        Write::Tell(step, Box::new(row.clone())),
    ]
}

fn by_person(step: NewStep, by_hand: ByHand) -> NewStep {
    NewStep {
        by_user: by_hand.by.map(Blob),
        comment: by_hand.comment,
        ..step
    }
}
