//! Where a message goes on to when its channel fails: to the next channel of each whom it was for, or to the
//! fall-back; never whether it failed.

use std::collections::{BTreeMap, BTreeSet};

use common::alert::Severity;
use common::api::deliveries::DeliveryState;
use common::api::preferences::{ChannelOrder, Digest, NotificationPreferences};
use common::ids::{ChannelId, UserId};
use common::time::UnixMs;

use super::address::may_be_told_at;
use super::person::refusal;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::delivery::{Carried, NewDelivery, Origin};
use crate::store::tables::intent::Told;
use crate::store::tables::notice::{self, NewNotice};
use crate::store::tables::{self, Blob, Moment};
use crate::store::{Connection, StoreError};

/// So many channels a message passes at most: more than a person may put in order.
const MOST_HOPS: usize = 32;

/// A channel that does not take a message.
#[derive(Debug, Clone, Copy)]
pub(in crate::notify) struct Failed {
    /// Which.
    pub(in crate::notify) id: ChannelId,
    /// What it falls back on.
    pub(in crate::notify) fallback: Option<ChannelId>,
}

impl From<&ChannelRow> for Failed {
    fn from(row: &ChannelRow) -> Self {
        Self {
            id: row.id.0,
            fallback: row.fallback_id.map(|id| id.0),
        }
    }
}

/// Where messages go on to from one channel.
#[derive(Debug)]
pub(in crate::notify) struct Onward {
    failed: Failed,
    /// Those who chose that channel, and how they are told.
    people: Vec<(UserId, NotificationPreferences)>,
    now: UnixMs,
}

/// A delivery that goes on, and the steps that it carries.
struct Parcel {
    /// Itself, what it was the fall-back of, and so on up to the first.
    chain: Vec<Origin>,
    carried: Vec<Carried>,
    told: Vec<Told>,
}

/// What is to be written for a delivery to go on.
#[derive(Debug)]
pub(in crate::notify) struct Way {
    seq: i64,
    changed_at: Moment,
    next: BTreeMap<ChannelId, Next>,
    later: Vec<NewNotice>,
}

/// A channel that a message goes on to.
#[derive(Debug)]
struct Next {
    channel: ChannelRow,
    /// The person for whom alone; `None`: for itself.
    person: Option<Blob<UserId>>,
    carried: Vec<Carried>,
}

/// How it goes on for a person.
enum Step {
    /// To this channel, with these steps.
    To(ChannelRow, Vec<Carried>),
    /// Another channel of the person has it, or will.
    HasIt,
    /// No channel of the person takes it any more.
    Nowhere,
}

/// How a channel stands to a message in this round of telling it.
enum Stand {
    /// It takes nothing, or failed as well.
    Fails,
    /// It has all of it, or will.
    HasIt,
    /// It takes what it does not have.
    Takes(ChannelRow, Vec<Carried>),
}

impl Onward {
    /// The ways from a channel.
    pub(in crate::notify) fn from(
        conn: &mut Connection,
        failed: Failed,
        now: UnixMs,
    ) -> Result<Self, StoreError> {
        let mut people = tables::notification_preference::all(conn)?;
        people.retain(|(_, wanted)| {
            let mut lists = Severity::ALL.iter().map(|it| wanted.channels(*it));
            lists.any(|list| list.contains(&failed.id))
        });
        Ok(Self {
            failed,
            people,
            now,
        })
    }

    /// Whether nothing can go on from there.
    pub(in crate::notify) fn leads_nowhere(&self) -> bool {
        let is_ordered =
            |wanted: &NotificationPreferences| wanted.channel_order == ChannelOrder::InOrder;
        self.failed.fallback.is_none() && !self.people.iter().any(|(_, wanted)| is_ordered(wanted))
    }

