//! Why there is an alert, who was told of it and why not, from what was written down; pure but for
//! the reading.

use std::collections::{HashMap, HashSet};

use common::alert::{AlertChange, RuleInput};
use common::api::alerts::{AlertExplanation, ExplainedKind, ExplainedStep, ToldYou, WhyNot};
use common::api::deliveries::DeliveryState;
use common::ids::{AlertId, UserId};
use common::time::UnixMs;
use uuid::Uuid;

use super::error::AlertError;
use super::handle::Alerts;
use super::named::Reader;
use crate::auth::{Allowed, may};
use crate::rules::{Input, Outcome, Step, Transition};
use crate::store::tables::alert::AlertRow;
use crate::store::tables::alert_history::StepRow;
use crate::store::tables::decision::DecisionRow;
use crate::store::tables::delivery_log::Sent;
use crate::store::tables::intent_trace::{TraceOutcome, TraceRow, TraceStep};
use crate::store::{StoreError, tables};

/// Decisions that are read: the explanation of the first firing needs the first two.
const DECISIONS: i64 = 200;
/// Deliveries that are read, the first of them.
const DELIVERIES: i64 = 200;

/// All that was written down of an alert.
struct Facts {
    alert: AlertRow,
    steps: Vec<StepRow>,
    decisions: Vec<DecisionRow>,
    /// When the intent of a step was consumed; `None` while it waits.
    intents: HashMap<i64, Option<UnixMs>>,
    /// The steps that the asking person was told of.
    inbox: HashSet<i64>,
    /// What was decided about telling each step, in its order.
    told_by: Vec<TraceRow>,
    /// What the channels made of each step, in the order of the deliveries.
    sent: Vec<Sent>,
    /// What the objects of decisions are called.
    names: HashMap<Uuid, String>,
}

impl Alerts {
    /// Why there is this alert, and what the asking person was told of it.
    pub async fn explain(
        &self,
        may: &Allowed<may::AlertsRead>,
        id: AlertId,
    ) -> Result<AlertExplanation, AlertError> {
        let (user, scope, reader) = (may.user_id(), may.scope().clone(), Reader::of(may));
        let read = self.store.read(move |conn| {
            let Some(alert) = scope.find_alert(conn, id)? else {
                return Ok(None);
            };
            let told_by = tables::intent_trace::of(conn, id)?;
            let objects = told_by.iter().flat_map(|row| row.objects.0.iter().copied());
            let names = reader.names(conn, objects.collect())?;
            let intents = tables::intent::of_alert(conn, id)?.into_iter();
            let inbox = tables::inbox::told_of(conn, user, id)?.into_iter();
            Ok::<_, StoreError>(Some(Facts {
                alert,
                steps: tables::alert_history::of(conn, id)?,
                decisions: tables::decision::of(conn, id, 0, DECISIONS)?,
                intents: intents.map(|(seq, at)| (seq, at.map(|at| at.0))).collect(),
                inbox: inbox.collect(),
                told_by,
                names,
                sent: tables::delivery_log::sent_of(conn, id, DELIVERIES)?,
            }))
        });
        let facts = read.await?.ok_or(AlertError::NotFound(id))?;
        Ok(AlertExplanation {
            trace: trace(&facts),
            you: facts
                .steps
                .iter()
                .map(|step| told(&facts, step, user))
                .collect(),
        })
    }
}

/// What happened, in its order.
fn trace(facts: &Facts) -> Vec<ExplainedStep> {
    let mut lines = before_firing(facts);
    for step in &facts.steps {
        lines.push(line_of(step));
        lines.extend(telling(facts, step));
        let of_step = facts
            .told_by
            .iter()
            .filter(|row| row.intent_seq == step.seq);
        lines.extend(of_step.filter_map(|row| decided(row, &facts.names)));
        let of_step = facts.sent.iter().filter(|it| it.intent_seq == step.seq);
        lines.extend(of_step.filter_map(answered));
    }
    // What was told later than the next step happened stands after it.
    lines.sort_by_key(|line| line.at);
    lines
}

/// A line about no step of the history.
fn line(at: UnixMs, kind: ExplainedKind, text: String) -> ExplainedStep {
    ExplainedStep {
        at,
        kind,
        text,
        seq: None,
        by: None,
        objects: Vec::new(),
    }
}

