//! A step in the outbox against what holds alerts back: told, held or dropped, and traced; never to whom.

use std::collections::HashMap;
use std::sync::Arc;

use common::alert::AlertChange;
use common::ids::ServerId;
use common::time::UnixMs;
use uuid::Uuid;

use super::decide::{Decision, Past, Why, decide};
use super::plan::{Holding, Plan};
use super::subject::Subject;
use crate::rules::REPORTING;
use crate::store::tables::intent::Told;
use crate::store::tables::intent_trace::{NewTrace, TraceOutcome, TraceStep};
use crate::store::tables::{Json, Moment, Word, alert, intent, intent_trace, server};
use crate::store::{Connection, StoreError};

/// What is read once for all steps of one turn.
#[derive(Debug)]
pub struct Turn {
    plan: Arc<Plan>,
    now: UnixMs,
    groups: HashMap<ServerId, Option<String>>,
    /// Alerts that may hold others back.
    sources: Option<Vec<Subject>>,
}

impl Turn {
    /// A turn at `now` by a plan.
    pub fn new(plan: Arc<Plan>, now: UnixMs) -> Self {
        Self {
            plan,
            now,
            groups: HashMap::new(),
            sources: None,
        }
    }

    /// When it is.
    pub fn now(&self) -> UnixMs {
        self.now
    }

    /// The alert as conditions see it.
    pub fn subject(
        &mut self,
        conn: &mut Connection,
        row: &alert::AlertRow,
    ) -> Result<Subject, StoreError> {
        let id = row.server_id.0;
        if let Some(group) = self.groups.get(&id) {
            return Ok(Subject::of(row, group.as_deref()));
        }
        let group = server::find(conn, id)?.and_then(|row| row.group_name);
        let subject = Subject::of(row, group.as_deref());
        self.groups.insert(id, group);
        Ok(subject)
    }

    /// Who holds the alert back.
    pub fn holding(
        &mut self,
        conn: &mut Connection,
        subject: &Subject,
    ) -> Result<Holding, StoreError> {
        if self.sources.is_none() {
            let metric = (!self.plan.has_inhibitions()).then_some(REPORTING);
            let rows = alert::firing(conn, metric)?;
            let subjects = rows.iter().map(|row| self.subject(conn, row));
            self.sources = Some(subjects.collect::<Result<_, _>>()?);
        }
        let sources = self.sources.as_deref().unwrap_or_default();
        Ok(self.plan.holding(subject, sources, self.now))
    }
}

/// What goes now of an intent that is due: `None` when it is held back or dropped, which is then
/// written down. Who tells has to mark it as consumed.
pub fn weigh(
    conn: &mut Connection,
    turn: &mut Turn,
    seq: i64,
) -> Result<Option<(Told, Subject)>, StoreError> {
    let now = turn.now;
    let Some(told) = intent::told(conn, seq)? else {
        intent::consume(conn, seq, now)?;
        return Ok(None);
    };
    let (id, change) = (told.alert.id.0, told.step.change.0);
    let held_by = intent::held_by(conn, seq)?;
    let past = Past {
        told: intent_trace::told_severity(conn, id)?,
        was_held: held_by.is_some(),
        is_followed: intent::is_followed(conn, id, seq)?,
    };
    let subject = turn.subject(conn, &told.alert)?;
    let holding = turn.holding(conn, &subject)?;
    let (severity, state) = (told.alert.severity.0, told.alert.state.0);
    let decision = decide(change, severity, state, past, &holding);
    if change == AlertChange::Resolved {
        // What this alert held back, and what of it was held back, is looked at again.
        intent::look_again_at(conn, &id.to_string(), now)?;
    }
    let at = (seq, now);
    match decision {
        Decision::Tell => {
            let reason = "Nobody holds it back.";
            trace(conn, at, TraceOutcome::Told, reason, &[])?;
        }
        Decision::Hold => {
            let by = objects(&holding);
            let names = in_words(&id.0, &by);
            intent::hold(conn, seq, holding.until.unwrap_or(now), &names)?;
            if held_by.as_deref() != Some(&names) {
                trace(conn, at, TraceOutcome::Held, reason(&holding), &by)?;
            }
        }
        Decision::Drop(why) => {
            intent::consume(conn, seq, now)?;
            let by = objects(&holding);
            trace(conn, at, TraceOutcome::Dropped, sentence(why), &by)?;
        }
    }
    Ok((decision == Decision::Tell).then_some((told, subject)))
}

fn trace(
    conn: &mut Connection,
    (intent_seq, now): (i64, UnixMs),
    outcome: TraceOutcome,
    reason: &str,
    objects: &[Uuid],
) -> Result<(), StoreError> {
    let row = NewTrace {
        intent_seq,
        at: Moment(now),
        step: Word(TraceStep::Hold),
        outcome: Word(outcome),
        reason: reason.to_owned(),
        objects: Json(objects.to_vec()),
    };
    intent_trace::insert(conn, &row)
}

fn objects(holding: &Holding) -> Vec<Uuid> {
    let silences = holding.silenced_by.iter().map(|id| id.0);
    let windows = holding.muted_by.iter().map(|id| id.0);
    let alerts = holding.inhibited_by.iter().map(|id| id.0);
    silences.chain(windows).chain(alerts).collect()
}

/// The alert itself and who holds it back, as the intent keeps them: found when one of them ends.
fn in_words(own: &Uuid, by: &[Uuid]) -> String {
    let all: Vec<String> = std::iter::once(own)
        .chain(by)
        .map(Uuid::to_string)
        .collect();
    all.join(" ")
}

fn reason(holding: &Holding) -> &'static str {
    let by = (
        holding.silenced_by.is_empty(),
        holding.muted_by.is_empty(),
        holding.inhibited_by.is_empty(),
    );
    match by {
        (false, true, true) => "A silence holds it back.",
        (true, false, true) => "A maintenance window holds it back.",
        (true, true, false) => "Another alert holds it back.",
        _ => "Several hold it back.",
    }
}

fn sentence(why: Why) -> &'static str {
    match why {
        Why::NeverTold => "Nobody was told that it fired.",
        Why::Over => "It was over before it could be told.",
        Why::Taken => "A person had taken it before it could be told.",
        Why::Unspoken => "It stands in the history alone.",
        Why::Superseded => "What was told since says it all.",
        Why::HeldBack => "It is held back, and later it is no news.",
    }
}
