//! A message on its way to channels: at once, with its group, or when a person wants it; never over a network.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use common::alert::{AlertChange, Target};
use common::ids::{ChannelId, PolicyId, UserId};
use common::time::UnixMs;
use uuid::Uuid;

use super::address::{Address, address};
use super::person::wish;
use super::plans::Routing;
use super::when::{When, again, when};
use crate::alerts::noise::Subject;
use crate::notify::compose::{carried, delivery, destination};
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::escalation::NewEscalation;
use crate::store::tables::intent::Told;
use crate::store::tables::intent_trace::{NewTrace, TraceOutcome, TraceStep};
use crate::store::tables::notice::NewNotice;
use crate::store::tables::{self, Blob, Json, Moment, Word, escalation, notice};
use crate::store::{Connection, StoreError};

/// Under this key a channel's messages go together that came too fast.
const TOO_FAST: &str = "too fast";
const MINUTE_MS: i64 = 60_000;

/// What is sent in one turn.
pub(in crate::notify) struct Sending {
    /// Routes, policies and schedules.
    pub(in crate::notify) routing: Arc<Routing>,
    /// All channels.
    pub(in crate::notify) channels: Vec<ChannelRow>,
    /// When it is.
    pub(in crate::notify) now: UnixMs,
    /// How many messages a channel gets in a minute; 0: any.
    pub(in crate::notify) per_minute: u32,
    /// How many each got within the last minute, once that is known.
    pub(in crate::notify) sent: HashMap<ChannelId, i64>,
    /// Only these are told, while it is told that an alert was taken or is over.
    pub(in crate::notify) knowing: Option<BTreeSet<ChannelId>>,
}

impl Sending {
    /// Sends what the rule says, or else what the routes say. That an alert was taken or is over
    /// goes to those who were told of it, whatever the routes say by now.
    pub(in crate::notify) fn tell(
        &mut self,
        conn: &mut Connection,
        (told, subject): (&Told, &Subject),
        named: &[ChannelId],
    ) -> Result<(), StoreError> {
        let id = told.alert.id.0;
        let change = told.step.change.0;
        if matches!(change, AlertChange::Acknowledged | AlertChange::Resolved) {
            escalation::cancel(conn, id, self.now)?;
            let mut knowing: BTreeSet<_> = tables::delivery::told_channels(conn, id)?
                .into_iter()
                .collect();
            knowing.extend(notice::waiting_channels(conn, id)?);
            self.knowing = Some(knowing);
        }
        let mut reached = BTreeSet::new();
        if named.is_empty() {
            self.tell_routes(conn, (told, subject), &mut reached)?;
        } else {
            let at = (told.step.seq, TraceStep::Route);
            self.trace(conn, at, "The rule names its channels.", &[])?;
            for channel in named {
                self.tell_channel(conn, told, *channel, When::Now(0))?;
            }
            reached.extend(named);
        }
        for channel in self.knowing.take().unwrap_or_default() {
            if reached.insert(channel) {
                self.tell_channel(conn, told, channel, When::Now(0))?;
            }
        }
        Ok(())
    }

    fn tell_routes(
        &mut self,
        conn: &mut Connection,
        (told, subject): (&Told, &Subject),
        reached: &mut BTreeSet<ChannelId>,
    ) -> Result<(), StoreError> {
        let routing = Arc::clone(&self.routing);
        let (choices, _) = routing.routes.choose(subject, self.now);
        for choice in &choices {
            let (reason, object) = match choice.route {
                Some(route) => (format!("Route {}.", choice.path.join(" / ")), vec![route.0]),
                None => (
                    "No route takes it: all enabled channels.".to_owned(),
                    Vec::new(),
                ),
            };
            self.trace(conn, (told.step.seq, TraceStep::Route), &reason, &object)?;
            let when = when(choice, subject);
            for target in &choice.targets {
                self.tell_target(conn, told, (*target, &when), reached)?;
            }
        }
        Ok(())
    }

    /// Sends a step of an escalation at once.
    pub(in crate::notify) fn tell_step(
        &mut self,
        conn: &mut Connection,
        told: &Told,
        targets: &[Target],
    ) -> Result<(), StoreError> {
        let mut reached = BTreeSet::new();
        for target in targets {
            self.tell_target(conn, told, (*target, &When::Now(0)), &mut reached)?;
        }
        Ok(())
    }