/// Since when the condition was true, and what it waited for.
fn before_firing(facts: &Facts) -> Vec<ExplainedStep> {
    let began = facts.alert.started_at.0;
    let crossed = "The condition became true.".to_owned();
    let mut lines = vec![line(began, ExplainedKind::Crossed, crossed)];
    let fired = facts.decisions.iter().find_map(|row| {
        let transition = transition_of(row)?;
        (transition.step == Step::Fired).then_some((row, transition))
    });
    let Some((row, transition)) = fired else {
        return lines;
    };
    let rule: &RuleInput = &row.definition;
    if rule.for_seconds > 0 {
        let wait = i64::from(rule.for_seconds) * 1_000;
        let since = transition.since;
        // Until when, the next line tells.
        let text = format!("It has to be true for {}.", span(rule.for_seconds));
        lines.push(line(since, ExplainedKind::Waited, text));
        lines.extend(cooldown(row, since.plus_ms(wait), transition.at));
    } else {
        lines.extend(cooldown(row, transition.since, transition.at));
    }
    lines
}

/// Whether an earlier firing held this one back, as the rule remembered it: a line at the end of that.
fn cooldown(row: &DecisionRow, ready_at: UnixMs, fired_at: UnixMs) -> Option<ExplainedStep> {
    let input: Input = serde_json::from_str(&row.decision.input).ok()?;
    let earlier = input.before.fired?;
    let rule = &row.definition;
    let over_at = earlier.at.plus_ms(i64::from(rule.cooldown_seconds) * 1_000);
    let text = format!(
        "Until then an earlier firing held it back: for {} after that it does not fire anew.",
        span(rule.cooldown_seconds)
    );
    (ready_at < over_at && over_at <= fired_at)
        .then(|| line(over_at, ExplainedKind::Cooldown, text))
}

fn transition_of(row: &DecisionRow) -> Option<Transition> {
    let outcome: Outcome = serde_json::from_str(&row.decision.outcome).ok()?;
    outcome.transition
}

/// The step itself.
fn line_of(step: &StepRow) -> ExplainedStep {
    let by = step.by_user.map(|id| id.0);
    let said = |what: &str| match &step.comment {
        Some(comment) => format!("{what}: {comment}"),
        None => format!("{what}."),
    };
    let text = match (step.change.0, by) {
        (AlertChange::Acknowledged, _) => said("A person took it"),
        (AlertChange::Resolved, Some(_)) => said("A person ended it"),
        (AlertChange::Resolved, None) if step.comment.is_some() => said("The server ended it"),
        (AlertChange::Commented, _) => said("A person said"),
        (AlertChange::Assigned, _) if step.assignee.is_some() => said("It was given to a person"),
        (AlertChange::Assigned, _) => said("It was given to nobody"),
        (AlertChange::Calmed, _) => "It is calm again and still fires.".to_owned(),
        (
            AlertChange::Fired
            | AlertChange::Escalated
            | AlertChange::Deescalated
            | AlertChange::Resolved
            | AlertChange::Flapping,
            _,
        ) => step.message.clone(),
    };
    ExplainedStep {
        at: step.at.0,
        kind: if by.is_some() {
            ExplainedKind::Person
        } else {
            ExplainedKind::Step
        },
        text,
        seq: Some(step.seq.unsigned_abs()),
        by,
        objects: Vec::new(),
    }
}

/// How the step was told; nothing for what is never told, and for what stands in the decisions.
fn telling(facts: &Facts, step: &StepRow) -> Option<ExplainedStep> {
    let (at, kind, text) = if step.held {
        let text = "Nobody was told: the alert was flapping.";
        (step.at.0, ExplainedKind::Held, text)
    } else if is_held_back(facts, step) {
        return None;
    } else {
        match facts.intents.get(&step.seq)? {
            None => {
                let text = "It waits to be told.";
                (step.at.0, ExplainedKind::Waiting, text)
            }
            Some(at) => (
                *at,
                ExplainedKind::Told,
                "It was given to those who are told.",
            ),
        }
    };
    Some(ExplainedStep {
        at,
        kind,
        text: text.to_owned(),
        seq: Some(step.seq.unsigned_abs()),
        by: None,
        objects: Vec::new(),
    })
}

