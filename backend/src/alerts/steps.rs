//! From a decision of a rule to the rows that follow; pure, never writes them.

use std::sync::Arc;

use common::alert::{AlertChange, AlertState, RuleInput, Severity};
use common::ids::AlertId;
use common::time::UnixMs;
use uuid::Uuid;

use super::memory::{Fingerprint, Series};
use super::rule_index::Active;
use super::wording;
use crate::rules::{Input, Outcome, RuleState, Step, Telling, Transition};
use crate::store::tables::alert::AlertRow;
use crate::store::tables::alert_history::NewStep;
use crate::store::tables::decision::NewDecision;
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
    /// A step in its history, and with it an intent when somebody is told. The alert is what it is
    /// after it.
    Tell(NewStep, Box<AlertRow>),
    /// What the server looked like.
    Keep(AlertId, Arc<[u8]>),
    /// What was decided, and by which rule. It belongs to the step before it, unless that has one.
    Decide(Box<NewDecision>, Box<RuleInput>),
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
    /// What was evaluated.
    pub(super) input: &'a Input,
    /// What came of it.
    pub(super) outcome: &'a Outcome,
}

/// The series after a decision that changed something, and what has to be written.
pub(super) fn by_rule(found: Found, before: &Series) -> (Series, Vec<Write>) {
    let state = found.outcome.state();
    let Some(transition) = found.outcome.transition else {
        return calmed(found, before, state);
    };
    if transition.step == Step::Cleared {
        return cleared(before, state);
    }
    let is_new = before.open.is_none();
    let mut row = before
        .open
        .clone()
        .unwrap_or_else(|| new_row(found.key, transition.since));
    describe(&mut row, found, &transition);
    advance(&mut row, found, &transition, &state);
    row.rule_state = written(&state);
    let mut writes = vec![if is_new {
        Write::Insert(Box::new(row.clone()))
    } else {
        Write::Update(Box::new(row.clone()))
    }];
    let telling = found.outcome.telling;
    if let Some(change) = transition.step.change() {
        let told = NewStep {
            value: transition.value.map(Real),
            held: matches!(telling, Telling::Held | Telling::Flaps),
            ..step(&row, change, transition.at)
        };
        writes.push(Write::Tell(told, Box::new(row.clone())));
    }
    writes.push(decided(row.id.0, found.active, found.input, found.outcome));
    if telling == Telling::Flaps {
        let told = NewStep {
            message: wording::flapping(&row.message, state.flaps),
            ..step(&row, AlertChange::Flapping, transition.at)
        };
        writes.push(Write::Tell(told, Box::new(row.clone())));
    }
    (settled(row, state, before), writes)
}

/// What a transition makes of the alert.
fn advance(row: &mut AlertRow, found: Found, transition: &Transition, state: &RuleState) {
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
            end(row, transition.at, state.holds_until(cooldown));
        }
    }
    row.flapping = state.flaps.is_flapping() && row.state.0 != AlertState::Resolved;
}

/// A pending alert that never fired goes.
fn cleared(before: &Series, state: RuleState) -> (Series, Vec<Write>) {
    let writes = before.open.iter().map(|row| Write::Delete(row.id.0));
    let writes = writes.collect();
    let after = Series {
        state,
        open: None,
        // The row of the last alert holds an older state.
        is_dirty: true,
        ..before.clone()
    };
    (after, writes)
}

/// The alert fires and changes seldom again.
fn calmed(found: Found, before: &Series, state: RuleState) -> (Series, Vec<Write>) {
    let Some(mut row) = before.open.clone() else {
        let after = Series {
            state,
            is_dirty: true,
            ..before.clone()
        };
        return (after, Vec::new());
    };
    row.flapping = false;
    row.rule_state = written(&state);
    let told = step(&row, AlertChange::Calmed, found.input.now);
    let writes = vec![
        Write::Update(Box::new(row.clone())),
        Write::Tell(told, Box::new(row.clone())),
        decided(row.id.0, found.active, found.input, found.outcome),
    ];
    (settled(row, state, before), writes)
}

/// The decision as it is kept, with the rule as it is now.
pub(super) fn decided(id: AlertId, active: &Active, input: &Input, outcome: &Outcome) -> Write {
    let rule = &active.rule;
    let decision = NewDecision {
        alert_id: Blob(id),
        seq: None,
        at: Moment(input.now),
        rule_id: Blob(rule.id),
        rule_version: i32::try_from(rule.version).unwrap_or(i32::MAX),
        input: written(input),
        outcome: written(outcome),
    };
    Write::Decide(Box::new(decision), Box::new(rule.input.clone()))
}

/// What `rules` remembers or decided, as the database keeps it.
pub(super) fn written(value: &impl serde::Serialize) -> String {
    // It holds numbers and words alone: writing it cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// Ends the alert.
pub(super) fn end(row: &mut AlertRow, at: UnixMs, holds_until: Option<UnixMs>) {
    row.state = Word(AlertState::Resolved);
    row.resolved_at = Some(Moment(at));
    row.holds_until = holds_until.map(Moment);
}

/// The series once `row` is written.
pub(super) fn settled(row: AlertRow, state: RuleState, before: &Series) -> Series {
    let is_over = row.state.0 == AlertState::Resolved;
    Series {
        state,
        last: if is_over { Some(row.id.0) } else { before.last },
        open: (!is_over).then_some(row),
        is_dirty: false,
    }
}

/// A step of the alert as it is now.
pub(super) fn step(row: &AlertRow, change: AlertChange, at: UnixMs) -> NewStep {
    NewStep {
        alert_id: row.id,
        at: Moment(at),
        change: Word(change),
        severity: row.severity,
        value: None,
        message: row.message.clone(),
        by_user: None,
        comment: None,
        assignee: None,
        held: false,
    }
}

/// Puts what was found into the row.
fn describe(row: &mut AlertRow, found: Found, transition: &Transition) {
    let rule = &found.active.rule;
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
    row.message = wording::sentence(&rule.input, found.server, &found.key.labels, transition);
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
        assignee: None,
        flapping: false,
    }
}