    /// A channel that two targets name is told once.
    fn tell_target(
        &mut self,
        conn: &mut Connection,
        told: &Told,
        (target, when): (Target, &When),
        reached: &mut BTreeSet<ChannelId>,
    ) -> Result<(), StoreError> {
        match address(target, &self.routing, self.now) {
            Address::Everywhere => {
                let enabled = self.channels.iter().filter(|channel| channel.enabled);
                let all: Vec<ChannelId> = enabled.map(|channel| channel.id.0).collect();
                for channel in all {
                    if reached.insert(channel) {
                        self.tell_channel(conn, told, channel, when.clone())?;
                    }
                }
                Ok(())
            }
            Address::Channel(channel) if reached.insert(channel) => {
                self.tell_channel(conn, told, channel, when.clone())
            }
            Address::Channel(_) => Ok(()),
            Address::Person(person) => self.tell_person(conn, told, person, reached),
            Address::Policy(policy) => self.escalate(conn, told, policy, reached),
            Address::Nobody => {
                let reason = "Nobody is on call, or the policy or schedule is gone.";
                let row = trace(told.step.seq, self.now, TraceStep::Route, reason);
                let row = NewTrace {
                    outcome: Word(TraceOutcome::Dropped),
                    ..row
                };
                tables::intent_trace::insert(conn, &row)
            }
        }
    }

    fn tell_person(
        &mut self,
        conn: &mut Connection,
        told: &Told,
        person: UserId,
        reached: &mut BTreeSet<ChannelId>,
    ) -> Result<(), StoreError> {
        let wish = wish(conn, told, person, self.now)?;
        let row = NewTrace {
            outcome: Word(wish.outcome),
            objects: Json(vec![person.0]),
            ..trace(told.step.seq, self.now, TraceStep::Preference, wish.reason)
        };
        tables::intent_trace::insert(conn, &row)?;
        for channel in wish.channels {
            if reached.insert(channel) {
                self.tell_channel(conn, told, channel, wish.when.clone())?;
            }
        }
        Ok(())
    }

    /// A firing, and one that became worse, begins with the first step unless the policy is at work
    /// already. What follows is told to those whose step was reached.
    fn escalate(
        &mut self,
        conn: &mut Connection,
        told: &Told,
        policy: PolicyId,
        reached: &mut BTreeSet<ChannelId>,
    ) -> Result<(), StoreError> {
        let routing = Arc::clone(&self.routing);
        let steps = routing.policies.get(&policy).map(|policy| &policy.steps);
        let begins = matches!(
            told.step.change.0,
            AlertChange::Fired | AlertChange::Escalated
        );
        if !begins {
            for step in escalation::told_steps(conn, told.alert.id.0, policy)? {
                let at = usize::try_from(step).unwrap_or_default();
                let step = steps.and_then(|steps| steps.get(at));
                for target in step.iter().flat_map(|step| &step.targets) {
                    // A step names no policy: this goes no deeper.
                    self.tell_target(conn, told, (*target, &When::Now(0)), reached)?;
                }
            }
            return Ok(());
        }
        let Some(first) = steps.and_then(|steps| steps.first()) else {
            return Ok(());
        };
        let reason = "An escalation policy begins.";
        self.trace(
            conn,
            (told.step.seq, TraceStep::Escalation),
            reason,
            &[policy.0],
        )?;
        let row = NewEscalation {
            alert_id: told.step.alert_id,
            intent_seq: told.step.seq,
            policy_id: Blob(policy),
            step: 0,
            round: 0,
            due_at: Moment(self.now.plus_ms(i64::from(first.delay_seconds) * 1_000)),
            told: false,
        };
        escalation::insert_once(conn, &row)
    }

