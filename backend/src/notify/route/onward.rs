//! Where a message goes on to when its channel fails: to the next channel of those whom it was for, or to
//! the fall-back; never whether it failed.

use std::collections::BTreeMap;

use common::alert::Severity;
use common::api::deliveries::DeliveryState;
use common::api::preferences::{ChannelOrder, NotificationPreferences};
use common::ids::{ChannelId, UserId};
use common::time::UnixMs;

use super::person::refusal;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::delivery::{Carried, NewDelivery, Origin};
use crate::store::tables::intent::Told;
use crate::store::tables::{self, Blob, Moment};
use crate::store::{Connection, StoreError};

/// So many channels a message is passed on to by their fall-backs, one after the other.
const MOST_FALLBACKS: usize = 5;

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

/// A channel that a message goes on to.
#[derive(Debug)]
struct Next {
    channel: ChannelRow,
    /// The person for whom alone; `None`: as before.
    person: Option<UserId>,
}

/// Where messages go on to from one channel.
#[derive(Debug)]
pub(in crate::notify) struct Onward {
    failed: Failed,
    /// Those who want one channel after the other, this one among them.
    orders: Vec<(UserId, NotificationPreferences)>,
}

/// A delivery on its way.
struct Parcel {
    origin: Origin,
    carried: Vec<Carried>,
}

impl Onward {
    /// The ways from a channel.
    pub(in crate::notify) fn from(
        conn: &mut Connection,
        failed: Failed,
    ) -> Result<Self, StoreError> {
        let mut orders = tables::notification_preference::all(conn)?;
        orders.retain(|(_, wanted)| {
            let mut lists = Severity::ALL.iter().map(|it| wanted.channels(*it));
            wanted.channel_order == ChannelOrder::InOrder
                && lists.any(|list| list.contains(&failed.id))
        });
        Ok(Self { failed, orders })
    }

    /// Whether nothing can go on from there.
    pub(in crate::notify) fn leads_nowhere(&self) -> bool {
        self.failed.fallback.is_none() && self.orders.is_empty()
    }

    /// Whether a delivery would go on.
    pub(in crate::notify) fn takes(
        &self,
        conn: &mut Connection,
        seq: i64,
    ) -> Result<bool, StoreError> {
        if self.leads_nowhere() {
            return Ok(false);
        }
        let Some(parcel) = parcel(conn, seq)? else {
            return Ok(false);
        };
        Ok(!self.next(conn, &parcel)?.is_empty())
    }

    /// Gives what a delivery carries to the next channels.
    pub(in crate::notify) fn hand_on(
        &self,
        conn: &mut Connection,
        seq: i64,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let Some(parcel) = parcel(conn, seq)?.filter(|_| !self.leads_nowhere()) else {
            return Ok(());
        };
        for next in self.next(conn, &parcel)? {
            let row = NewDelivery {
                channel_id: Some(next.channel.id),
                channel_name: Some(next.channel.name),
                fallback_of: Some(seq),
                person_id: next.person.map(Blob).or(parcel.origin.person_id),
                ..NewDelivery::due(Moment(now), parcel.origin.changed_at)
            };
            tables::delivery::insert(conn, &row, &parcel.carried)?;
        }
        Ok(())
    }

    /// The next channel of each who has an order, each channel once. The fall-back has what nobody's
    /// order takes further, and what the channel was told for itself.
    fn next(&self, conn: &mut Connection, parcel: &Parcel) -> Result<Vec<Next>, StoreError> {
        let mut next: BTreeMap<ChannelId, Next> = BTreeMap::new();
        let mut is_taken = false;
        for (person, step) in self.by_order(conn, parcel)? {
            is_taken = true;
            if let Step::To(channel) = step {
                let person = Some(person);
                next.entry(channel.id.0).or_insert(Next { channel, person });
            }
        }
        if (!is_taken || parcel.origin.person_id.is_none())
            && let Some(channel) = self.fallback(conn, parcel)?
        {
            let person = None;
            next.entry(channel.id.0).or_insert(Next { channel, person });
        }
        Ok(next.into_values().collect())
    }

    /// How it goes on for each person whom it was for; nobody hears of what the person may not know.
    fn by_order(
        &self,
        conn: &mut Connection,
        parcel: &Parcel,
    ) -> Result<Vec<(UserId, Step)>, StoreError> {
        if self.orders.is_empty() {
            return Ok(Vec::new());
        }
        let mut told = Vec::new();
        for one in &parcel.carried {
            told.extend(tables::intent::told(conn, one.intent_seq)?);
        }
        let Some(worst) = told.iter().map(|one| one.step.severity.0).max() else {
            return Ok(Vec::new());
        };
        let people = tables::intent_trace::people_told(conn, &parcel.carried)?;
        let mut steps = Vec::new();
        for (person, wanted) in &self.orders {
            if !people.contains(person) || is_refused(conn, *person, &told)? {
                continue;
            }
            let channels = wanted.channels(worst).iter();
            for channel in channels.filter(|id| **id != self.failed.id) {
                if let Some(step) = step(conn, *channel, &told)? {
                    steps.push((*person, step));
                    break;
                }
            }
        }
        Ok(steps)
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
        let Some(to) = tables::channel::find(conn, fallback)?.filter(|to| to.enabled) else {
            return Ok(None);
        };
        let mut origin = Some(parcel.origin);
        for _ in 0..MOST_FALLBACKS {
            let Some(before) = origin else { break };
            if before.channel_id == Some(to.id) {
                return Ok(None);
            }
            origin = match before.fallback_of {
                Some(seq) => tables::delivery::origin(conn, seq)?,
                None => None,
            };
        }
        Ok(origin.is_none().then_some(to))
    }
}

/// How it goes on for a person.
enum Step {
    /// To this channel.
    To(ChannelRow),
    /// A channel of the person has it already.
    HasIt,
}

/// What becomes of it at that channel; `None`: it takes nothing, or failed as well.
fn step(
    conn: &mut Connection,
    channel: ChannelId,
    told: &[Told],
) -> Result<Option<Step>, StoreError> {
    let row = tables::channel::find(conn, channel)?;
    let Some(row) = row.filter(|row| row.enabled) else {
        return Ok(None);
    };
    let intents: Vec<_> = told.iter().map(|one| one.step.seq).collect();
    let sent = tables::delivery::states_of(conn, channel, &intents)?;
    let arrives = |state| matches!(state, DeliveryState::Due | DeliveryState::Delivered);
    if sent.iter().any(|(_, state)| !arrives(*state)) {
        return Ok(None);
    }
    let has = |intent: &i64| sent.iter().any(|(carried, _)| carried == intent);
    Ok(Some(if intents.iter().all(has) {
        Step::HasIt
    } else {
        Step::To(row)
    }))
}

fn parcel(conn: &mut Connection, seq: i64) -> Result<Option<Parcel>, StoreError> {
    let origin = tables::delivery::origin(conn, seq)?;
    let carried = tables::delivery::carried(conn, seq)?;
    Ok(origin.map(|origin| Parcel { origin, carried }))
}

/// Whether the person may not know of one of these any more.
fn is_refused(conn: &mut Connection, person: UserId, told: &[Told]) -> Result<bool, StoreError> {
    for one in told {
        let server = tables::server::find(conn, one.alert.server_id.0)?;
        let group = server.and_then(|server| server.group_name);
        if refusal(conn, person, group.as_deref())?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