/// A decision about telling a step; nothing for the one that nobody holds it back.
fn decided(row: &TraceRow, names: &HashMap<Uuid, String>) -> Option<ExplainedStep> {
    let kind = match (row.step.0, row.outcome.0) {
        (TraceStep::Hold, TraceOutcome::Told) => return None,
        (TraceStep::Hold, TraceOutcome::Held | TraceOutcome::Dropped) => ExplainedKind::Held,
        (
            TraceStep::Route
            | TraceStep::Group
            | TraceStep::Rate
            | TraceStep::Preference
            | TraceStep::Escalation,
            _,
        ) => ExplainedKind::Decided,
    };
    Some(ExplainedStep {
        at: row.at.0,
        kind,
        text: with_names(row, names),
        seq: Some(row.intent_seq.unsigned_abs()),
        by: None,
        objects: row.objects.0.clone(),
    })
}

/// The reason with what decided: "A silence holds it back (“move of db-1”)." A route is named already.
fn with_names(row: &TraceRow, names: &HashMap<Uuid, String>) -> String {
    let known = row.objects.0.iter().filter_map(|id| names.get(id));
    let quoted: Vec<_> = known
        .map(|name| format!("\u{201c}{name}\u{201d}"))
        .collect();
    if quoted.is_empty() || row.step.0 == TraceStep::Route {
        return row.reason.clone();
    }
    let reason = row.reason.trim_end_matches('.');
    format!("{reason} ({}).", quoted.join(", "))
}

/// What became of a step at a channel; nothing for the inboxes. What the channel said is in the log of
/// deliveries, for who may read that.
fn answered(sent: &Sent) -> Option<ExplainedStep> {
    let channel = sent.row.channel_id?;
    let name = sent.row.channel_name.as_deref().unwrap_or("a channel");
    let last = sent.last.as_ref();
    let with = match last.and_then(|last| last.status) {
        Some(status) => format!(" (status {status})"),
        None => String::new(),
    };
    let attempt = match sent.row.attempts {
        0 | 1 => String::new(),
        number => format!(" at attempt {number}"),
    };
    let text = match (sent.row.state.0, last) {
        (DeliveryState::Delivered, _) => format!("\u{201c}{name}\u{201d} took it{attempt}{with}."),
        (DeliveryState::Due, None) => format!("It waits for \u{201c}{name}\u{201d}."),
        (DeliveryState::Due, Some(_)) => {
            format!("\u{201c}{name}\u{201d} did not take it{attempt}{with}: it is tried again.")
        }
        (DeliveryState::Dead, _) => {
            format!("\u{201c}{name}\u{201d} did not take it{attempt}{with}: it is given up.")
        }
        (DeliveryState::Dropped, _) => {
            format!("\u{201c}{name}\u{201d} was not told: it was off or gone.")
        }
    };
    let ended = sent.row.ended_at.map(|at| at.0);
    let tried = last.map(|last| last.at.0);
    Some(ExplainedStep {
        at: ended.or(tried).unwrap_or(sent.row.created_at.0),
        kind: ExplainedKind::Answered,
        text,
        seq: Some(sent.intent_seq.unsigned_abs()),
        by: None,
        objects: vec![channel.0.0],
    })
}

/// Whether the last word about telling a step is that it is held back or never goes.
fn is_held_back(facts: &Facts, step: &StepRow) -> bool {
    let about = |row: &&TraceRow| row.intent_seq == step.seq && row.step.0 == TraceStep::Hold;
    let last = facts.told_by.iter().rfind(about);
    last.is_some_and(|row| row.outcome.0 != TraceOutcome::Told)
}

/// Whether the person was told of a step.
fn told(facts: &Facts, step: &StepRow, user: UserId) -> ToldYou {
    let composed_at = facts.intents.get(&step.seq).copied().flatten();
    let told_at = composed_at.filter(|_| facts.inbox.contains(&step.seq));
    let why_not = if told_at.is_some() {
        None
    } else if !step.change.0.is_told() {
        Some(WhyNot::NeverTold)
    } else if step.held {
        Some(WhyNot::Flapping)
    } else if step.by_user.map(|id| id.0) == Some(user) {
        Some(WhyNot::DoneByYou)
    } else if is_held_back(facts, step) {
        Some(WhyNot::HeldBack)
    } else if facts.intents.get(&step.seq).is_some_and(Option::is_none) {
        Some(WhyNot::Waiting)
    } else {
        Some(WhyNot::NotThere)
    };
    ToldYou {
        seq: step.seq.unsigned_abs(),
        change: step.change.0,
        told_at,
        why_not,
    }
}

/// `5 min`, `90 s`.
fn span(seconds: u32) -> String {
    if seconds >= 60 && seconds.is_multiple_of(60) {
        format!("{} min", seconds / 60)
    } else {
        format!("{seconds} s")
    }
}
