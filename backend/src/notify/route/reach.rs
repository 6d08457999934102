//! Whom a step reaches: from targets to channels, each once and as soon as one of the ways has it; never sends.

use std::collections::BTreeSet;

use common::alert::{AlertChange, AlertState, Target};
use common::ids::{ChannelId, PolicyId, UserId};

use super::address::{Address, address};
use super::person::{Wish, refusal, wish};
use super::send::{Sending, trace};
use super::when::When;
use crate::store::tables::delivery::ToldChannel;
use crate::store::tables::escalation::NewEscalation;
use crate::store::tables::intent::Told;
use crate::store::tables::intent_trace::{NewTrace, TraceOutcome, TraceStep};
use crate::store::tables::{
    self, Blob, Json, Moment, Word, escalation, notice, notification_preference,
};
use crate::store::{Connection, StoreError};

/// A channel that is told.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    /// Which.
    pub(super) channel: ChannelId,
    /// When, and with which others.
    pub(super) when: When,
    /// The person for whom alone; `None`: it is told for itself.
    pub(super) person: Option<UserId>,
}

impl Reach {
    /// One that is told for itself goes before one that is told for a person, whose hours are not
    /// those of others; of two people the one goes who is told earlier.
    fn is_before(&self, other: &Self) -> bool {
        match (self.person, other.person) {
            (None, Some(_)) => true,
            (Some(_), Some(_)) => self.when.not_before() < other.when.not_before(),
            (_, None) => false,
        }
    }
}

/// All channels that a step reaches.
#[derive(Debug, Default)]
pub(super) struct Reached {
    channels: Vec<Reach>,
    /// People who were looked at.
    people: BTreeSet<UserId>,
}

impl Reached {
    /// Adds a channel; one that is there already is told once.
    pub(super) fn add(&mut self, channel: ChannelId, when: When, person: Option<UserId>) {
        let reach = Reach {
            channel,
            when,
            person,
        };
        let known = self.channels.iter_mut().find(|it| it.channel == channel);
        match known {
            Some(known) if reach.is_before(known) => *known = reach,
            Some(_) => {}
            None => self.channels.push(reach),
        }
    }

    /// The channels, in the order in which they were named.
    pub(super) fn into_channels(self) -> Vec<Reach> {
        self.channels
    }
}

impl Sending {
    /// Follows a target.
    pub(super) fn reach(
        &self,
        conn: &mut Connection,
        told: &Told,
        (target, when): (Target, &When),
        reached: &mut Reached,
    ) -> Result<(), StoreError> {
        match address(target, &self.routing, self.now) {
            Address::Everywhere => {
                for channel in self.channels.iter().filter(|channel| channel.enabled) {
                    reached.add(channel.id.0, when.clone(), None);
                }
                Ok(())
            }
            Address::Channel(channel) => {
                reached.add(channel, when.clone(), None);
                Ok(())
            }
            Address::Person(person) => self.reach_person(conn, told, person, reached),
            Address::Policy(policy) => self.escalate(conn, told, policy, reached),
            Address::Nobody => {
                let reason = "Nobody is on call, or the policy or schedule is gone.";
                let at = (told.step.seq, TraceStep::Route);
                self.drop_with(conn, at, reason, Vec::new())
            }
        }
    }

    fn reach_person(
        &self,
        conn: &mut Connection,
        told: &Told,
        person: UserId,
        reached: &mut Reached,
    ) -> Result<(), StoreError> {
        reached.people.insert(person);
        let wish = wish(conn, told, (person, &self.channels), self.now)?;
        self.trace_wish(conn, told, person, &wish)?;
        for channel in wish.channels {
            reached.add(channel, wish.when.clone(), Some(person));
        }
        Ok(())
    }

    fn trace_wish(
        &self,
        conn: &mut Connection,
        told: &Told,
        person: UserId,
        wish: &Wish,
    ) -> Result<(), StoreError> {
        let row = NewTrace {
            outcome: Word(wish.outcome),
            objects: Json(vec![person.0]),
            ..trace(told.step.seq, self.now, TraceStep::Preference, wish.reason)
        };
        tables::intent_trace::insert(conn, &row)
    }

