//! Due intents into deliveries, all in one transaction; never how a delivery is sent.
//!
//! Each intent is told in the inboxes at once, and becomes one delivery for each channel that it
//! goes to. A channel that a rule names but that cannot be used gets a delivery that is dropped with
//! the reason, so that the log says why nothing came.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use common::api::deliveries::DeliveryState;
use common::ids::{ChannelId, RuleId};
use common::time::UnixMs;

use super::in_app::Inboxes;
use super::inbox::InboxChanged;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::delivery::{Carried, NewDelivery};
use crate::store::tables::intent::Told;
use crate::store::tables::{Blob, Moment};
use crate::store::{Connection, StoreError, tables};

/// What composing brought.
#[derive(Debug)]
pub(super) struct Composed {
    /// How many intents were consumed.
    pub(super) intents: usize,
    /// What has to be shown to whom.
    pub(super) inbox: Vec<InboxChanged>,
}

/// Where an intent goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination<'a> {
    /// To a channel that takes messages.
    Channel(&'a ChannelRow),
    /// Nowhere: the channel is disabled.
    Disabled(&'a ChannelRow),
    /// Nowhere: there is no such channel any more.
    Gone(ChannelId),
}

/// Consumes up to `limit` due intents.
pub(super) fn compose(
    conn: &mut Connection,
    now: UnixMs,
    limit: i64,
) -> Result<Composed, StoreError> {
    let due = tables::intent::due(conn, now, limit)?;
    let intents = due.len();
    if due.is_empty() {
        return Ok(Composed {
            intents,
            inbox: Vec::new(),
        });
    }
    let channels = tables::channel::all(conn)?;
    let mut inboxes = Inboxes::read(conn)?;
    let mut chosen = Chosen::default();
    for seq in due {
        if !tables::intent::consume(conn, seq, now)? {
            continue;
        }
        let Some(told) = tables::intent::told(conn, seq)? else {
            continue;
        };
        inboxes.tell(conn, &told)?;
        let (now, changed_at) = (Moment(now), told.step.at);
        let in_app = NewDelivery::due(now, changed_at).ended(DeliveryState::Delivered, now, None);
        tables::delivery::insert(conn, &in_app, &[carried(&told)])?;
        let wanted = chosen.of(conn, told.alert.rule_id.0)?;
        for destination in destinations(wanted, &channels) {
            let delivery = delivery(destination, now, changed_at);
            tables::delivery::insert(conn, &delivery, &[carried(&told)])?;
        }
    }
    let inbox = inboxes.changes(conn)?;
    Ok(Composed { intents, inbox })
}

/// The channels that a rule names, or else all that are enabled.
pub(super) fn destinations<'a>(
    wanted: &[ChannelId],
    channels: &'a [ChannelRow],
) -> Vec<Destination<'a>> {
    if wanted.is_empty() {
        let enabled = channels.iter().filter(|channel| channel.enabled);
        return enabled.map(Destination::Channel).collect();
    }
    let each = wanted.iter().map(|id| {
        let channel = channels.iter().find(|channel| channel.id.0 == *id);
        match channel {
            Some(channel) if channel.enabled => Destination::Channel(channel),
            Some(channel) => Destination::Disabled(channel),
            None => Destination::Gone(*id),
        }
    });
    each.collect()
}

fn delivery(destination: Destination<'_>, now: Moment, changed_at: Moment) -> NewDelivery {
    let due = NewDelivery::due(now, changed_at);
    let to = |channel: &ChannelRow| NewDelivery {
        channel_id: Some(channel.id),
        channel_name: Some(channel.name.clone()),
        ..due.clone()
    };
    let dropped = |delivery: NewDelivery, reason: &str| {
        delivery.ended(DeliveryState::Dropped, now, Some(reason.to_owned()))
    };
    match destination {
        Destination::Channel(channel) => to(channel),
        Destination::Disabled(channel) => dropped(to(channel), "the channel is disabled"),
        Destination::Gone(id) => {
            let gone = NewDelivery {
                channel_id: Some(Blob(id)),
                ..due.clone()
            };
            dropped(gone, "the channel has been removed")
        }
    }
}

fn carried(told: &Told) -> Carried {
    Carried {
        intent_seq: told.step.seq,
        alert_id: told.step.alert_id,
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

#[cfg(test)]
mod tests {
    use common::api::channels::ChannelKind;
    use serde_json::Map;
    use uuid::Uuid;

    use super::*;
    use crate::store::tables::{Json, Word};

    fn channel(id: u128, enabled: bool) -> ChannelRow {
        let never = Moment(UnixMs(0));
        ChannelRow {
            id: Blob(ChannelId(Uuid::from_u128(id))),
            version: 1,
            name: format!("channel {id}"),
            kind: Word(ChannelKind::Webhook),
            config: Json(Map::new()),
            secrets: None,
            enabled,
            disabled_because: None,
            fallback_id: None,
            template_id: None,
            created_at: never,
            updated_at: never,
        }
    }

    #[test]
    fn a_rule_tells_its_channels_or_all_that_are_enabled() {
        let channels = [channel(1, true), channel(2, false), channel(3, true)];
        let check = |wanted: &[u128], expected: &[Destination]| {
            let ids: Vec<_> = wanted
                .iter()
                .map(|id| ChannelId(Uuid::from_u128(*id)))
                .collect();
            assert_eq!(destinations(&ids, &channels), expected, "{wanted:?}");
        };
        let [one, two, three] = &channels;
        check(
            &[],
            &[Destination::Channel(one), Destination::Channel(three)],
        );
        check(&[3], &[Destination::Channel(three)]);
        check(
            &[2, 9],
            &[
                Destination::Disabled(two),
                Destination::Gone(ChannelId(Uuid::from_u128(9))),
            ],
        );
    }
}