    fn tell_channel(
        &mut self,
        conn: &mut Connection,
        told: &Told,
        channel: ChannelId,
        when: When,
    ) -> Result<(), StoreError> {
        let seq = told.step.seq;
        let knowing = self.knowing.as_ref();
        if knowing.is_some_and(|knowing| !knowing.contains(&channel)) {
            return Ok(());
        }
        let is_grouped = matches!(when, When::Grouped { .. });
        let (key, at, repeat_seconds) = match when {
            When::Now(repeat_seconds) if !self.is_too_much(conn, channel)? => {
                let to = destination(channel, &self.channels);
                let row = delivery(to, Moment(self.now), told.step.at);
                tables::delivery::insert(conn, &row, &[carried(told)])?;
                let key = told.alert.id.0.to_string();
                let notice = self.notice(told, (channel, key), repeat_seconds);
                return again(conn, notice, self.now);
            }
            When::Now(repeat_seconds) => {
                let reason = "The channel had many messages: it is told with others.";
                self.wait(conn, (seq, TraceStep::Rate), reason, channel)?;
                let next = notice::next_of_group(conn, channel, TOO_FAST)?;
                let at = next.unwrap_or(self.now.plus_ms(MINUTE_MS));
                (TOO_FAST.to_owned(), at, repeat_seconds)
            }
            When::At(key, at) => (key, at, 0),
            When::Grouped {
                key,
                wait_ms,
                interval_ms,
                repeat_seconds,
            } => {
                let next = notice::next_of_group(conn, channel, &key)?;
                let after = notice::told_at(conn, channel, &key)?.map(|at| at.plus_ms(interval_ms));
                let after = after.filter(|at| *at > self.now);
                // One that is held back is due late, and nothing else waits for it.
                let own = after.unwrap_or(self.now.plus_ms(wait_ms));
                let at = next.map_or(own, |next| next.min(own));
                self.wait(
                    conn,
                    (seq, TraceStep::Group),
                    "It waits for its group.",
                    channel,
                )?;
                (key, at, repeat_seconds)
            }
        };
        let row = NewNotice {
            due_at: Moment(at),
            grouped: is_grouped,
            ..self.notice(told, (channel, key), repeat_seconds)
        };
        notice::insert(conn, &row)
    }

    fn notice(
        &self,
        told: &Told,
        (channel, group_key): (ChannelId, String),
        repeat_seconds: u32,
    ) -> NewNotice {
        NewNotice {
            channel_id: Blob(channel),
            group_key,
            intent_seq: told.step.seq,
            alert_id: told.step.alert_id,
            due_at: Moment(self.now),
            repeat_seconds: i32::try_from(repeat_seconds).unwrap_or(i32::MAX),
            again: false,
            grouped: false,
        }
    }

    /// Notes that a step waits for others.
    fn wait(
        &self,
        conn: &mut Connection,
        (seq, step): (i64, TraceStep),
        reason: &str,
        channel: ChannelId,
    ) -> Result<(), StoreError> {
        let row = NewTrace {
            outcome: Word(TraceOutcome::Held),
            objects: Json(vec![channel.0]),
            ..trace(seq, self.now, step, reason)
        };
        tables::intent_trace::insert(conn, &row)
    }

    /// Notes that a step went with its group, or with what else had waited.
    pub(super) fn told_together(
        &self,
        conn: &mut Connection,
        seq: i64,
        channel: ChannelId,
    ) -> Result<(), StoreError> {
        let reason = "What waited for the channel is told together.";
        self.trace(conn, (seq, TraceStep::Group), reason, &[channel.0])
    }

    /// Counts a message to the channel; true when that is one too many.
    fn is_too_much(
        &mut self,
        conn: &mut Connection,
        channel: ChannelId,
    ) -> Result<bool, StoreError> {
        if self.per_minute == 0 {
            return Ok(false);
        }
        let sent = match self.sent.get(&channel) {
            Some(sent) => *sent,
            None => tables::delivery::count_since(conn, channel, self.now.plus_ms(-MINUTE_MS))?,
        };
        self.sent.insert(channel, sent + 1);
        Ok(sent >= i64::from(self.per_minute))
    }

    fn trace(
        &self,
        conn: &mut Connection,
        (seq, step): (i64, TraceStep),
        reason: &str,
        objects: &[Uuid],
    ) -> Result<(), StoreError> {
        let row = NewTrace {
            objects: Json(objects.to_vec()),
            ..trace(seq, self.now, step, reason)
        };
        tables::intent_trace::insert(conn, &row)
    }
}

fn trace(seq: i64, now: UnixMs, step: TraceStep, reason: &str) -> NewTrace {
    NewTrace {
        intent_seq: seq,
        at: Moment(now),
        step: Word(step),
        outcome: Word(TraceOutcome::Told),
        reason: reason.to_owned(),
        objects: Json(Vec::new()),
    }
}