    /// How a delivery goes on; `None` when it does not.
    pub(in crate::notify) fn way(
        &self,
        conn: &mut Connection,
        seq: i64,
    ) -> Result<Option<Way>, StoreError> {
        if self.leads_nowhere() {
            return Ok(None);
        }
        let Some(parcel) = parcel(conn, seq)? else {
            return Ok(None);
        };
        let mut way = Way {
            seq,
            changed_at: parcel.origin().changed_at,
            next: BTreeMap::new(),
            later: Vec::new(),
        };
        let mut needs_fallback = parcel.origin().person_id.is_none();
        let steps = self.steps(conn, &parcel)?;
        needs_fallback |= steps.is_empty();
        for (person, until, step) in steps {
            match step {
                Step::Nowhere => needs_fallback = true,
                Step::HasIt => {}
                Step::To(channel, carried) => way.add(channel, carried, (person, until)),
            }
        }
        if needs_fallback && let Some(channel) = self.fallback(conn, &parcel)? {
            let next = Next {
                person: parcel.origin().person_id,
                carried: parcel.carried,
                channel,
            };
            way.next.insert(next.channel.id.0, next);
        }
        let is_any = !way.next.is_empty() || !way.later.is_empty();
        Ok(is_any.then_some(way))
    }

    /// How it goes on for each whom it was for, and until when the person wants quiet. Nobody hears of
    /// what the person may not know.
    fn steps(
        &self,
        conn: &mut Connection,
        parcel: &Parcel,
    ) -> Result<Vec<(UserId, Option<UnixMs>, Step)>, StoreError> {
        let told_to = tables::intent_trace::people_told(conn, &parcel.carried)?;
        let mut steps = Vec::new();
        for (person, wanted) in self.people.iter().filter(|(id, _)| told_to.contains(id)) {
            let told = known_to(conn, *person, &parcel.told)?;
            let Some(worst) = told.iter().map(|one| one.step.severity.0).max() else {
                continue;
            };
            let list = wanted.channels(worst);
            if list.contains(&self.failed.id) {
                let step = match wanted.channel_order {
                    // The others have it on their own.
                    ChannelOrder::AllAtOnce => Step::Nowhere,
                    ChannelOrder::InOrder => self.step(conn, parcel, (*person, list), &told)?,
                };
                steps.push((*person, quiet_until(wanted, worst, self.now), step));
            }
        }
        Ok(steps)
    }

    fn step(
        &self,
        conn: &mut Connection,
        parcel: &Parcel,
        (person, list): (UserId, &[ChannelId]),
        told: &[&Told],
    ) -> Result<Step, StoreError> {
        let is_own = parcel.origin().person_id == Some(Blob(person));
        let mut is_before = true;
        for channel in list {
            if *channel == self.failed.id {
                is_before = false;
                continue;
            }
            match stand(conn, *channel, told, parcel.since())? {
                Stand::Fails => {}
                Stand::HasIt => return Ok(Step::HasIt),
                // The message was for others: this person is told by an earlier channel.
                Stand::Takes(..) if is_before && !is_own => return Ok(Step::HasIt),
                Stand::Takes(row, carried) => return Ok(Step::To(row, carried)),
            }
        }
        Ok(Step::Nowhere)
    }

    /// The channel that this one falls back on; `None` when there is none that takes messages, or the
    /// message has been there.
    fn fallback(
        &self,
        conn: &mut Connection,
        parcel: &Parcel,
    ) -> Result<Option<ChannelRow>, StoreError> {
        let Some(fallback) = self.failed.fallback else {
            return Ok(None);
        };
        let to = tables::channel::find(conn, fallback)?.filter(|to| to.enabled);
        let mut passed = parcel.chain.iter().map(|before| before.channel_id);
        let was_there = passed.any(|channel| channel == Some(Blob(fallback)));
        Ok(to.filter(|_| !was_there && parcel.chain.len() < MOST_HOPS))
    }
}

impl Way {
    fn add(
        &mut self,
        channel: ChannelRow,
        carried: Vec<Carried>,
        (person, until): (UserId, Option<UnixMs>),
    ) {
        if let Some(until) = until {
            let notice = |one: Carried| NewNotice {
                channel_id: channel.id,
                group_key: notice::key_of_person(person),
                intent_seq: one.intent_seq,
                alert_id: one.alert_id,
                due_at: Moment(until),
                repeat_seconds: 0,
                again: false,
                grouped: false,
                held: false,
                person_id: Some(Blob(person)),
            };
            self.later.extend(carried.into_iter().map(notice));
            return;
        }
        let next = self.next.entry(channel.id.0).or_insert_with(|| Next {
            channel,
            person: Some(Blob(person)),
            carried: Vec::new(),
        });
        let added: BTreeMap<_, _> = carried.into_iter().map(|it| (it.intent_seq, it)).collect();
        next.carried
            .retain(|it| !added.contains_key(&it.intent_seq));
        next.carried.extend(added.into_values());
        next.carried.sort_by_key(|it| it.intent_seq);
    }