    /// Leaves those who know of the alert, and adds who knows and was not reached: that it was taken
    /// or is over goes there, whatever the routes say by now. Who was told as a person is told by
    /// that person's wishes, only who still may know, and by no channel that the person has left.
    pub(super) fn reach_knowing(
        &self,
        conn: &mut Connection,
        told: &Told,
        reached: &mut Reached,
    ) -> Result<(), StoreError> {
        let knowing = tables::delivery::told_channels(conn, told.alert.id.0)?;
        let knows = |channel| knowing.iter().any(|(known, _)| *known == channel);
        reached.channels.retain(|reach| knows(reach.channel));
        let is_new = |(channel, _): &&ToldChannel| {
            let mut channels = reached.channels.iter();
            channels.all(|reach| reach.channel != *channel)
        };
        let left: Vec<_> = knowing.iter().filter(is_new).copied().collect();
        for (channel, person) in left {
            let Some(person) = person else {
                reached.add(channel, When::Now(0), None);
                continue;
            };
            let wish = wish(conn, told, (person, &self.channels), self.now)?;
            if reached.people.insert(person) {
                self.trace_wish(conn, told, person, &wish)?;
            }
            let wanted = notification_preference::find(conn, person)?;
            let stays = wanted.is_some_and(|wanted| wanted.names(channel));
            if stays && wish.outcome != TraceOutcome::Dropped {
                reached.add(channel, wish.when, Some(person));
            }
        }
        Ok(())
    }

    /// What waits of an alert that was taken or is over waits no more: who was not told of it does
    /// not have to know, and nothing is told after its end.
    pub(super) fn forget_waiting(
        &self,
        conn: &mut Connection,
        told: &Told,
    ) -> Result<(), StoreError> {
        escalation::cancel(conn, told.alert.id.0, self.now)?;
        for row in notice::of_alert(conn, told.alert.id.0)? {
            notice::delete(conn, row.id)?;
            if !row.again {
                let reason = "It was over, or somebody had taken it, before its time came.";
                let at = (row.intent_seq, TraceStep::Group);
                self.drop_with(conn, at, reason, vec![row.channel_id.0.0])?;
            }
        }
        Ok(())
    }

    /// Whether what waits for a person is not told any more, which is then traced.
    pub(super) fn is_refused(
        &self,
        conn: &mut Connection,
        (person, group): (UserId, Option<&str>),
        intent_seq: i64,
    ) -> Result<bool, StoreError> {
        let Some(reason) = refusal(conn, person, group)? else {
            return Ok(false);
        };
        let at = (intent_seq, TraceStep::Preference);
        self.drop_with(conn, at, reason, vec![person.0])?;
        Ok(true)
    }

    /// Whatever is told first of an alert, and that it became worse, begins with the first step,
    /// unless the policy is at work already: then its next step tells what is new. That, and what
    /// else follows, goes to those whose step was reached.
    fn escalate(
        &self,
        conn: &mut Connection,
        told: &Told,
        policy: PolicyId,
        reached: &mut Reached,
    ) -> Result<(), StoreError> {
        let (alert, change) = (told.alert.id.0, told.step.change.0);
        let told_steps = escalation::told_steps(conn, alert, policy)?;
        if change.says_how_bad() && told.alert.state.0 == AlertState::Firing {
            if let Some(open) = escalation::open(conn, alert, policy)? {
                escalation::renew(conn, open, told.step.seq)?;
            } else if told_steps.is_empty() || change == AlertChange::Escalated {
                return self.begin(conn, told, policy);
            }
        }
        let steps = self.routing.policies.get(&policy);
        for step in told_steps {
            let at = usize::try_from(step).unwrap_or_default();
            let step = steps.and_then(|policy| policy.steps.get(at));
            for target in step.iter().flat_map(|step| &step.targets) {
                // A step names no policy: this goes no deeper.
                self.reach(conn, told, (*target, &When::Now(0)), reached)?;
            }
        }
        Ok(())
    }

    fn begin(
        &self,
        conn: &mut Connection,
        told: &Told,
        policy: PolicyId,
    ) -> Result<(), StoreError> {
        let steps = self.routing.policies.get(&policy);
        let Some(first) = steps.and_then(|policy| policy.steps.first()) else {
            return Ok(());
        };
        let reason = "An escalation policy begins.";
        let at = (told.step.seq, TraceStep::Escalation);
        self.trace(conn, at, reason, &[policy.0])?;
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

    fn drop_with(
        &self,
        conn: &mut Connection,
        (seq, step): (i64, TraceStep),
        reason: &str,
        objects: Vec<uuid::Uuid>,
    ) -> Result<(), StoreError> {
        let row = NewTrace {
            outcome: Word(TraceOutcome::Dropped),
            objects: Json(objects),
            ..trace(seq, self.now, step, reason)
        };
        tables::intent_trace::insert(conn, &row)
    }
}
