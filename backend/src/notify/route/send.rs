//! A message on its way to channels: at once, with its group, or when a person wants it; never over a network.

use std::collections::HashMap;
use std::sync::Arc;

use common::alert::{AlertChange, Target};
use common::ids::ChannelId;
use common::time::UnixMs;
use uuid::Uuid;

use super::plans::Routing;
use super::reach::{Reach, Reached};
use super::when::{When, again, when};
use crate::alerts::noise::Subject;
use crate::notify::compose::delivery;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::delivery::{Carried, NewDelivery};
use crate::store::tables::intent::Told;
use crate::store::tables::intent_trace::{NewTrace, TraceOutcome, TraceStep};
use crate::store::tables::notice::NewNotice;
use crate::store::tables::{self, Blob, Json, Moment, Word, notice};
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
        let change = told.step.change.0;
        let is_end = matches!(change, AlertChange::Acknowledged | AlertChange::Resolved);
        if is_end {
            self.forget_waiting(conn, told)?;
        }
        let mut reached = Reached::default();
        if named.is_empty() {
            self.reach_by_routes(conn, (told, subject), &mut reached)?;
        } else {
            let at = (told.step.seq, TraceStep::Route);
            self.trace(conn, at, "The rule names its channels.", &[])?;
            for channel in named {
                reached.add(*channel, When::Now(0), None);
            }
        }
        if is_end {
            self.reach_knowing(conn, told, &mut reached)?;
        }
        self.tell_all(conn, told, reached)
    }

    fn reach_by_routes(
        &self,
        conn: &mut Connection,
        (told, subject): (&Told, &Subject),
        reached: &mut Reached,
    ) -> Result<(), StoreError> {
        let (choices, _) = self.routing.routes.choose(subject, self.now);
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
                self.reach(conn, told, (*target, &when), reached)?;
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
        let mut reached = Reached::default();
        for target in targets {
            self.reach(conn, told, (*target, &When::Now(0)), &mut reached)?;
        }
        self.tell_all(conn, told, reached)
    }

    fn tell_all(
        &mut self,
        conn: &mut Connection,
        told: &Told,
        reached: Reached,
    ) -> Result<(), StoreError> {
        for reach in reached.into_channels() {
            self.tell_channel(conn, told, reach)?;
        }
        Ok(())
    }

    fn tell_channel(
        &mut self,
        conn: &mut Connection,
        told: &Told,
        reach: Reach,
    ) -> Result<(), StoreError> {
        let seq = told.step.seq;
        let Reach {
            channel,
            when,
            person,
        } = reach;
        let is_grouped = matches!(when, When::Grouped { .. });
        let (key, at, repeat_seconds) = match when {
            When::Now(repeat_seconds) if !self.is_too_much(conn, channel)? => {
                let row = NewDelivery {
                    person_id: person.map(Blob),
                    ..delivery(channel, &self.channels, (Moment(self.now), told.step.at))
                };
                tables::delivery::insert(conn, &row, &[Carried::of(told)])?;
                let key = told.alert.id.0.to_string();
                let notice = self.notice(told, (channel, key), repeat_seconds);
                return again(conn, notice, self.now);
            }
            When::Now(repeat_seconds) => {
                let reason = "The channel had many messages: it is told with others.";
                self.wait(conn, (seq, TraceStep::Rate), reason, channel)?;
                let next = notice::next_of_group(conn, channel, TOO_FAST)?;
                let own = self.now.plus_ms(MINUTE_MS);
                let at = next.map_or(own, |next| next.min(own));
                (TOO_FAST.to_owned(), at, repeat_seconds)
            }
            When::At(key, at) => (key, at, 0),
            When::Grouped {
                key,
                wait_ms,
                interval_ms,
                repeat_seconds,
            } => {
                let at = self.group_due(conn, (channel, &key), wait_ms, interval_ms)?;
                let reason = "It waits for its group.";
                self.wait(conn, (seq, TraceStep::Group), reason, channel)?;
                (key, at, repeat_seconds)
            }
        };
        let row = NewNotice {
            due_at: Moment(at),
            grouped: is_grouped,
            person_id: person.map(Blob),
            ..self.notice(told, (channel, key), repeat_seconds)
        };
        notice::insert(conn, &row)
    }

    /// When a group tells what joins it now. Nothing waits for what is held back, nor for longer
    /// than an interval: the clock may have been set back since the group was told.
    fn group_due(
        &self,
        conn: &mut Connection,
        (channel, key): (ChannelId, &str),
        wait_ms: i64,
        interval_ms: i64,
    ) -> Result<UnixMs, StoreError> {
        let next = notice::next_of_group(conn, channel, key)?;
        let after = notice::told_at(conn, channel, key)?.map(|at| at.plus_ms(interval_ms));
        let after = after.filter(|at| *at > self.now);
        let after = after.map(|at| at.min(self.now.plus_ms(interval_ms)));
        let own = after.unwrap_or(self.now.plus_ms(wait_ms));
        Ok(next.map_or(own, |next| next.min(own)))
    }

    /// After how many seconds a route that takes the alert now tells the channel again, under that
    /// key when it does so with a group; `None` when none does.
    pub(super) fn repeats(
        &self,
        subject: &Subject,
        (channel, key): (ChannelId, &str),
        is_grouped: bool,
    ) -> Option<u32> {
        let (choices, _) = self.routing.routes.choose(subject, self.now);
        let names = |target: &Target| match target {
            Target::AllChannels => true,
            Target::Channel { id } => *id == channel,
            Target::Person { .. } | Target::Schedule { .. } | Target::Policy { .. } => false,
        };
        let mut choices = choices.iter();
        choices.find_map(|choice| match when(choice, subject) {
            _ if !choice.targets.iter().any(names) => None,
            When::Now(seconds) => (seconds > 0 && !is_grouped).then_some(seconds),
            When::Grouped {
                key: own,
                repeat_seconds,
                ..
            } => (is_grouped && own == key).then_some(repeat_seconds),
            When::At(..) => None,
        })
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
            held: false,
            person_id: None,
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
        let sent = if let Some(sent) = self.sent.get(&channel) {
            *sent
        } else {
            let minute = (self.now.plus_ms(-MINUTE_MS), self.now);
            tables::delivery::count_between(conn, channel, minute)?
        };
        self.sent.insert(channel, sent + 1);
        Ok(sent >= i64::from(self.per_minute))
    }

    pub(super) fn trace(
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

pub(super) fn trace(seq: i64, now: UnixMs, step: TraceStep, reason: &str) -> NewTrace {
    NewTrace {
        intent_seq: seq,
        at: Moment(now),
        step: Word(step),
        outcome: Word(TraceOutcome::Told),
        reason: reason.to_owned(),
        objects: Json(Vec::new()),
    }
}