    /// Writes it down.
    pub(in crate::notify) fn go(
        self,
        conn: &mut Connection,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        for next in self.next.into_values() {
            let row = NewDelivery {
                channel_id: Some(next.channel.id),
                channel_name: Some(next.channel.name),
                fallback_of: Some(self.seq),
                person_id: next.person,
                ..NewDelivery::due(Moment(now), self.changed_at)
            };
            tables::delivery::insert(conn, &row, &next.carried)?;
        }
        for notice in &self.later {
            notice::insert(conn, notice)?;
        }
        Ok(())
    }
}

impl Parcel {
    fn origin(&self) -> &Origin {
        &self.chain[0]
    }

    /// When the first of the chain was composed: what was sent before belongs to an earlier round.
    fn since(&self) -> Moment {
        self.chain[self.chain.len() - 1].created_at
    }
}

fn parcel(conn: &mut Connection, seq: i64) -> Result<Option<Parcel>, StoreError> {
    let mut chain = Vec::new();
    let mut at = Some(seq);
    while let Some(seq) = at.filter(|_| chain.len() < MOST_HOPS) {
        let origin = tables::delivery::origin(conn, seq)?;
        at = origin.and_then(|origin| origin.fallback_of);
        chain.extend(origin);
    }
    let carried = tables::delivery::carried(conn, seq)?;
    let mut told = Vec::new();
    for one in &carried {
        told.extend(tables::intent::told(conn, one.intent_seq)?);
    }
    let is_there = !chain.is_empty() && !told.is_empty();
    Ok(is_there.then_some(Parcel {
        chain,
        carried,
        told,
    }))
}

/// Those of the steps that the person may know.
fn known_to<'a>(
    conn: &mut Connection,
    person: UserId,
    told: &'a [Told],
) -> Result<Vec<&'a Told>, StoreError> {
    let mut known = Vec::new();
    for one in told {
        let server = tables::server::find(conn, one.alert.server_id.0)?;
        let group = server.and_then(|server| server.group_name);
        if refusal(conn, person, group.as_deref())?.is_none() {
            known.push(one);
        }
    }
    Ok(known)
}

/// Until when the person wants quiet; `None`: may be told now. A digest that failed has had its time.
fn quiet_until(wanted: &NotificationPreferences, worst: Severity, now: UnixMs) -> Option<UnixMs> {
    let wanted = NotificationPreferences {
        digest: Digest::Off,
        ..wanted.clone()
    };
    Some(may_be_told_at(&wanted, worst, now)).filter(|at| *at > now)
}

/// How a channel stands to these steps since the round began.
fn stand(
    conn: &mut Connection,
    channel: ChannelId,
    told: &[&Told],
    since: Moment,
) -> Result<Stand, StoreError> {
    let row = tables::channel::find(conn, channel)?;
    let Some(row) = row.filter(|row| row.enabled) else {
        return Ok(Stand::Fails);
    };
    let intents: Vec<_> = told.iter().map(|one| one.step.seq).collect();
    let sent = tables::delivery::states_of(conn, channel, &intents, since)?;
    let arrives = |state| matches!(state, DeliveryState::Due | DeliveryState::Delivered);
    if sent.iter().any(|(_, state)| !arrives(*state)) {
        return Ok(Stand::Fails);
    }
    let mut has: BTreeSet<_> = sent.into_iter().map(|(intent, _)| intent).collect();
    has.extend(notice::waiting_of(conn, channel, &intents)?);
    let missing = told.iter().filter(|one| !has.contains(&one.step.seq));
    let missing: Vec<_> = missing.map(|one| Carried::of(one)).collect();
    Ok(if missing.is_empty() {
        Stand::HasIt
    } else {
        Stand::Takes(row, missing)
    })
}
