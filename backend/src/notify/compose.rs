//! Due intents into deliveries, all in one transaction; never how a delivery is sent.
//!
//! Each intent is told in the inboxes at once, and becomes one delivery for each channel that it
//! goes to. A channel that a rule names but that cannot be used gets a delivery that ends with the
//! reason when its turn comes, so that the log says why nothing came.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use common::api::deliveries::DeliveryState;
use common::ids::{ChannelId, RuleId};
use common::time::UnixMs;

use super::in_app::Inboxes;
use super::inbox::InboxChanged;
use super::route::{Plans, Sending, escalations, notices};
use crate::alerts::noise::{Turn, weigh};
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::delivery::{Carried, NewDelivery};
use crate::store::tables::{Blob, Moment};
use crate::store::{Connection, StoreError, tables};

/// What composing brought.
#[derive(Debug)]
pub(super) struct Composed {
    /// How many intents were looked at, or whatever else was more.
    pub(super) worked: usize,
    /// What has to be shown to whom.
    pub(super) inbox: Vec<InboxChanged>,
}

/// What composing goes by.
#[derive(Debug)]
pub(super) struct By {
    /// What holds alerts back, and where they go.
    pub(super) plans: Plans,
    /// How many messages a channel gets in a minute before they are put together; 0: any.
    pub(super) messages_per_minute: u32,
}

/// Works through up to `limit` due intents: each is told, held back or dropped. What was put off
/// and is due goes with them.
pub(super) fn compose(
    conn: &mut Connection,
    by: &By,
    now: UnixMs,
    limit: i64,
) -> Result<Composed, StoreError> {
    if !is_due(conn, now)? {
        return Ok(Composed {
            worked: 0,
            inbox: Vec::new(),
        });
    }
    let due = tables::intent::due(conn, now, limit)?;
    let mut turn = Turn::new(by.plans.present.when_writing(conn, now)?, now);
    let mut sending = Sending {
        routing: by.plans.routing(conn, now)?,
        channels: tables::channel::all(conn)?,
        now,
        per_minute: by.messages_per_minute,
        sent: HashMap::new(),
    };
    let mut inboxes = Inboxes::read(conn)?;
    let mut chosen = Chosen::default();
    let intents = due.len();
    for seq in due {
        let Some((told, subject)) = weigh(conn, &mut turn, seq)? else {
            continue;
        };
        tables::intent::consume(conn, seq, now)?;
        inboxes.tell(conn, &told)?;
        let (now, changed_at) = (Moment(now), told.step.at);
        let in_app = NewDelivery::due(now, changed_at).ended(DeliveryState::Delivered, now, None);
        tables::delivery::insert(conn, &in_app, &[Carried::of(&told)])?;
        let named = chosen.of(conn, told.alert.rule_id.0)?;
        sending.tell(conn, (&told, &subject), named)?;
    }
    let notices = notices(conn, &sending, &mut turn, limit)?;
    let steps = escalations(conn, &mut sending, &mut turn, limit)?;
    let inbox = inboxes.changes(conn)?;
    Ok(Composed {
        worked: intents.max(notices).max(steps),
        inbox,
    })
}

/// Whether there is something to compose.
pub(super) fn is_due(conn: &mut Connection, now: UnixMs) -> Result<bool, StoreError> {
    Ok(!tables::intent::due(conn, now, 1)?.is_empty()
        || tables::notice::is_due(conn, now)?
        || tables::escalation::is_due(conn, now)?)
}

/// A delivery that goes to a channel. One that takes nothing, or is gone, gets it as well: what becomes
/// of it then is decided when its turn comes.
pub(super) fn delivery(
    id: ChannelId,
    channels: &[ChannelRow],
    (now, changed_at): (Moment, Moment),
) -> NewDelivery {
    let known = channels.iter().find(|channel| channel.id.0 == id);
    NewDelivery {
        channel_id: Some(Blob(id)),
        channel_name: known.map(|channel| channel.name.clone()),
        ..NewDelivery::due(now, changed_at)
    }
}

/// The channels that rules name, each rule read once.
#[derive(Debug, Default)]
struct Chosen(HashMap<RuleId, Vec<ChannelId>>);

impl Chosen {
    /// Those of a rule; none when it names none or is gone.
    fn of(&mut self, conn: &mut Connection, rule: RuleId) -> Result<&[ChannelId], StoreError> {
        let named = match self.0.entry(rule) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let row = tables::rule::find(conn, rule)?;
                let named = row.map_or_else(Vec::new, |row| row.definition.0.channels);
                unknown.insert(named.into_iter().map(ChannelId).collect())
            }
        };
        Ok(named)
    }
}
