//! From a transition or a person's act to the rows that follow; pure, never writes them.

use common::alert::{AlertChange, AlertState, Severity};
use common::ids::{AlertId, UserId};
use common::time::UnixMs;
use uuid::Uuid;

use super::memory::{Fingerprint, Series};
use super::rule_index::Active;
use super::wording;
use crate::rules::{RuleState, Step, Transition};
use crate::store::tables::alert::AlertRow;
use crate::store::tables::alert_history::NewStep;
use crate::store::tables::{Blob, Json, Moment, Real, Word};

/// A row that has to be written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Write {
    /// A new alert.
    Insert(Box<AlertRow>),
    /// An alert that is there.
    Update(Box<AlertRow>),
    /// An alert that never fired.
    Delete(AlertId),
    /// A step in its history, and with it an intent. The alert is what it is after it.
    Tell(NewStep, Box<AlertRow>),
}

/// What the rule found, and on what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    /// The rule.
    pub(super) active: &'a Active,
    /// The name of the server.
    pub(super) server: &'a str,
    /// The alert it is about.
    pub(super) key: &'a Fingerprint,
    /// What happened.
    pub(super) transition: Transition,
}

/// The series after a transition, and what has to be written. `state` is the rule's state after it.
pub(super) fn by_rule(found: Found, before: &Series, state: RuleState) -> (Series, Vec<Write>) {
    let transition = found.transition;
    if transition.step == Step::Cleared {
        let writes = before.open.iter().map(|row| Write::Delete(row.id.0));
        let writes = writes.collect();
        let after = Series {
            state,
            open: None,
            // The row of the last alert holds an older state.
            is_dirty: true,
            ..before.clone()
        };
        return (after, writes);
    }
    let is_new = before.open.is_none();
    let mut row = before
        .open
        .clone()
        .unwrap_or_else(|| new_row(found.key, transition.since));
    describe(&mut row, found);
    match transition.step {
        Step::Pending | Step::Cleared => row.state = Word(AlertState::Pending),
        Step::Fired => row.state = Word(AlertState::Firing),
        Step::Escalated => {
            row.state = Word(AlertState::Firing);
            row.acknowledged_at = None;
            row.acknowledged_by = None;
        }
        Step::Deescalated => {}
        Step::Resolved => {
            let cooldown = found.active.rule.input.cooldown_seconds;
            end(&mut row, transition.at, state.holds_until(cooldown));
        }
    }
    row.rule_state = written(&state);
    let mut writes = vec![if is_new {
        Write::Insert(Box::new(row.clone()))
    } else {
        Write::Update(Box::new(row.clone()))
    }];
    if let Some(change) = transition.step.change() {
        let told = step(&row, change, transition.at);
        let told = NewStep {
            value: transition.value.map(Real),
            ..told
        };
        writes.push(Write::Tell(told, Box::new(row.clone())));
    }
    (settled(row, state, before), writes)
}

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
    let writes = told(&row, AlertChange::Acknowledged, by_hand);
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
    row.rule_state = written(&state);
    let writes = told(&row, AlertChange::Resolved, by_hand);
    (settled(row, state, before), writes)
}

/// The state as the database keeps it.
pub(super) fn written(state: &RuleState) -> String {
    // A state holds numbers and words alone: writing it cannot fail.
    serde_json::to_string(state).unwrap_or_default()
}

fn told(row: &AlertRow, change: AlertChange, by_hand: ByHand) -> Vec<Write> {
    let step = NewStep {
        by_user: by_hand.by.map(Blob),
        comment: by_hand.comment,
        ..step(row, change, by_hand.at)
    };
    vec![
        Write::Update(Box::new(row.clone())),
        Write::Tell(step, Box::new(row.clone())),
    ]
}

fn end(row: &mut AlertRow, at: UnixMs, holds_until: Option<UnixMs>) {
    row.state = Word(AlertState::Resolved);
    row.resolved_at = Some(Moment(at));
    row.holds_until = holds_until.map(Moment);
}

/// The series once `row` is written.
fn settled(row: AlertRow, state: RuleState, before: &Series) -> Series {
    let is_over = row.state.0 == AlertState::Resolved;
    Series {
        state,
        last: if is_over { Some(row.id.0) } else { before.last },
        open: (!is_over).then_some(row),
        is_dirty: false,
    }
}

fn step(row: &AlertRow, change: AlertChange, at: UnixMs) -> NewStep {
    NewStep {
        alert_id: row.id,
        at: Moment(at),
        change: Word(change),
        severity: row.severity,
        value: None,
        message: row.message.clone(),
        by_user: None,
        comment: None,
    }
}

/// Puts what was found into the row.
fn describe(row: &mut AlertRow, found: Found) {
    let rule = &found.active.rule;
    let transition = found.transition;
    row.rule_name.clone_from(&rule.input.name);
    row.rule_version = i32::try_from(rule.version).unwrap_or(i32::MAX);
    found.server.clone_into(&mut row.server_name);
    let of_series = found.key.labels.iter();
    row.labels.0 = of_series
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .chain(rule.input.labels.clone())
        .collect();
    row.severity = Word(transition.severity);
    row.value = transition.value.map(Real);
    row.threshold = transition.threshold.map(Real);
    row.message = wording::sentence(&rule.input, found.server, &found.key.labels, &transition);
}

fn new_row(key: &Fingerprint, started_at: UnixMs) -> AlertRow {
    AlertRow {
        id: Blob(AlertId(Uuid::now_v7())),
        rule_id: Blob(key.rule),
        rule_name: String::new(),
        rule_version: 0,
        server_id: Blob(key.server),
        server_name: String::new(),
        metric: key.metric.as_str().to_owned(),
        series_labels: Json(key.labels.clone()),
        labels: Json(std::collections::BTreeMap::new()),
        severity: Word(Severity::Warning),
        state: Word(AlertState::Pending),
        value: None,
        threshold: None,
        message: String::new(),
        started_at: Moment(started_at),
        acknowledged_at: None,
        acknowledged_by: None,
        resolved_at: None,
        resolved_by: None,
        rule_state: String::new(),
        holds_until: None,
    }
}
